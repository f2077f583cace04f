import { refused, type Conversion, type Emit, type Value } from './conversion.js';
import {
  fromTensorFlowOrder,
  inTensorFlowOrder,
  isOpen,
  onnxAxis,
  positiveAxis,
  refuseOpen,
  reshapeTo,
} from './layout.js';
import { stridedRange, type StridedRange } from './strided-slice.js';
import { intAttribute, type TfNode } from './tfjs-graph.js';

/** ONNX's number of the type int64, for Cast. */
const INT64 = 7;
/** Ends a slice that runs backwards at the very first element: -1 would be the last. */
const BEFORE_FIRST = -2147483648;

/** A part given by its begin and size, of which -1 is all that is left. */
export const slice: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  const [begins, sizes] = [1, 2].map((index) => conversion.constant(node, index).data);
  const ranges = input.shape.map((length, axis) => {
    const begin = begins![axis]!;
    const taken = sizes![axis] === -1 ? length - begin : sizes![axis]!;
    return { begin, length: taken, stride: 1, isDropped: false, isWhole: begin === 0 && taken === length };
  });
  return take(node, conversion, input, ranges);
};

/** A part given by begins, ends and strides, with masks. */
export const stridedSlice: Emit = (node, conversion) => {
  const input = conversion.input(node, 0);
  const bounds = [1, 2, 3].map((index) => conversion.constant(node, index));
  const ranges = stridedRange(node, input.shape, bounds);
  const taken = take(node, conversion, input, ranges);
  if (!ranges.some(({ isDropped }) => isDropped)) return taken;
  return reshapeTo(
    node,
    conversion,
    taken,
    taken.shape.filter((_, axis) => !ranges[axis]!.isDropped),
  );
};

function take(node: TfNode, conversion: Conversion, input: Value, ranges: readonly StridedRange[]): Value {
  const rank = input.shape.length;
  const cut = [...ranges.keys()].filter((axis) => !ranges[axis]!.isWhole);
  if (cut.length === 0) return input;
  if (isOpen(conversion, input) && cut.some((axis) => axis === 1 || axis === 2))
    throw refused(node, 'it cuts a feature map whose size is left open; import with the fixed size');
  const { graph } = conversion;
  const ends = cut.map((axis) => {
    const { begin, length, stride } = ranges[axis]!;
    const end = begin + length * stride;
    return end < 0 ? BEFORE_FIRST : end;
  });
  const name = graph.node('Slice', [
    input.name,
    graph.int64s(cut.map((axis) => ranges[axis]!.begin)),
    graph.int64s(ends),
    graph.int64s(cut.map((axis) => onnxAxis(axis, rank))),
    graph.int64s(cut.map((axis) => ranges[axis]!.stride)),
  ]);
  return { ...input, name, shape: ranges.map(({ length }) => length) };
}

/** Elements of a dimension by their numbers. */
export const gather: Emit = (node, conversion) => {
  const source = conversion.input(node, 0);
  const indices = conversion.input(node, 1);
  refuseOpen(node, conversion, source);
  refuseOpen(node, conversion, indices);
  if (intAttribute(node, 'batch_dims', 0) !== 0) throw refused(node, 'it gathers within batches');
  const axis = positiveAxis(
    node.op === 'GatherV2' ? conversion.constant(node, 2).data[0]! : 0,
    source.shape.length,
  );
  const inputs = [source, indices].map((value) => inTensorFlowOrder(value, conversion));
  const name = conversion.graph.node('Gather', inputs, { axis: { int: axis } });
  const shape = source.shape.toSpliced(axis, 1, ...indices.shape);
  return fromTensorFlowOrder(name, shape, source.dtype, conversion);
};

/** Elements, or parts, by their positions, which lie along the last dimension of the second input. */
export const gatherNd: Emit = (node, conversion) => {
  const { graph } = conversion;
  const source = conversion.input(node, 0);
  const positions = conversion.input(node, 1);
  refuseOpen(node, conversion, source);
  refuseOpen(node, conversion, positions);
  const numbers = graph.node('Cast', [inTensorFlowOrder(positions, conversion)], { to: { int: INT64 } });
  const name = graph.node('GatherND', [inTensorFlowOrder(source, conversion), numbers]);
  const shape = [...positions.shape.slice(0, -1), ...source.shape.slice(positions.shape.at(-1))];
  return fromTensorFlowOrder(name, shape, source.dtype, conversion);
};
