import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { makeWeightsConstant } from './onnx/constant-weights.js';
import { GraphBuilder } from './onnx/graph-builder.js';
import { ModelProtoSchema } from './onnx/gen/onnx_pb.js';
import type { DetectorDescription, DetectorInput } from './detector-spec.js';

/** The inputs of a prepared detector: planes of an I420 picture, uint8, NCHW. */
export const PLANES = ['sightline_y', 'sightline_u', 'sightline_v'] as const;

// BT.601 limited range to full-range RGB (ITU-R BT.601-7): luma is 16..235, chroma 16..240 around 128.
const LUMA_BLACK = 16;
const CHROMA_ZERO = 128;
const LUMA = 255 / 219;
const CHROMA_TO_RGB = [
  [0, 1.402 * (255 / 224)],
  [-0.344136 * (255 / 224), -0.714136 * (255 / 224)],
  [1.772 * (255 / 224), 0],
] as const;

const ONNX_TYPE = { float32: 1, uint8: 2, float16: 10 } as const;

/**
 * Puts the way from a decoded picture to the model's own input into the graph, in front of it. The result takes the planes of an
 * I420 picture (BT.601, limited range) of the input's size, {@link PLANES}: uint8 [1, 1, height, width] and twice
 * [1, 1, height/2, width/2]; outputs stay as they are. Chroma is taken as it is for each 2×2 pixels; colours outside of RGB
 * are not clipped for float models. JavaScript then only copies bytes, half as many as RGB has.
 *
 * @param model bytes that {@link checkModel} accepted; only read
 * @returns the bytes of the prepared model
 */
export function prepareDetector(model: Uint8Array, description: DetectorDescription): Uint8Array {
  const proto = fromBinary(ModelProtoSchema, model);
  makeWeightsConstant(proto);
  const graph = proto.graph!;
  const { input, constants } = description;
  const head = new GraphBuilder('sightline_');
  declarePlanes(head, input);
  pictureFrom(head, input);
  for (const { name, type, dims, values } of constants) head.constant(name, type, dims, values);
  const made = fromBinary(ModelProtoSchema, head.build('head')).graph!;
  const given = new Set([input.name, ...constants.map(({ name }) => name)]);
  graph.input = [...made.input, ...graph.input.filter(({ name }) => !given.has(name))];
  graph.initializer.push(...made.initializer);
  graph.node = [...made.node, ...graph.node];
  return toBinary(ModelProtoSchema, proto);
}

function declarePlanes(head: GraphBuilder, { size }: DetectorInput): void {
  const [luma, u, v] = PLANES;
  const isOpen = size === 'dynamic';
  head.input(luma, 'uint8', [1, 1, isOpen ? 'luma_h' : size.heightPx, isOpen ? 'luma_w' : size.widthPx]);
  const chroma = [isOpen ? 'chroma_h' : size.heightPx / 2, isOpen ? 'chroma_w' : size.widthPx / 2];
  for (const name of [u, v]) head.input(name, 'uint8', [1, 1, ...chroma]);
}

/** Nodes that make the model's own input, under its own name, out of the planes. */
function pictureFrom(head: GraphBuilder, input: DetectorInput): void {
  const { mean, std } = input.dtype === 'uint8' ? ({ mean: [0, 0, 0], std: [1, 1, 1] } as const) : input;
  const rows = input.order === 'rgb' ? CHROMA_TO_RGB : [...CHROMA_TO_RGB].reverse();
  const [luma, u, v] = PLANES;
  const toFloat = { to: { int: ONNX_TYPE.float32 } };
  // One operator turns two chroma planes into what they add to each of the 2×2 pixels' three channels.
  const kernel = [0, 1].flatMap((plane) =>
    rows.flatMap((row, channel) => new Array<number>(4).fill(row[plane as 0 | 1] / std[channel]!)),
  );
  const bias = rows.map(
    (row, channel) =>
      (-LUMA * LUMA_BLACK - (row[0] + row[1]) * CHROMA_ZERO - mean[channel]!) / std[channel]! +
      (input.dtype === 'uint8' ? 0.5 : 0),
  );
  const chroma = head.node('Cast', [head.node('Concat', [u, v], { axis: { int: 1 } })], toFloat);
  const spread = head.node(
    'ConvTranspose',
    [chroma, head.floats([2, 3, 2, 2], Float32Array.from(kernel)), head.floats([3], Float32Array.from(bias))],
    { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } },
  );
  const gain = head.floats(
    [1, 3, 1, 1],
    Float32Array.from(std, (value) => LUMA / value),
  );
  const grey = head.node('Mul', [head.node('Cast', [luma], toFloat), gain]);
  let picture = head.node('Add', [spread, grey]);
  if (input.dtype === 'uint8') {
    // Max and Min broadcast in every opset from 8 on; Clip changed its form in 11.
    picture = head.node('Max', [picture, head.floats([1], Float32Array.of(0))]);
    picture = head.node('Min', [picture, head.floats([1], Float32Array.of(255))]);
  }
  if (input.layout === 'nhwc') picture = head.node('Transpose', [picture], { perm: { ints: [0, 2, 3, 1] } });
  // Gather with one index drops the batch's axis in every opset; Squeeze changed its form in 13.
  if (input.layout === 'chw') {
    const first = head.unique('first');
    head.constant(first, 'int64', [], [0]);
    picture = head.node('Gather', [picture, first], { axis: { int: 0 } });
  }
  const cast = { to: { int: ONNX_TYPE[input.dtype] } };
  head.node(
    input.dtype === 'float32' ? 'Identity' : 'Cast',
    [picture],
    input.dtype === 'float32' ? {} : cast,
    input.name,
  );
}
