import type { ModelDescription } from '../check-model.js';
import type { DetectorInput } from '../detector-spec.js';
import { Candidates } from './candidates.js';
import { classNames } from './class-names.js';
import { defaultInput, inputSize, type DetectorFamily } from './detector-family.js';
import { collectDistributions } from './distribution.js';
import { collectHeads, findHeads } from './distribution-heads.js';
import { isFixed, levelsOf, mayBe, pictureInput } from './shapes.js';
import { floats } from './tensors.js';
import { has, hasCells, STRIDES_PX } from './yolo-marks.js';

const STRIDES_PLUS_PX = [8, 16, 32, 64];
/** Of all published models: distances of 0 to 7 cells. */
const BINS = 8;

/**
 * NanoDet (RangiLyu, 2020): scores and distances for each of the strides 8, 16 and 32, picture letterboxed in black. NanoDet-Plus:
 * [1, N, C + 32] over four strides, points in the corners of their cells, picture stretched. BGR, ImageNet's mean and deviation.
 */
export const nanodet: DetectorFamily = {
  name: 'nanodet',
  signature:
    'in [1, 3, h, w], out for 3 strides [1, cells, classes] and [1, cells, 4 × bins], or [1, cells, classes + 32]',
  describe(model) {
    const input = nanodetInput(model);
    if (input === undefined) return undefined;
    const heads = findHeads(model, input.size, STRIDES_PX);
    const plus = plusClasses(model, input);
    const count = heads?.classes ?? plus;
    if (count === undefined) return undefined;
    return {
      family: 'nanodet',
      input:
        heads === undefined
          ? { ...input, fit: input.size === 'dynamic' ? 'letterbox' : 'stretch', stridePx: 64 }
          : input,
      classes: classNames(model.metadata, count),
      constants: [],
      facts: heads?.facts ?? { output: model.outputs[0]!.name },
    };
  },
  decode(outputs, placed, options, description) {
    const { facts, classes } = description;
    const decoding = { placed, options, description };
    if (facts['output'] === undefined)
      return collectHeads(outputs, placed, options, description, STRIDES_PX).detections(decoding);
    const levels = levelsOf(placed.input, STRIDES_PLUS_PX);
    const cells = levels.reduce((sum, { columns, rows }) => sum + columns * rows, 0);
    const step = classes.length + 4 * BINS;
    const rows = floats(outputs, String(facts['output']), [1, cells, step]);
    const found = new Candidates();
    for (const level of levels) {
      const from = level.first * step;
      const map = {
        level,
        pointAt: 0,
        classes: classes.length,
        scores: rows,
        scoreFrom: from,
        scoreStep: step,
      };
      const sideFrom = from + classes.length;
      collectDistributions(
        { ...map, sides: rows, sideFrom, sideStep: step, bins: BINS },
        options.scoreMin,
        found,
      );
    }
    return found.detections(decoding);
  },
};

function nanodetInput(model: ModelDescription): DetectorInput | undefined {
  const picture = pictureInput(model);
  if (picture === undefined || model.inputs.length !== 1) return undefined;
  return {
    ...defaultInput(picture),
    order: 'bgr',
    mean: [103.53, 116.28, 123.675],
    std: [57.375, 57.12, 58.395],
    size: inputSize(picture, 'nchw'),
    stridePx: 32,
    border: 0,
  };
}

/** Classes of NanoDet-Plus. YOLO models with a fourth stride have such rows too; their decoding has operators that it has not. */
function plusClasses(model: ModelDescription, input: DetectorInput): number | undefined {
  const [output] = model.outputs;
  if (output === undefined || model.outputs.length !== 1 || !mayBe(output.dims, [1, '*', '*']))
    return undefined;
  const [, cells, channels] = output.dims;
  if (!isFixed(channels) || channels <= 4 * BINS || !isFixed(cells)) return undefined;
  if (has(model, 'Pow', 'Sub', 'Exp') || 'names' in model.metadata) return undefined;
  return hasCells(model, input, cells, [1], [STRIDES_PLUS_PX]) ? channels - 4 * BINS : undefined;
}
