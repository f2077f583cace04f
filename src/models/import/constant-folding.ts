import { refused, type Conversion } from './conversion.js';
import { isOpen } from './layout.js';
import { dataInputs, flagAttribute, typeAttribute, type TfNode } from './tfjs-graph.js';
import type { TfConstant } from './tfjs-weights.js';
import { stridedRange } from './strided-slice.js';

/** Constants that follow from others are small: shapes, axes, factors. Greater ones are left to the runtime. */
const ELEMENTS_MAX = 4096;

type Fold = (parts: readonly TfConstant[], node: TfNode) => TfConstant | undefined;

/**
 * The constant that a node makes, when all that it reads is constant or a shape: what converters leave of a batch that was open
 * (Shape, StridedSlice, Pack, Reshape). Undefined when it is none, or not one of these few forms.
 */
export function foldConstant(node: TfNode, conversion: Conversion): TfConstant | undefined {
  const inputs = dataInputs(node);
  if (node.op === 'Shape') {
    const value = conversion.value(inputs[0] ?? '');
    if (isOpen(conversion, value)) throw refused(node, 'it reads a size that is left open');
    return ints(value.shape);
  }
  const fold = FOLDS[node.op];
  if (fold === undefined) return undefined;
  const parts: TfConstant[] = [];
  for (const input of inputs) {
    const part = conversion.constantOf(input);
    if (part === undefined || part.data.length > ELEMENTS_MAX) return undefined;
    parts.push(part);
  }
  return fold(parts, node);
}

const FOLDS: Readonly<Record<string, Fold>> = {
  Pack: (parts) =>
    parts.every((part) => part.shape.length === 0)
      ? made(
          [parts.length],
          parts[0]!.dtype,
          parts.map(({ data }) => data[0]!),
        )
      : undefined,
  ConcatV2: (parts) => {
    const joined = parts.slice(0, -1);
    if (joined.some((part) => part.shape.length !== 1)) return undefined;
    const values = joined.flatMap(({ data }) => [...data]);
    return made([values.length], joined[0]!.dtype, values);
  },
  StridedSlice: ([source, ...bounds], node) => {
    if (source?.shape.length !== 1) return undefined;
    const [range] = stridedRange(node, source.shape, bounds);
    if (range === undefined) return undefined;
    const values = Array.from(
      { length: range.length },
      (_, i) => source.data[range.begin + i * range.stride]!,
    );
    return made(range.isDropped ? [] : [values.length], source.dtype, values);
  },
  GatherV2: ([source, indices, axis]) =>
    source?.shape.length === 1 && indices !== undefined && axis?.data[0] === 0
      ? made(
          indices.shape,
          source.dtype,
          [...indices.data].map((index) => source.data[index] ?? 0),
        )
      : undefined,
  Prod: ([source, axes], node) =>
    source?.shape.length === 1 && axes?.data.length === 1 && !flagAttribute(node, 'keep_dims')
      ? made([], source.dtype, [[...source.data].reduce((product, value) => product * value, 1)])
      : undefined,
  Cast: ([source], node) => {
    const dtype = typeAttribute(node, 'DstT');
    const change = { float32: (x: number) => x, int32: Math.trunc, bool: (x: number) => Number(x !== 0) }[
      dtype
    ];
    return source && made(source.shape, dtype, [...source.data].map(change));
  },
  Fill: ([dims, value]) => {
    const shape = [...(dims?.data ?? [])];
    const count = shape.reduce((product, length) => product * length, 1);
    return value !== undefined && count <= ELEMENTS_MAX
      ? made(shape, value.dtype, new Array<number>(count).fill(value.data[0]!))
      : undefined;
  },
  Range: ([start, limit, delta]) => {
    const [from, to, step] = [start?.data[0], limit?.data[0], delta?.data[0]];
    if (from === undefined || to === undefined || step === undefined || step === 0) return undefined;
    const length = Math.max(0, Math.ceil((to - from) / step));
    if (length > ELEMENTS_MAX) return undefined;
    return made(
      [length],
      start!.dtype,
      Array.from({ length }, (_, i) => from + i * step),
    );
  },
  ExpandDims: ([source, axis]) =>
    source?.shape.length === 0 && axis !== undefined ? { ...source, shape: [1] } : undefined,
  Squeeze: ([source]) =>
    source?.data.length === 1 && source.shape.length === 1 ? { ...source, shape: [] } : undefined,
  Reshape: ([source, shape]) => {
    if (source === undefined || shape === undefined || shape.data.includes(-1)) return undefined;
    return { ...source, shape: [...shape.data] };
  },
  Add: elementwise((a, b) => a + b),
  AddV2: elementwise((a, b) => a + b),
  Sub: elementwise((a, b) => a - b),
  Mul: elementwise((a, b) => a * b),
  FloorDiv: elementwise((a, b) => Math.floor(a / b)),
  Maximum: elementwise(Math.max),
  Minimum: elementwise(Math.min),
};

/** Equal shapes, or one of them a scalar. */
function elementwise(of: (a: number, b: number) => number): Fold {
  return ([a, b], node) => {
    if (a === undefined || b === undefined) return undefined;
    const isEqual = a.shape.join() === b.shape.join();
    if (!isEqual && a.shape.length > 0 && b.shape.length > 0) return undefined;
    // Dividing whole numbers by zero is for the runtime to judge.
    if (node.op === 'FloorDiv' && b.data.includes(0)) return undefined;
    const shape = a.shape.length > 0 ? a.shape : b.shape;
    const at = ({ shape: own, data }: TfConstant, i: number) => data[own.length === 0 ? 0 : i]!;
    const count = Math.max(a.data.length, b.data.length);
    return made(
      shape,
      a.dtype,
      Array.from({ length: count }, (_, i) => of(at(a, i), at(b, i))),
    );
  };
}

function made(shape: readonly number[], dtype: TfConstant['dtype'], values: readonly number[]): TfConstant {
  return { shape, dtype, data: dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values) };
}

function ints(values: readonly number[]): TfConstant {
  return made([values.length], 'int32', values);
}
