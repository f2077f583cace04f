import type { Detection, Letterbox, Size } from '../geometry/index.js';

/** A model output as it leaves the runtime: `data` is owned by the caller of the decode function. */
export interface OutputTensor {
  readonly data: Float32Array | BigInt64Array | Int32Array | Uint8Array;
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

/** What a detector takes in. Preparation (layout, order, range) follows from this alone. */
export interface DetectorInput {
  readonly name: string;
  readonly dtype: 'uint8' | 'float32';
  readonly layout: 'nhwc' | 'nchw';
  readonly order: 'rgb' | 'bgr';
  /** A fixed size, or `dynamic` where height and width may be any multiple of `stridePx`. */
  readonly size: Size | 'dynamic';
  readonly stridePx: number;
}

/** A family of detectors: what goes in, and how raw outputs become detections. */
export interface DetectorSpec {
  readonly family: string;
  readonly input: DetectorInput;
  readonly classes: readonly string[];
  /**
   * Detections in source pixels, best score first. Pure: keeps no reference to `outputs`.
   * @throws {AppError} `model/output-shape` when the outputs do not fit this spec
   */
  decode(outputs: Tensors, placed: Letterbox, options: DetectOptions): Detection[];
}
