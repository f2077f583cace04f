import { parseTfGraph, type TfModel } from '../../../src/models/index.js';

/** A constant of a tiny graph; its name is its key. */
export interface TinyConstant {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  /** int32 by default for whole numbers in a list of axes, sizes and the like. */
  readonly dtype?: 'float32' | 'int32' | 'bool';
}

/** A node of a tiny graph: operator, inputs, attributes as the converter writes them. */
export type TinyNode = readonly [
  name: string,
  op: string,
  input: readonly string[],
  attr?: Readonly<Record<string, unknown>>,
];

/** Attributes in the form that protocol buffers have in JSON. */
export const attr = {
  int: (value: number) => ({ i: String(value) }),
  ints: (...values: number[]) => ({ list: { i: values.map(String) } }),
  flag: (value: boolean) => ({ b: value }),
  float: (value: number) => ({ f: value }),
  text: (value: string) => ({ s: Buffer.from(value).toString('base64') }),
  texts: (...values: string[]) => ({
    list: { s: values.map((value) => Buffer.from(value).toString('base64')) },
  }),
  type: (value: string) => ({ type: value }),
};

/** A whole number, or a list of them, as a constant. */
export function ints(...values: number[]): TinyConstant {
  return { shape: [values.length], values, dtype: 'int32' };
}

/** One number of rank 0. */
export function one(value: number, dtype: TinyConstant['dtype'] = 'int32'): TinyConstant {
  return { shape: [], values: [value], dtype };
}

/** Well mixed numbers around zero. */
export function mixed(...shape: number[]): TinyConstant {
  const count = shape.reduce((product, length) => product * length, 1);
  return {
    shape,
    values: Array.from({ length: count }, (_, i) => (((i * 7919) % 101) - 50) / 40),
    dtype: 'float32',
  };
}

/** A TF.js graph model with its text, as the command reads it from files. */
export function tinyGraph(parts: {
  readonly inputs: Readonly<Record<string, { shape: readonly number[]; type?: string }>>;
  readonly constants?: Readonly<Record<string, TinyConstant>>;
  readonly nodes: readonly TinyNode[];
  readonly outputs?: readonly string[];
}): { file: string; json: string; model: TfModel } {
  const constants = Object.entries(parts.constants ?? {});
  const node = [
    ...Object.entries(parts.inputs).map(([name, { shape, type }]) => ({
      name,
      op: 'Placeholder',
      attr: {
        dtype: { type: type ?? 'DT_FLOAT' },
        shape: { shape: { dim: shape.map((size) => ({ size: String(size) })) } },
      },
    })),
    ...constants.map(([name, { dtype }]) => ({
      name,
      op: 'Const',
      attr: {
        dtype: { type: { float32: 'DT_FLOAT', int32: 'DT_INT32', bool: 'DT_BOOL' }[dtype ?? 'float32'] },
      },
    })),
    ...parts.nodes.map(([name, op, input, attributes]) => ({ name, op, input, attr: attributes ?? {} })),
  ];
  const shards = Buffer.concat(
    constants.map(([, { values, dtype }]) => {
      if (dtype === 'bool') return Buffer.from(values);
      return Buffer.from((dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values)).buffer);
    }),
  );
  const json = JSON.stringify({
    format: 'graph-model',
    modelTopology: { node, versions: { producer: 1, minConsumer: 1 } },
    ...(parts.outputs && {
      signature: { outputs: Object.fromEntries(parts.outputs.map((name) => [name, { name }])) },
    }),
    weightsManifest: [
      {
        paths: ['shard.bin'],
        weights: constants.map(([name, { shape, dtype }]) => ({ name, shape, dtype: dtype ?? 'float32' })),
      },
    ],
  });
  return { file: 'model.json', json, model: { graph: parseTfGraph(json), shards } };
}
