import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type Express } from 'express';
import { entryFile } from '../base/index.js';
import type { Access } from './access.js';
import { methodNotAllowed, notBuilt, notFound } from './problem.js';

/** The page at `/api/docs`, on which the API can be read and tried: static files, built by `scripts/api-docs.mjs`. */
export function serveApiDocs(
  app: Express,
  access: Access,
  folder = fileURLToPath(entryFile(import.meta.url, '../api-docs')),
): void {
  const files = express.static(folder, {
    index: false,
    redirect: false,
    setHeaders: (response) => response.set('Cache-Control', 'no-cache'),
  });
  app.use(
    '/api/docs',
    (request, response, next) => {
      access.authorise(request, 'dashboard');
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.set('Allow', 'GET, HEAD');
        throw methodNotAllowed(['GET', 'HEAD']);
      }
      if (!existsSync(path.join(folder, 'index.html'))) throw notBuilt('the page has');
      // Its own addresses are relative, so that it can stand behind a proxy's path.
      const [asked = ''] = request.originalUrl.split('?');
      if (request.path !== '/') next();
      else if (asked.endsWith('/')) response.redirect(308, '../docs');
      else
        response
          .set('Cache-Control', 'no-cache')
          .sendFile('index.html', { root: folder, cacheControl: false });
    },
    files,
    () => {
      throw notFound();
    },
  );
}
