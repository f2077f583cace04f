import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * The URL of a worker's or child process's entry file beside the importing module. When the importer runs
 * as TypeScript source (in tests), the compiled twin in `dist/` is named instead: Node runs no TypeScript.
 *
 * @param importerUrl `import.meta.url` of the caller
 * @param relative for example `./worker.js`
 */
export function entryFile(importerUrl: string, relative: string): URL {
  const beside = new URL(relative, importerUrl);
  if (existsSync(beside)) return beside;
  return pathToFileURL(fileURLToPath(beside).replace(/([\\/])src([\\/])(?!.*[\\/]src[\\/])/, '$1dist$2'));
}
