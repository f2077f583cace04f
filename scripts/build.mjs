// Builds dist/: the server's TypeScript, file by file, and the dashboard. Types are checked by
// `npm run typecheck`, not here. With --if-changed it does nothing when dist/ is newer than every source.
import { build } from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { buildApiDocs } from './api-docs.mjs';

const ROOT = path.dirname(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname));
const STAMP = path.join(ROOT, 'dist', '.built');
const INPUTS = ['src', 'dashboard', 'scripts/build.mjs', 'scripts/api-docs.mjs', 'package-lock.json'];

function filesUnder(target) {
  if (!fs.existsSync(target)) return [];
  if (fs.statSync(target).isFile()) return [target];
  return fs
    .readdirSync(target, { withFileTypes: true })
    .flatMap((entry) => filesUnder(path.join(target, entry.name)));
}

function isUpToDate() {
  if (!fs.existsSync(STAMP)) return false;
  const builtMs = fs.statSync(STAMP).mtimeMs;
  const known = fs.readFileSync(STAMP, 'utf8');
  const files = INPUTS.flatMap((input) => filesUnder(path.join(ROOT, input)));
  return known === String(files.length) && files.every((file) => fs.statSync(file).mtimeMs <= builtMs);
}

if (process.argv.includes('--if-changed') && isUpToDate()) process.exit(0);

const startedMs = Date.now();
const sources = filesUnder(path.join(ROOT, 'src')).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.d.ts'),
);
await build({
  entryPoints: sources,
  outbase: path.join(ROOT, 'src'),
  outdir: path.join(ROOT, 'dist'),
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
});
if (fs.existsSync(path.join(ROOT, 'dashboard', 'vite.config.mjs'))) {
  const vite = await import('vite');
  await vite.build({
    root: path.join(ROOT, 'dashboard'),
    configFile: path.join(ROOT, 'dashboard', 'vite.config.mjs'),
    logLevel: 'warn',
  });
}
await buildApiDocs(ROOT);
const count = INPUTS.flatMap((input) => filesUnder(path.join(ROOT, input))).length;
fs.writeFileSync(STAMP, String(count));
if (process.stderr.isTTY)
  process.stderr.write(`built in ${((Date.now() - startedMs) / 1000).toFixed(1)} s\n`);
