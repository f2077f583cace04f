import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, toAppError } from '../base/index.js';
import {
  checkModel,
  MODEL_BYTES_MAX,
  prepareDetector,
  recogniseDetector,
  type DetectorDescription,
  type DetectorInput,
  type Precision,
} from '../models/index.js';

/** What is known of a model by its file. */
export interface ModelFacts {
  readonly name: string;
  /** `name@sha256:` and the first 12 hex digits of the file's hash. */
  readonly version: string;
  /** Of detectors, see `models/families`. */
  readonly family: string;
  readonly labels: readonly string[];
  readonly input: DetectorInput;
  readonly precision: Precision;
}

/** A model file that was read and understood. */
export interface LoadedModel {
  readonly facts: ModelFacts;
  readonly description: DetectorDescription;
  /** The prepared model, which takes I420 planes; shared by all workers, only read. */
  readonly bytes: SharedArrayBuffer;
}

/** A detector's file as it is. */
export interface DetectorFile {
  readonly name: string;
  readonly precision: Precision;
  readonly bytes: Uint8Array;
  readonly description: DetectorDescription;
}

/**
 * Reads a detector's file and finds out what it is.
 *
 * @param family the one that the user says it is, instead of finding out
 * @throws {AppError} `model/*`, naming the file
 */
export async function readDetector(modelPath: string, family?: string): Promise<DetectorFile> {
  const bytes = await readModelFile(modelPath);
  const { metadata, precision, description } = understood(modelPath, bytes, family);
  const name = metadata['sightline.name'] ?? path.basename(modelPath, '.onnx');
  return { name, precision, bytes, description };
}

/**
 * Reads the file of any model, unless it is too large for one.
 * @throws {AppError} `model/not-found`, `model/too-large`
 */
export async function readModelFile(modelPath: string): Promise<Buffer> {
  const found = await stat(modelPath).catch(() => undefined);
  if (found?.isFile() !== true)
    throw new AppError('model/not-found', 'not-found', `There is no model file ${modelPath}.`);
  if (found.size > MODEL_BYTES_MAX)
    throw new AppError(
      'model/too-large',
      'input',
      `${modelPath} has ${found.size} bytes; 512 MiB are the limit.`,
    );
  return readFile(modelPath);
}

/**
 * Reads a model once: what is checked here is what the workers run, whatever becomes of the file.
 *
 * @param family the one that the user says it is, instead of finding out
 * @throws {AppError} as {@link readDetector}
 */
export async function loadModel(modelPath: string, family?: string): Promise<LoadedModel> {
  const { name, precision, bytes: file, description } = await readDetector(modelPath, family);
  const hash = createHash('sha256').update(file).digest('hex').slice(0, 12);
  const prepared = prepareDetector(file, description);
  const bytes = new SharedArrayBuffer(prepared.byteLength);
  new Uint8Array(bytes).set(prepared);
  const facts = {
    name,
    version: `${name}@sha256:${hash}`,
    family: description.family,
    labels: description.classes,
    input: description.input,
    precision,
  };
  return { facts, description, bytes };
}

/** What a model file says of itself; errors name the file. */
function understood(modelPath: string, file: Buffer, family: string | undefined) {
  try {
    const checked = checkModel(file);
    const { metadata, precision } = checked;
    return { metadata, precision, description: recogniseDetector(checked, family) };
  } catch (error) {
    throw ofModel(modelPath, error);
  }
}

/** What is wrong with a model, in one line that names the file. */
export function ofModel(modelPath: string, error: unknown): AppError {
  const { code, kind, message } = toAppError(error);
  const line = message.replace(/\s+/g, ' ').trim();
  return new AppError(code, kind, line.startsWith(modelPath) ? line : `${modelPath}: ${line}`, {
    cause: error,
  });
}
