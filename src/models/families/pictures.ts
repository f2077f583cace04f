import type { TensorDescription } from '../check-model.js';
import type { DetectorInput, PerChannel } from '../detector-spec.js';
import { defaultInput, inputSize } from './detector-family.js';
import { isFixed, mayBe } from './shapes.js';

/** Mean and deviation of ImageNet's pictures, which most backbones were trained with, in bytes. */
export const IMAGENET = {
  mean: [0.485 * 255, 0.456 * 255, 0.406 * 255],
  std: [0.229 * 255, 0.224 * 255, 0.225 * 255],
} as const satisfies Record<string, PerChannel>;

/** Bytes become 0..1. */
export const UNIT_RANGE = { mean: [0, 0, 0], std: [255, 255, 255] } as const satisfies Record<
  string,
  PerChannel
>;

/** Types of tensors that a picture can be. */
const PICTURE_TYPES = new Set(['float', 'float16', 'uint8']);

/** Whether a tensor may be one picture of three planes. Open axes may be anything. */
export function isPicture({ dims, type }: TensorDescription): boolean {
  return PICTURE_TYPES.has(type) && mayBe(dims, [1, 3, '*', '*']);
}

/** An RGB input of planes with its size; the rest is the family's. */
export function planeInput(tensor: TensorDescription, stridePx: number): DetectorInput {
  return { ...defaultInput(tensor), size: inputSize(tensor, 'nchw'), stridePx };
}

/** The input stretched over a square: over its own size, or where that is open over the one that the family was trained with. */
export function stretchedInput(tensor: TensorDescription, trainedPx: number): DetectorInput {
  const input = planeInput(tensor, 2);
  const size = input.size === 'dynamic' ? { widthPx: trainedPx, heightPx: trainedPx } : input.size;
  return { ...input, size, fit: 'stretch' };
}

/** Whether dimensions may be these, or are not told at all. */
export function mayBeOrUnknown(dims: TensorDescription['dims'], wanted: readonly (number | '*')[]): boolean {
  return dims.length === 0 || mayBe(dims, wanted);
}

/** A dimension's length, where it is known. */
export function fixedLength(dim: number | string | undefined): number | undefined {
  return isFixed(dim) ? dim : undefined;
}
