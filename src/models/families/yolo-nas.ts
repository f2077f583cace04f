import type { ModelDescription } from '../check-model.js';
import { Candidates } from './candidates.js';
import { classNames } from './class-names.js';
import { hasDims, type DetectorFamily } from './detector-family.js';
import { isFixed, mayBe } from './shapes.js';
import { floats, numbers } from './tensors.js';
import { yoloInput } from './yolo-input.js';
import { hasCells, STRIDES_PX } from './yolo-marks.js';

/** The outputs of SuperGradients' batch format, with their dimensions; `graph2_` or the like stands before the names. */
const BATCH_FORMAT = {
  num_predictions: [1, 1],
  pred_boxes: [1, '*', 4],
  pred_scores: [1, '*'],
  pred_classes: [1, '*'],
} as const;

/**
 * YOLO-NAS (Deci, 2023) as SuperGradients exports it: boxes [1, N, 4] as x1 y1 x2 y2 in input pixels with scores [1, N, C], one
 * row a cell; or with suppression in its batch format (the flat one is read by `yolo-end-to-end`). RGB 0..1, letterboxed.
 */
export const yoloNas: DetectorFamily = {
  name: 'yolo-nas',
  signature:
    'in [1, 3, h, w], out boxes [1, cells, 4] and scores [1, cells, classes], or num_predictions, pred_boxes, pred_scores, pred_classes',
  describe(model) {
    const input = yoloInput(model);
    if (input === undefined) return undefined;
    const batch = batchFormat(model);
    if (batch !== undefined)
      return {
        family: 'yolo-nas',
        input,
        classes: classNames(model.metadata, 80),
        constants: [],
        facts: { ...batch, isPicked: true },
      };
    // In either order.
    const boxes = model.outputs.find(({ dims }) => hasDims(dims, ['*', '*', 4]));
    const scores = model.outputs.find((output) => output !== boxes);
    if (boxes === undefined || scores === undefined || model.outputs.length !== 2) return undefined;
    const count = scores.dims[2];
    if (!mayBe(boxes.dims, [1, '*', 4]) || !mayBe(scores.dims, [1, '*', '*'])) return undefined;
    if (!isFixed(count) || boxes.dims[1] !== scores.dims[1]) return undefined;
    if (!hasCells(model, input, boxes.dims[1], [1], [STRIDES_PX])) return undefined;
    return {
      family: 'yolo-nas',
      input,
      classes: classNames(model.metadata, count),
      constants: [],
      facts: { pred_boxes: boxes.name, pred_scores: scores.name, isPicked: false },
    };
  },
  decode(outputs, placed, options, description) {
    const { facts, classes } = description;
    const boxes = floats(outputs, String(facts['pred_boxes']), [1, '*', 4]);
    const rows = boxes.length / 4;
    const found = new Candidates();
    const add = (row: number, label: number, score: number) => {
      const at = row * 4;
      if (score >= options.scoreMin)
        found.add(row, label, score, boxes[at]!, boxes[at + 1]!, boxes[at + 2]!, boxes[at + 3]!);
    };
    const decoding = { placed, options, description };
    if (facts['isPicked'] === true) {
      const count = Math.min(rows, numbers(outputs, String(facts['num_predictions']), [1, 1])[0]!);
      const scores = floats(outputs, String(facts['pred_scores']), [1, rows]);
      const labels = numbers(outputs, String(facts['pred_classes']), [1, rows]);
      for (let row = 0; row < count; row++) add(row, labels[row]!, scores[row]!);
      return found.detections(decoding, true);
    }
    const scores = floats(outputs, String(facts['pred_scores']), [1, rows, classes.length]);
    for (let row = 0; row < rows; row++)
      for (let label = 0; label < classes.length; label++)
        add(row, label, scores[row * classes.length + label]!);
    return found.detections(decoding);
  },
};

/** Names of the outputs of the batch format. */
function batchFormat({ outputs }: ModelDescription): Record<string, string> | undefined {
  const entries = Object.entries(BATCH_FORMAT).map(([suffix, dims]) => {
    const output = outputs.find(({ name }) => name.endsWith(suffix));
    return output !== undefined && mayBe(output.dims, dims) ? [suffix, output.name] : undefined;
  });
  const isWhole = outputs.length === entries.length && entries.every((entry) => entry !== undefined);
  return isWhole ? (Object.fromEntries(entries) as Record<string, string>) : undefined;
}
