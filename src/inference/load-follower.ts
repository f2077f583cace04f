import { createHash } from 'node:crypto';
import path from 'node:path';
import { checkModel, prepareFollower, recogniseFollower, type FollowerDescription } from '../models/index.js';
import { ofModel, readModelFile } from './load-model.js';

/** The two files of a follower. */
export interface FollowerSource {
  /** `template.onnx`, or NanoTrack's backbone. */
  readonly templatePath: string;
  /** `search.onnx`, or NanoTrack's head. */
  readonly searchPath: string;
}

/** A follower that was read and understood. */
export interface LoadedFollower {
  /** `name@sha256:` and the first 12 hex digits of the hash of both files. */
  readonly version: string;
  readonly description: FollowerDescription;
  /** The prepared models; shared by all workers, only read. */
  readonly template: SharedArrayBuffer;
  readonly search: SharedArrayBuffer;
}

/**
 * Reads a follower's two files and finds out what they are.
 * @throws {AppError} `model/*`, naming the file
 */
export async function loadFollower({ templatePath, searchPath }: FollowerSource): Promise<LoadedFollower> {
  const [first, second] = [await readModelFile(templatePath), await readModelFile(searchPath)];
  const [ofFirst, ofSecond] = [checked(templatePath, first), checked(searchPath, second)];
  try {
    const description = recogniseFollower(ofFirst, ofSecond);
    const { template, search } = prepareFollower(first, second, description);
    const hash = createHash('sha256').update(first).update(second).digest('hex').slice(0, 12);
    const name = ofFirst.metadata['sightline.name'] ?? path.basename(templatePath, '.onnx');
    return {
      version: `${name}@sha256:${hash}`,
      description,
      template: shared(template),
      search: shared(search),
    };
  } catch (error) {
    throw ofModel(templatePath, error);
  }
}

function checked(modelPath: string, bytes: Uint8Array) {
  try {
    return checkModel(bytes);
  } catch (error) {
    throw ofModel(modelPath, error);
  }
}

function shared(bytes: Uint8Array): SharedArrayBuffer {
  const copy = new SharedArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return copy;
}
