import type { Detection, Letterbox, Size } from '../geometry/index.js';

/** A model output as it leaves the runtime: `data` is owned by the caller of the decode function. */
export interface OutputTensor {
  /** Half precision comes as the bits of its numbers, in a Uint16Array. */
  readonly data: Float32Array | BigInt64Array | Int32Array | Uint8Array | Uint16Array;
  readonly dims: readonly number[];
}

/** Model outputs by name. */
export type Tensors = Readonly<Record<string, OutputTensor>>;

/** Which detections a caller wants. */
export interface DetectOptions {
  /** Detections scored lower are not returned, 0..1. */
  readonly scoreMin: number;
  /** Highest IoU that two detections of one label may have, for families that need suppression. */
  readonly iouMax: number;
  /** At most so many detections, best first. */
  readonly countMax: number;
}

/** One number for each colour channel, in the order in which the model has them. */
export type PerChannel = readonly [number, number, number];

/** What a detector takes in. Preparation follows from this alone. */
export interface DetectorInput {
  readonly name: string;
  readonly dtype: 'uint8' | 'float32' | 'float16';
  /** `chw`: a picture by itself, not in a batch. */
  readonly layout: 'nhwc' | 'nchw' | 'chw';
  readonly order: 'rgb' | 'bgr';
  /** The model wants `(byte - mean) / std`; bytes as they are with 0 and 1. */
  readonly mean: PerChannel;
  readonly std: PerChannel;
  /** A fixed size, or `dynamic` where height and width may be any multiple of `stridePx`. */
  readonly size: Size | 'dynamic';
  readonly stridePx: number;
  /** Whether the picture keeps its aspect within a border, or is stretched over a fixed input. */
  readonly fit: 'letterbox' | 'stretch';
  /** Where a letterboxed picture lies. */
  readonly anchor: 'centre' | 'top-left';
  /** Grey of the border, 0..255. */
  readonly border: number;
}

/** What is known of a detector from its file: plain data, so that it can be sent to a worker. */
export interface DetectorDescription {
  readonly family: string;
  readonly input: DetectorInput;
  readonly classes: readonly string[];
  /** Further inputs, which get the same values with every picture. */
  readonly constants: readonly ConstantInput[];
  /** How long the outputs are may depend on the picture: their memory cannot be used again. */
  readonly outputsVary?: boolean;
  /** What else the family's decoding must know, for example the names of its outputs. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

/** An input that is not the picture, and what to give it. */
export interface ConstantInput {
  readonly name: string;
  readonly type: 'int64' | 'float32' | 'int32';
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

/**
 * Raw outputs become detections in source pixels, best score first. Pure: keeps no reference to `outputs`.
 * @throws {AppError} `model/output-shape` when the outputs do not fit
 */
export type DecodeDetections = (
  outputs: Tensors,
  placed: Letterbox,
  options: DetectOptions,
  description: DetectorDescription,
) => Detection[];
