import { convertTfjs, type TfModel } from './import-tfjs.js';
import type { GraphBuilder } from '../onnx/graph-builder.js';

/** Rises whenever the same source would give another file, so that caches are made anew. */
export const CENTERNET_IMPORT_VERSION = 2;

/** Class scores before the sigmoid, and distances from a centre to its box's sides. */
const SOURCE_OUTPUTS = ['tower_0/CenternetHead/centernet_cls_output/BiasAdd', 'tower_0/mul'];
const CELLS = ['height/4', 'width/4'];

/**
 * Converts the CenterNet of `@vladmandic/human` into Sightline's default detector, made to be cheap around the network:
 *
 * in    `image` float32 [1, 3, height, width], RGB 0..255; height and width are multiples of 32
 * out   `logits` float32 [1, height/4, width/4, 80]: score of each class before the sigmoid
 *       `best` float32 [1, height/4, width/4]: highest logit of each cell, so that decoding reads few cells
 *       `wh` float32 [1, height/4, width/4, 4]: left, top, right, bottom of the box from its centre, input px
 *
 * @returns the bytes of an `.onnx` file
 * @throws {AppError} `model/import-invalid`, `model/import-unsupported` when the source is another model
 */
export function importCenternet(source: TfModel): Uint8Array {
  const feed = (builder: GraphBuilder) => {
    builder.input('image', 'float32', [1, 3, 'height', 'width']);
    return 'image';
  };
  const { builder, outputs } = convertTfjs(source, feed, { outputs: SOURCE_OUTPUTS, dynamicSize: true });
  const [scores, sides] = outputs;
  const toNhwc = { perm: { ints: [0, 2, 3, 1] } };
  const logits = builder.node('Transpose', [scores!.name], toNhwc, 'logits');
  builder.node('ReduceMax', [logits], { axes: { ints: [3] }, keepdims: { int: 0 } }, 'best');
  builder.node('Transpose', [sides!.name], toNhwc, 'wh');
  builder.output('logits', [1, ...CELLS, scores!.shape[3]!]);
  builder.output('best', [1, ...CELLS]);
  builder.output('wh', [1, ...CELLS, 4]);
  return builder.build('centernet-coco', { 'sightline.name': 'centernet-coco' });
}
