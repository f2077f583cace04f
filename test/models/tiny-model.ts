import { GraphBuilder } from '../../src/models/onnx/graph-builder.js';

/** A whole ONNX model that turns bytes into floats, of any output shape that a test wants to claim. */
export function tinyModel(options: {
  readonly output?: string;
  readonly inputDims?: readonly (number | string)[];
}): Uint8Array {
  const { output = 'pixels', inputDims = [1, 'height', 'width', 3] } = options;
  const builder = new GraphBuilder();
  builder.input('image', 'uint8', inputDims);
  builder.node('Cast', ['image'], { to: { int: 1 } }, output);
  builder.output(output, inputDims);
  return builder.build('tiny', { 'sightline.name': 'tiny' });
}
