// Writes dist/api-docs, the page at /api/docs: Swagger UI as it is published, and our own few lines around it.
import { build } from 'esbuild';
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const OWN = 'dashboard/src/api-docs';
const SWAGGER = 'node_modules/swagger-ui-dist';
const COPIED = [
  [SWAGGER, 'swagger-ui-bundle.js'],
  [SWAGGER, 'swagger-ui-bundle.js.LICENSE.txt'],
  [SWAGGER, 'LICENSE'],
  [SWAGGER, 'NOTICE'],
  [OWN, 'index.html'],
  [OWN, 'page.css'],
  ['dashboard/src', 'icon.svg'],
];
const EXTENSIONS = { 'image/svg+xml': 'svg', 'image/png': 'png', 'image/jpeg': 'jpg' };
/** A URL of data in a style sheet, in quotes or without. */
const DATA_URL =
  /url\((?:"data:([\w/+]+)[^,]*?(;base64)?,((?:\\.|[^"\\])*)"|data:([\w/+]+)(;base64),([^)]*))\)/g;

/** @param root of the repository */
export async function buildApiDocs(root) {
  const from = (...parts) => path.join(root, ...parts);
  const target = from('dist', 'api-docs');
  fs.rmSync(target, { recursive: true, force: true });
  fs.mkdirSync(target, { recursive: true });
  for (const [folder, file] of COPIED) fs.copyFileSync(from(folder, file), path.join(target, file));

  // The server's Content-Security-Policy is `default-src 'self'`: pictures within the style sheet become files.
  const css = fs
    .readFileSync(from(SWAGGER, 'swagger-ui.css'), 'utf8')
    .replace(
      DATA_URL,
      (_, quotedType, quotedBase64, quoted, type = quotedType, base64 = quotedBase64, data = quoted) => {
        const text = data.replace(/\\(.)/g, '$1');
        const bytes =
          base64 === undefined ? Buffer.from(decodeURIComponent(text)) : Buffer.from(text, 'base64');
        const name = `${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}.${EXTENSIONS[type]}`;
        fs.writeFileSync(path.join(target, name), bytes);
        return `url("./${name}")`;
      },
    );
  if (/url\(["']?data:/.test(css))
    throw new Error('swagger-ui.css holds data that api-docs.mjs does not find');
  fs.writeFileSync(path.join(target, 'swagger-ui.css'), css.replace(/\/\*# sourceMappingURL=.*\*\//, ''));

  await build({
    entryPoints: [from(OWN, 'start.ts')],
    outfile: path.join(target, 'start.js'),
    bundle: true,
    format: 'iife',
    target: 'es2022',
    logLevel: 'warning',
  });
}
