import type { ModelDescription } from '../check-model.js';
import type { DetectorInput } from '../detector-spec.js';
import { cellCount, isFixed } from './shapes.js';

/** The feature maps that YOLO models have been published with. */
export const STRIDES_PX = [8, 16, 32] as const;
const ALL_STRIDES_PX = [STRIDES_PX, [4, 8, 16, 32], [8, 16, 32, 64]];

/** Whether a graph has any of these operators. */
export function has({ operators }: ModelDescription, ...types: readonly string[]): boolean {
  return types.some((type) => operators.includes(type));
}

/** Whether the graph itself picks the detections. */
export function picks(model: ModelDescription): boolean {
  return has(model, 'TopK', 'NonMaxSuppression');
}

/**
 * Whether an output's axis has a place for each cell of the feature maps, so often as said. Of an open axis only the graph says
 * so: it has a feature pyramid, which needs enlarging, and no operator that picks rows.
 */
export function hasCells(
  model: ModelDescription,
  { size }: DetectorInput,
  length: number | string | undefined,
  perCell: readonly number[],
  strides: readonly (readonly number[])[] = ALL_STRIDES_PX,
): boolean {
  if (!isFixed(length)) return has(model, 'Resize', 'Upsample', 'ConvTranspose') && !picks(model);
  if (size === 'dynamic') return false;
  return strides.some((levels) => perCell.some((times) => cellCount(size, levels) * times === length));
}
