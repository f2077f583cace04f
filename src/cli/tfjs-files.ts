import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, messageOf, toAppError } from '../base/index.js';
import { MODEL_BYTES_MAX, parseTfGraph, type TfModel } from '../models/index.js';

/** Largest `model.json`, bytes: it holds operators and names, no weights. */
const JSON_BYTES_MAX = 64 * 1024 * 1024;

/** A TF.js model as it was read. */
export interface TfjsFiles {
  /** The path of its `model.json`. */
  readonly file: string;
  readonly json: string;
  readonly model: TfModel;
}

/**
 * Reads a TF.js graph model: `source` is its `model.json`, or the folder of one. Weights are read from this folder and those below
 * alone: names that lead out of it, and links in it, are refused, as are files that are none.
 *
 * @throws {AppError} `model/not-found`, `model/too-large`, `model/import-invalid`, `model/import-unsupported`; each names the file
 */
export async function readTfjs(source: string): Promise<TfjsFiles> {
  const file = await modelJsonPath(source);
  const json = (await readWhole(file, JSON_BYTES_MAX)).toString('utf8');
  let graph: TfModel['graph'];
  try {
    graph = parseTfGraph(json);
  } catch (error) {
    const { code, kind, message } = toAppError(error);
    throw new AppError(code, kind, `${file}: ${message}`, { cause: error });
  }
  const folder = path.dirname(file);
  const shards: Buffer[] = [];
  let left = MODEL_BYTES_MAX;
  for (const shard of graph.shardPaths) {
    const bytes = await readWhole(await shardPath(folder, shard), left);
    shards.push(bytes);
    left -= bytes.byteLength;
  }
  return { file, json, model: { graph, shards: Buffer.concat(shards) } };
}

async function modelJsonPath(source: string): Promise<string> {
  const found = await realpath(source).catch(() => undefined);
  const info = found === undefined ? undefined : await stat(found);
  if (found === undefined || info === undefined)
    throw new AppError('model/not-found', 'not-found', `There is no ${source}.`);
  if (!info.isDirectory()) return found;
  const inside = path.join(found, 'model.json');
  if ((await stat(inside).catch(() => undefined))?.isFile() === true) return inside;
  const isSavedModel = (await stat(path.join(found, 'saved_model.pb')).catch(() => undefined)) !== undefined;
  throw new AppError(
    'model/not-found',
    'not-found',
    isSavedModel
      ? `${source} is a TensorFlow SavedModel. Convert it with tensorflowjs_converter, or with tf2onnx to ONNX directly.`
      : `There is no model.json in ${source}; name the .json file itself if it is called otherwise.`,
  );
}

/** Where a shard of the manifest lies, once it is sure that this is within the folder and no link. */
async function shardPath(folder: string, shard: string): Promise<string> {
  const parts = shard.split('/');
  const isPlain = parts.every(
    (part) => part !== '' && part !== '.' && part !== '..' && !/[\\:\0]/.test(part),
  );
  if (!isPlain) throw forbidden(shard, 'is no plain path below the folder of model.json');
  const wanted = path.join(folder, ...parts);
  const found = await realpath(wanted).catch(() => undefined);
  if (found === undefined)
    throw new AppError('model/not-found', 'not-found', `The weight shard ${wanted} is missing.`);
  // The folder is a real path itself, so that any difference comes from a link below it.
  if (found !== wanted) throw forbidden(shard, 'is, or lies behind, a symbolic link');
  return wanted;
}

function forbidden(shard: string, why: string): AppError {
  return new AppError(
    'model/import-invalid',
    'input',
    `model.json names a weight shard ${JSON.stringify(shard)}, which ${why}. Put the shards beside model.json.`,
  );
}

/** Reads a regular file, not through a link and not without end. */
async function readWhole(file: string, bytesMax: number): Promise<Buffer> {
  // Without O_NONBLOCK, opening a pipe would wait for somebody who writes.
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      throw new AppError('model/not-found', 'not-found', `Cannot read ${file} (${messageOf(error)}).`, {
        cause: error,
      });
    },
  );
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw new AppError('model/import-invalid', 'input', `${file} is no regular file.`);
    if (info.size > bytesMax)
      throw new AppError(
        'model/too-large',
        'input',
        `${file} has ${info.size} bytes; ${bytesMax} are left of what is allowed.`,
      );
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
