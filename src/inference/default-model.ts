import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import { AppError, messageOf, type Log } from '../base/index.js';
import {
  CENTERNET_IMPORT_VERSION,
  checkModel,
  importCenternet,
  parseTfGraph,
  recogniseDetector,
} from '../models/index.js';

const PACKAGE = '@vladmandic/human';

/** Where the default detector is kept, and who is told of its conversion. */
export interface DefaultDetectorOptions {
  /** Where converted models are kept; {@link defaultCacheDir} when absent. */
  readonly cacheDir?: string;
  /** Called with what is being done, when there is something to do. */
  readonly onProgress?: (what: string) => void;
  readonly log: Log;
}

/** `SIGHTLINE_CACHE_DIR`, or `sightline` within the user's cache folder (XDG Base Directory). */
export function defaultCacheDir(env: Readonly<Record<string, string | undefined>>): string {
  return (
    env['SIGHTLINE_CACHE_DIR'] ??
    path.join(env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'sightline')
  );
}

/**
 * The path of the default detector as an ONNX file. Converts it from the npm package on the first call, and again when the
 * package, the importer or the file in the cache changed. Several processes may call it at once.
 *
 * @throws {AppError} `model/default-missing` when the npm package is not installed; `model/cache-unwritable`; `model/import-*`
 */
export async function ensureDefaultDetector(options: DefaultDetectorOptions): Promise<string> {
  const cacheDir = options.cacheDir ?? defaultCacheDir(process.env);
  const source = await readSource();
  const key = createHash('sha256')
    .update(`importer ${CENTERNET_IMPORT_VERSION}\n`)
    .update(source.topology)
    .update(source.shards)
    .digest('hex');
  const file = path.join(cacheDir, `centernet-coco-${key.slice(0, 16)}.onnx`);
  const problem = await problemWith(file);
  if (problem === undefined) return file;

  options.log.info({ file, problem }, 'converting the default detector');
  options.onProgress?.(`converting the default detector into ${file} (once)`);
  const model = importCenternet({ graph: parseTfGraph(source.topology.toString()), shards: source.shards });
  recogniseDetector(checkModel(model));
  try {
    await mkdir(cacheDir, { recursive: true });
    await replaceFile(checksumPath(file), sha256(model));
    await replaceFile(file, model);
  } catch (error) {
    throw new AppError(
      'model/cache-unwritable',
      'unavailable',
      `Cannot write the default detector to ${cacheDir} (${messageOf(error)}). Set SIGHTLINE_CACHE_DIR to a writable folder.`,
      { cause: error },
    );
  }
  return file;
}

async function readSource(): Promise<{ topology: Buffer; shards: Buffer }> {
  try {
    const { resolve } = createRequire(import.meta.url);
    const folder = path.join(packageRoot(resolve(PACKAGE)), 'models');
    const [topology, shards] = await Promise.all(
      ['centernet.json', 'centernet.bin'].map((name) => readFile(path.join(folder, name))),
    );
    return { topology: topology!, shards: shards! };
  } catch (error) {
    throw new AppError(
      'model/default-missing',
      'unavailable',
      `The default detector comes with the npm package ${PACKAGE}, which is not there: run npm ci (${messageOf(error)}).`,
      { cause: error },
    );
  }
}

/** The package's folder, from the path of any module in it. */
function packageRoot(entry: string): string {
  const inside = path.join('node_modules', ...PACKAGE.split('/'));
  return entry.slice(0, entry.lastIndexOf(inside) + inside.length);
}

/** Why the cached file cannot be used, or undefined when it can. The checksum also finds bits that flipped within weights. */
async function problemWith(file: string): Promise<string | undefined> {
  const [model, expected] = await Promise.all([
    readFile(file).catch(() => undefined),
    readFile(checksumPath(file), 'utf8').catch(() => undefined),
  ]);
  if (model === undefined) return 'not there yet';
  return sha256(model) === expected ? undefined : 'damaged';
}

function checksumPath(file: string): string {
  return `${file}.sha256`;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Writes a file so that others see the old or the new one, never a part. */
async function replaceFile(file: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${file}.${randomUUID()}.part`;
  try {
    await writeFile(temporary, content, { flush: true });
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
