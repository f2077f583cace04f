import { createHash } from 'node:crypto';
import path from 'node:path';
import { checkModel, recogniseScene, type SceneModel } from '../models/index.js';
import { ofModel, readModelFile } from './load-model.js';

/** A network that segments scenes, read and checked. */
export interface LoadedSceneModel {
  /** `name@sha256:` and the first 12 hex digits of the file's hash. */
  readonly version: string;
  readonly model: SceneModel;
  readonly bytes: Uint8Array;
}

/**
 * Reads a network that segments scenes, and finds out how it is used.
 * @throws {AppError} `model/*`, naming the file
 */
export async function loadSceneModel(modelPath: string): Promise<LoadedSceneModel> {
  const bytes = new Uint8Array(await readModelFile(modelPath));
  try {
    const description = checkModel(bytes);
    const name = description.metadata['sightline.name'] ?? path.basename(modelPath, '.onnx');
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
    return { version: `${name}@sha256:${hash}`, model: recogniseScene(description), bytes };
  } catch (error) {
    throw ofModel(modelPath, error);
  }
}
