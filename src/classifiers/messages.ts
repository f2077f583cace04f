import type { EncodedError } from '../base/index.js';
import type { Box } from '../geometry/index.js';
import type { ClassifierHead } from '../models/index.js';
import type { TrainingReport } from './train-head.js';

/** A picture to learn from; `label` is the number of its class, see `Grouped` for the others. */
export interface ExamplePicture {
  readonly jpeg: Uint8Array;
  readonly label: number;
  readonly clip: string;
  readonly track: string;
}

/** What the process that looks at pictures can be asked: arguments and result by name. */
export interface PictureTasks {
  /** Features of a picture, and their version. */
  features(picture: Uint8Array): { readonly features: Float32Array; readonly version: string };
  /** A picture as it is kept; `box` as shares of it. */
  keep(picture: Uint8Array, box?: Box): Uint8Array;
  /** How the object in a picture looks, as tracks' looks are, and the version of the network that says so. */
  embed(picture: Uint8Array, box?: Box): { readonly embedding: Float32Array; readonly model: string };
  train(
    examples: readonly ExamplePicture[],
    options: {
      readonly classes: readonly string[];
      readonly unsureBelow: number;
      readonly leastEach: number;
    },
  ): { readonly head: ClassifierHead; readonly report: TrainingReport };
  /** A classifier as an ONNX file. */
  toOnnx(
    head: ClassifierHead,
    facts: { readonly name: string; readonly version: number; readonly unsureBelow: number },
  ): Uint8Array;
}

/** A name of a task. */
export type TaskName = keyof PictureTasks;

/** To the process. */
export interface PictureRequest {
  readonly id: number;
  readonly task: TaskName;
  readonly args: readonly unknown[];
}

/** From the process, one for each request. */
export type PictureAnswer =
  { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: EncodedError };
