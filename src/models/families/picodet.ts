import type { Size } from '../../geometry/index.js';
import type { ModelDescription, TensorDescription } from '../check-model.js';
import type { ConstantInput, DetectorDescription, DetectorInput, PerChannel } from '../detector-spec.js';
import { Candidates } from './candidates.js';
import { classNames } from './class-names.js';
import { defaultInput, inputSize, type DetectorFamily } from './detector-family.js';
import { collectHeads, findHeads } from './distribution-heads.js';
import { finalCandidates, finalRowsOf } from './final-rows.js';
import { isFixed, mayBe, pictureInput } from './shapes.js';
import { floats } from './tensors.js';
import { has } from './yolo-marks.js';

const STRIDES_PX = [8, 16, 32, 64];
const IMAGENET_MEAN: PerChannel = [123.675, 116.28, 103.53];
const IMAGENET_STD: PerChannel = [58.395, 57.12, 57.375];
/** class, score, x1, y1, x2, y2 */
const FINAL_ROWS = { width: 6, labelAt: 0, scoreAt: 1, boxAt: 2 };

type Outputs = Pick<DetectorDescription, 'facts'> & { readonly classes: number };

/**
 * PaddleDetection's PicoDet and PP-YOLOE: with suppression ([M, 6] rows and their number), without it (boxes [1, N, 4], scores
 * [1, C, N]), and PicoDet without any postprocessing (scores and distances for each of four strides). RGB, stretched. PicoDet
 * wants ImageNet's mean and deviation, PP-YOLOE+ 0..1: told apart by PicoDet's hard swish. Boxes come in pixels of the original
 * picture: it is said to be the input (`scale_factor` 1, `im_shape` the input's size).
 */
export const picodet: DetectorFamily = {
  name: 'picodet',
  signature:
    'in [1, 3, h, w], perhaps scale_factor and im_shape [1, 2], out [n, 6] and [1], boxes [1, n, 4] and scores [1, classes, n], or for 4 strides [1, cells, classes] and [1, cells, 4 × bins]',
  describe(model) {
    const picture = pictureInput(model);
    if (picture === undefined) return undefined;
    const size = inputSize(picture, 'nchw');
    const further = model.inputs.filter((input) => input !== picture);
    const constants = further.flatMap((input) => constantFor(input, size) ?? []);
    const outputs = outputsOf(model, size, further.length > 0);
    if (outputs === undefined || constants.length !== further.length) return undefined;
    return {
      family: 'picodet',
      input: paddleInput(model, picture, size),
      classes: classNames(model.metadata, outputs.classes),
      constants,
      facts: outputs.facts,
    };
  },
  decode(outputs, placed, options, description) {
    const { facts } = description;
    const decoding = { placed, options, description };
    if (facts['output'] !== undefined)
      return finalCandidates(outputs, finalRowsOf(description), options.scoreMin).detections(decoding, true);
    if (facts['boxes'] === undefined)
      return collectHeads(outputs, placed, options, description, STRIDES_PX).detections(decoding);
    const boxes = floats(outputs, String(facts['boxes']), [1, '*', 4]);
    const count = boxes.length / 4;
    const scores = floats(outputs, String(facts['scores']), [1, description.classes.length, count]);
    const found = new Candidates();
    for (let at = 0; at < scores.length; at++) {
      if (!(scores[at]! >= options.scoreMin)) continue;
      const row = at % count;
      const [x1, y1, x2, y2] = boxes.subarray(row * 4, row * 4 + 4) as unknown as [
        number,
        number,
        number,
        number,
      ];
      found.add(row, Math.floor(at / count), scores[at]!, x1, y1, x2, y2);
    }
    return found.detections(decoding);
  },
};

function outputsOf(model: ModelDescription, size: Size | 'dynamic', isScaled: boolean): Outputs | undefined {
  const { outputs } = model;
  const rows = outputs.find(({ dims }) => dims.length === 2 && dims[1] === 6);
  const numbers = outputs.filter(({ dims }) => dims.length === 1);
  if (
    rows !== undefined &&
    outputs.length <= 2 &&
    outputs.length === 1 + numbers.length &&
    (isScaled || numbers.length > 0)
  )
    return { classes: 80, facts: { output: rows.name, ...FINAL_ROWS } };
  const heads = isScaled ? undefined : findHeads(model, size, STRIDES_PX);
  if (heads !== undefined) return heads;
  const [boxes, scores] = outputs;
  if (boxes === undefined || scores === undefined || outputs.length !== 2 || !isScaled) return undefined;
  const classes = scores.dims[1];
  if (!mayBe(boxes.dims, [1, '*', 4]) || boxes.dims[2] !== 4 || !isFixed(classes) || scores.dims.length !== 3)
    return undefined;
  return { classes, facts: { boxes: boxes.name, scores: scores.name } };
}

/** What to give an input that says how the picture came about. */
function constantFor(
  { name, type, dims }: TensorDescription,
  size: Size | 'dynamic',
): ConstantInput | undefined {
  if (!mayBe(dims, [1, 2]) || type !== 'float') return undefined;
  const constant = { name, type: 'float32', dims: [1, 2] } as const;
  if (name.includes('scale_factor')) return { ...constant, values: [1, 1] };
  if (!name.includes('im_shape') || size === 'dynamic') return undefined;
  return { ...constant, values: [size.heightPx, size.widthPx] };
}

function paddleInput(
  model: ModelDescription,
  picture: TensorDescription,
  size: Size | 'dynamic',
): DetectorInput {
  // Older opsets write hard swish with a Clip.
  const isPicodet = has(model, 'HardSwish', 'Clip') || model.outputs.length > 2;
  return {
    ...defaultInput(picture),
    mean: isPicodet ? IMAGENET_MEAN : [0, 0, 0],
    std: isPicodet ? IMAGENET_STD : [255, 255, 255],
    size,
    stridePx: isPicodet ? 64 : 32,
    fit: size === 'dynamic' ? 'letterbox' : 'stretch',
  };
}
