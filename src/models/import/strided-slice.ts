import { refused } from './conversion.js';
import { intAttribute, type TfNode } from './tfjs-graph.js';
import type { TfConstant } from './tfjs-weights.js';

/** What a StridedSlice takes of one dimension. */
export interface StridedRange {
  readonly begin: number;
  /** Elements taken. */
  readonly length: number;
  readonly stride: number;
  /** Whether the dimension, of which one element is taken, vanishes. */
  readonly isDropped: boolean;
  /** Whether all of the dimension is taken, in order. */
  readonly isWhole: boolean;
}

/**
 * What a StridedSlice takes of each dimension of `shape`; `bounds` are its begins, ends and strides.
 *
 * @throws {AppError} `model/import-unsupported` where it adds dimensions or has an ellipsis in the middle
 */
export function stridedRange(
  node: TfNode,
  shape: readonly number[],
  bounds: readonly TfConstant[],
): StridedRange[] {
  const [begins, ends, strides] = bounds.map(({ data }) => [...data]);
  if (begins === undefined || ends === undefined || strides === undefined)
    throw refused(node, 'its bounds are missing');
  if (intAttribute(node, 'new_axis_mask', 0) !== 0) throw refused(node, 'it adds dimensions');
  const ellipsis = intAttribute(node, 'ellipsis_mask', 0);
  // Behind an ellipsis, bounds belong to the last dimensions.
  const ellipsisAt = ellipsis === 0 ? begins.length : Math.log2(ellipsis);
  const behind = begins.length - ellipsisAt - 1;
  if (!Number.isInteger(ellipsisAt) || begins.length - (ellipsis === 0 ? 0 : 1) > shape.length)
    throw refused(node, 'its bounds do not fit the shape');
  return shape.map((length, axis) => {
    const at =
      axis < ellipsisAt ? axis : axis >= shape.length - behind ? axis - shape.length + begins.length : -1;
    if (at === -1 || at >= begins.length) return whole(length);
    const has = (mask: string) => (intAttribute(node, mask, 0) & (1 << at)) !== 0;
    const stride = strides[at]!;
    if (stride === 0) throw refused(node, 'its stride is 0');
    const clamp = (index: number, low: number, high: number) =>
      Math.min(Math.max(index < 0 ? index + length : index, low), high);
    if (has('shrink_axis_mask')) {
      const begin = clamp(begins[at]!, 0, length - 1);
      return { begin, length: 1, stride: 1, isDropped: true, isWhole: length === 1 };
    }
    const [low, high] = stride > 0 ? [0, length] : [-1, length - 1];
    const begin = has('begin_mask') ? (stride > 0 ? 0 : length - 1) : clamp(begins[at]!, low, high);
    const end = has('end_mask') ? (stride > 0 ? length : -1) : clamp(ends[at]!, low, high);
    const taken = Math.max(0, Math.ceil((end - begin) / stride));
    return { begin, length: taken, stride, isDropped: false, isWhole: stride === 1 && taken === length };
  });
}

function whole(length: number): StridedRange {
  return { begin: 0, length, stride: 1, isDropped: false, isWhole: true };
}
