// Writes clients/typescript/src/gen, the types of the client, from the OpenAPI and AsyncAPI documents of the built server.
// Arrays of REST stay mutable: openapi-fetch maps read-only ones to objects.
// Run after a change of a route or a message: npm run build && node scripts/client.mjs
// With --check it only compares, and fails when the files are out of date.
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTypeScript, { astToString } from 'openapi-typescript';
import { asyncApiDocument } from '../dist/server/openapi/asyncapi-document.js';
import { openApiDocument } from '../dist/server/openapi/document.js';
import { routesOf } from '../dist/server/routes.js';

const FOLDER = fileURLToPath(new URL('../clients/typescript/src/gen/', import.meta.url));
const HEADER = '// Written by scripts/client.mjs from the documents of the server. Do not edit.\n\n';

const routes = routesOf({ access: {}, dependencies: { accounts: {} }, system: () => undefined });
/** Messages are JSON Schema, too: as parts of an OpenAPI document, one generator makes both. */
const messages = {
  openapi: '3.1.0',
  info: { title: 'messages', version: '1' },
  paths: {},
  components: { schemas: asyncApiDocument('', '').components.schemas },
};

let isCurrent = true;
for (const [name, document, isMessages] of [
  ['rest.ts', openApiDocument(routes, '', ''), false],
  ['messages.ts', messages, true],
]) {
  const text = HEADER + astToString(await openapiTypeScript(document, { immutable: isMessages }));
  const target = FOLDER + name;
  if (process.argv.includes('--check')) {
    isCurrent &&= fs.existsSync(target) && fs.readFileSync(target, 'utf8') === text;
  } else {
    fs.mkdirSync(FOLDER, { recursive: true });
    fs.writeFileSync(target, text);
  }
}
if (!isCurrent) {
  process.stderr.write('the types of the client are out of date: npm run build && node scripts/client.mjs\n');
  process.exitCode = 1;
}
