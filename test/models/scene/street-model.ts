import { GraphBuilder } from '../../../src/models/onnx/graph-builder.js';

/** Of Cityscapes' 19. */
const [ROAD, VEGETATION, SKY, CHANNELS] = [0, 8, 10, 19];

/**
 * A whole network that segments scenes by colour, in the form in which most are exported: a picture of any size as ImageNet's are prepared,
 * and logits of Cityscapes' classes out. What is much greener than red is vegetation, much bluer than green sky, and all else road.
 */
export function streetModel(): Uint8Array {
  const weights = new Float32Array(CHANNELS * 3);
  weights.set([-5, 5, 0], VEGETATION * 3);
  weights.set([0, -5, 5], SKY * 3);
  const bias = new Float32Array(CHANNELS).fill(-9);
  bias.set([0], ROAD);
  bias.set([-4], VEGETATION);
  bias.set([-4], SKY);
  const builder = new GraphBuilder();
  builder.input('pixel_values', 'float32', ['batch', 3, 'height', 'width']);
  const inputs = [
    'pixel_values',
    builder.floats([CHANNELS, 3, 1, 1], weights),
    builder.floats([CHANNELS], bias),
  ];
  builder.node('Conv', inputs, { kernel_shape: { ints: [1, 1] } }, 'logits');
  builder.output('logits', ['batch', CHANNELS, 'height', 'width']);
  return builder.build('street', { 'sightline.name': 'street' });
}
