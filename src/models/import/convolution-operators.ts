import { activate } from './activations.js';
import { inputName, permute, refused, type Conversion, type Emit, type Value } from './conversion.js';
import { slidingWindow } from './sliding-window.js';
import { fusedOps, intsAttribute, textAttribute, type TfNode } from './tfjs-graph.js';
import type { TfConstant } from './tfjs-weights.js';

/** A constant of real numbers. */
type FloatConstant = TfConstant & { readonly data: Float32Array };

/** Channel counts that are no multiple of this keep ONNX Runtime from its blocked kernels, which are several times faster. */
const CHANNEL_MULTIPLE = 4;

/** Conv2D and its fused form: HWIO weights become OIHW. */
export const convolution: Emit = (node, conversion) => {
  const kernel = floatConstant(node, conversion, 1);
  const input = conversion.unscaledInput(node, 0);
  const channels = kernel.shape[3]!;
  const groups = input.shape[3]! / kernel.shape[2]!;
  const inputs = groups === 1 ? (input.storedChannels ?? kernel.shape[2]!) : kernel.shape[2]!;
  const outputs = groups === 1 && mayPad(node, conversion, channels) ? roundUp(channels) : channels;
  const weights = withChannels(permute(kernel, [3, 2, 0, 1]), outputs, inputs);
  return convolve(node, conversion, { input, weights, groups, channels });
};

/** Depthwise convolution: weights [h, w, channels, multiplier] become [channels × multiplier, 1, h, w], one group per channel. */
export const depthwiseConvolution: Emit = (node, conversion) => {
  const input = conversion.unscaledInput(node, 0);
  const moved = permute(floatConstant(node, conversion, 1), [2, 3, 0, 1]);
  const [inputs, multiplier, height, width] = moved.shape as [number, number, number, number];
  const channels = inputs * multiplier;
  const flat = { ...moved, shape: [channels, 1, height, width] };
  const groups = input.storedChannels ?? inputs;
  return convolve(node, conversion, {
    input,
    weights: withChannels(flat, groups * multiplier, 1),
    groups,
    channels,
  });
};

/**
 * Whether a node's output may carry further channels: all its readers must be convolutions, which give them zero
 * weights, so that their content does not matter.
 */
function mayPad(node: TfNode, conversion: Conversion, channels: number): boolean {
  const readers = conversion.readersOf(node);
  return (
    readers.length > 0 &&
    !conversion.isOutput(node) &&
    !fusedOps(node).includes('Prelu') &&
    readers.every((reader) => {
      if (!CHANNEL_MIXING.has(reader.op) && !DEPTHWISE.has(reader.op)) return false;
      const kernel = conversion.constantOf(inputName(reader, 1))?.shape;
      // Grouped convolutions read fewer channels than there are.
      if (kernel?.[2] !== channels) return false;
      if (CHANNEL_MIXING.has(reader.op)) return true;
      return kernel[3] === 1 && mayPad(reader, conversion, channels);
    })
  );
}

const CHANNEL_MIXING = new Set(['Conv2D', '_FusedConv2D']);
const DEPTHWISE = new Set(['DepthwiseConv2dNative', 'FusedDepthwiseConv2dNative']);

function roundUp(channels: number): number {
  return Math.ceil(channels / CHANNEL_MULTIPLE) * CHANNEL_MULTIPLE;
}

interface Convolution {
  readonly input: Value;
  readonly weights: FloatConstant;
  readonly groups: number;
  /** Output channels without padding. */
  readonly channels: number;
}

function convolve(
  node: TfNode,
  conversion: Conversion,
  { input, weights, groups, channels }: Convolution,
): Value {
  const { graph } = conversion;
  const fused = fusedOps(node);
  const storedChannels = weights.shape[0]!;
  const inputs = [input.name, graph.floats(weights.shape, scaled(weights.data, input.scale))];
  if (fused[0] === 'BiasAdd') {
    const bias = new Float32Array(storedChannels);
    bias.set(conversion.constant(node, 2).data);
    inputs.push(graph.floats([storedChannels], bias, 'bias'));
  }
  const kernel = weights.shape.slice(2);
  const window = slidingWindow(node, input, kernel, intsAttribute(node, 'dilations').slice(1, 3));
  const name = graph.node('Conv', inputs, { ...window.attributes, group: { int: groups } });
  const shape = [input.shape[0]!, ...window.size, channels];
  const value: Value = {
    name,
    shape,
    dtype: 'float32',
    ...(storedChannels > channels && { storedChannels }),
  };
  return activate(node, conversion, value, fused[0] === 'BiasAdd' ? fused.slice(1) : fused);
}

/** OIHW weights with zeros for further channels. */
function withChannels(weights: FloatConstant, outputs: number, inputs: number): FloatConstant {
  const [fromOutputs, fromInputs, height, width] = weights.shape as [number, number, number, number];
  if (fromOutputs === outputs && fromInputs === inputs) return weights;
  const area = height * width;
  const data = new Float32Array(outputs * inputs * area);
  for (let output = 0; output < fromOutputs; output++) {
    const at = output * fromInputs * area;
    data.set(weights.data.subarray(at, at + fromInputs * area), output * inputs * area);
  }
  return { ...weights, shape: [outputs, inputs, height, width], data };
}

function floatConstant(node: TfNode, conversion: Conversion, index: number): FloatConstant {
  const { data, ...constant } = conversion.constant(node, index);
  if (data instanceof Float32Array && constant.shape.length === 4) return { ...constant, data };
  throw refused(
    node,
    `its weights are ${constant.dtype} of rank ${constant.shape.length}, not float32 of rank 4`,
  );
}

function scaled(data: Float32Array, factor = 1): Float32Array {
  return factor === 1 ? data : data.map((weight) => weight * factor);
}

/** Transposed convolution, which spreads each pixel over a window: weights [h, w, outputs, inputs] become [inputs, outputs, h, w]. */
export const transposedConvolution: Emit = (node, conversion) => {
  const { graph } = conversion;
  const weights = permute(floatConstant(node, conversion, 1), [3, 2, 0, 1]);
  const input = conversion.input(node, 2);
  const asked = [...conversion.constant(node, 0).data];
  const strides = intsAttribute(node, 'strides').slice(1, 3);
  if (intsAttribute(node, 'dilations').some((length) => length !== 1)) throw refused(node, 'it is dilated');
  const padding = textAttribute(node, 'padding');
  if (padding !== 'SAME' && padding !== 'VALID')
    throw refused(node, `its padding is ${padding ?? 'not stated'}`);
  // What the windows cover beyond the output, which TensorFlow cuts off with the odd pixel behind.
  const excess = [0, 1].map(
    (axis) => (input.shape[axis + 1]! - 1) * strides[axis]! + weights.shape[axis + 2]! - asked[axis + 1]!,
  );
  const begin = excess.map((length) => Math.floor(Math.max(0, length) / 2));
  const end = excess.map((length, axis) => Math.max(0, length) - begin[axis]!);
  const name = graph.node('ConvTranspose', [input.name, graph.floats(weights.shape, weights.data)], {
    strides: { ints: strides },
    pads: { ints: [...begin, ...end] },
    output_padding: { ints: excess.map((length) => Math.max(0, -length)) },
  });
  return { name, shape: [input.shape[0]!, asked[1]!, asked[2]!, weights.shape[1]!], dtype: 'float32' };
};
