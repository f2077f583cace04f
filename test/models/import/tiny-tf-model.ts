import { parseTfGraph, type TfModel } from '../../../src/models/index.js';

interface TinyConstant {
  readonly name: string;
  readonly shape: readonly number[];
  /** As stored. */
  readonly values: readonly number[];
  readonly quantization?: { readonly dtype: 'uint8'; readonly scale: number; readonly min: number };
}

interface TinyNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly strides?: readonly [number, number];
  readonly padding?: string;
}

/** A TF.js graph model of a few nodes, as its converter would write it; its input is `x`. */
export function tinyTfModel(parts: {
  readonly input: readonly number[];
  readonly constants: readonly TinyConstant[];
  readonly nodes: readonly TinyNode[];
}): TfModel {
  const dim = parts.input.map((size) => ({ size: String(size) }));
  const node = [
    { name: 'x', op: 'Placeholder', attr: { shape: { shape: { dim } } } },
    ...parts.constants.map(({ name }) => ({ name, op: 'Const' })),
    ...parts.nodes.map(({ name, op, input, strides, padding }) => ({
      name,
      op,
      input,
      attr: {
        ...(strides && { strides: { list: { i: ['1', String(strides[0]), String(strides[1]), '1'] } } }),
        ...(padding !== undefined && { padding: { s: Buffer.from(padding).toString('base64') } }),
      },
    })),
  ];
  const weights = parts.constants.map(({ name, shape, quantization }) => ({
    name,
    shape,
    dtype: 'float32',
    ...(quantization && { quantization }),
  }));
  const shards = Buffer.concat(
    parts.constants.map(({ values, quantization }) =>
      quantization ? Buffer.from(values) : Buffer.from(Float32Array.from(values).buffer),
    ),
  );
  const json = JSON.stringify({
    format: 'graph-model',
    modelTopology: { node },
    weightsManifest: [{ paths: ['shard.bin'], weights }],
  });
  return { graph: parseTfGraph(json), shards };
}
