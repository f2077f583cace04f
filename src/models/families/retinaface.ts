import type { ModelDescription, TensorDescription } from '../check-model.js';
import { Candidates, sigmoid } from './candidates.js';
import { defaultInput, inputSize, type DetectorFamily } from './detector-family.js';
import { cellCount, isFixed, levelsOf, pictureInput } from './shapes.js';
import { floats } from './tensors.js';
import { has, STRIDES_PX } from './yolo-marks.js';

/** Sides of the square priors of a cell, input pixels, for each stride. */
const PRIORS_PX = [
  [16, 32],
  [64, 128],
  [256, 512],
] as const;
const PRIORS = 2;
const CENTRE_VARIANCE = 0.1;
const SIZE_VARIANCE = 0.2;
/** Coordinates of the points that come with a box: a face has five, a plate its four corners. */
const LABEL_BY_POINTS: Readonly<Record<number, string>> = { 10: 'face', 8: 'licence plate' };

/**
 * RetinaFace (Deng et al., 2019) with the priors of Pytorch_Retinaface, of which plate detectors have been made too: offsets
 * `loc` [N, 4] and `conf` [N, 2] (not, yes) for two priors a cell, and points [N, 10 or 8], by whose number faces and plates are told
 * apart; with or without a batch axis. BGR, mean taken off. Faces letterboxed; plates stretched: on European plates the published
 * detector's best score is 0.88 so, and 0.57 letterboxed (mean of 14 scenes).
 */
export const retinaface: DetectorFamily = {
  name: 'retinaface',
  signature: 'in [1, 3, h, w], out [2 × cells, 4], [2 × cells, 2], [2 × cells, 10 or 8]',
  describe(model) {
    const picture = pictureInput(model);
    const found = outputsOf(model);
    if (picture === undefined || model.inputs.length !== 1 || found === undefined) return undefined;
    const size = inputSize(picture, 'nchw');
    const priors = found.loc.dims.at(-2);
    if (isFixed(priors) && (size === 'dynamic' || priors !== PRIORS * cellCount(size, STRIDES_PX)))
      return undefined;
    return {
      family: 'retinaface',
      input: {
        ...defaultInput(picture),
        order: 'bgr',
        mean: [104, 117, 123],
        size,
        stridePx: 32,
        fit: found.label === 'face' || size === 'dynamic' ? 'letterbox' : 'stretch',
        border: 0,
      },
      classes: [found.label],
      constants: [],
      facts: { loc: found.loc.name, conf: found.conf.name, isSoftmaxed: has(model, 'Softmax') },
    };
  },
  decode(outputs, placed, options, description) {
    const { loc, conf, isSoftmaxed } = description.facts;
    const levels = levelsOf(placed.input, STRIDES_PX);
    const count = PRIORS * cellCount(placed.input, STRIDES_PX);
    const batch = outputs[String(loc)]?.dims.length === 3 ? [1] : [];
    const offsets = floats(outputs, String(loc), [...batch, count, 4]);
    const scores = floats(outputs, String(conf), [...batch, count, 2]);
    const found = new Candidates();
    for (const [index, { stridePx, columns, rows, first }] of levels.entries()) {
      for (let cell = 0; cell < columns * rows; cell++) {
        for (const [nth, priorPx] of PRIORS_PX[index]!.entries()) {
          const row = (first + cell) * PRIORS + nth;
          const [no, yes] = [scores[row * 2]!, scores[row * 2 + 1]!];
          const score = isSoftmaxed === true ? yes : sigmoid(yes - no);
          if (!(score >= options.scoreMin)) continue;
          const at = row * 4;
          const cx = ((cell % columns) + 0.5) * stridePx + offsets[at]! * CENTRE_VARIANCE * priorPx;
          const cy =
            (Math.floor(cell / columns) + 0.5) * stridePx + offsets[at + 1]! * CENTRE_VARIANCE * priorPx;
          const halfWidth = (priorPx * Math.exp(offsets[at + 2]! * SIZE_VARIANCE)) / 2;
          const halfHeight = (priorPx * Math.exp(offsets[at + 3]! * SIZE_VARIANCE)) / 2;
          found.add(row, 0, score, cx - halfWidth, cy - halfHeight, cx + halfWidth, cy + halfHeight);
        }
      }
    }
    return found.detections({ placed, options, description });
  },
};

function outputsOf({
  outputs,
}: ModelDescription):
  { readonly loc: TensorDescription; readonly conf: TensorDescription; readonly label: string } | undefined {
  const withLast = (length: number) =>
    outputs.find(({ dims }) => (dims.length === 2 || dims.length === 3) && dims.at(-1) === length);
  const [loc, conf] = [withLast(4), withLast(2)];
  const points = [10, 8].find((length) => withLast(length) !== undefined);
  if (outputs.length !== 3 || loc === undefined || conf === undefined || points === undefined)
    return undefined;
  return { loc, conf, label: LABEL_BY_POINTS[points]! };
}
