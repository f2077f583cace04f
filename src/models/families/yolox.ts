import { collectRows, type CentredBox } from './box-rows.js';
import { Candidates } from './candidates.js';
import { classNames } from './class-names.js';
import type { DetectorFamily } from './detector-family.js';
import { isFixed, levelsOf, mayBe } from './shapes.js';
import { floats } from './tensors.js';
import { yoloInput } from './yolo-input.js';
import { has, hasCells, picks, STRIDES_PX } from './yolo-marks.js';

/**
 * YOLOX (Ge et al., 2021): [1, N, 5 + C], one row a cell, as it leaves the network or decoded (`--decode_in_inference`). BGR
 * 0..255, in the top left corner of a border of grey 114.
 *
 * YOLOv5, v6 and v7 have outputs of the same shape. What tells YOLOX apart: v5 and v7 have three rows a cell; v5's and v7's
 * decoding squares (Pow), v6's and everybody's with distances subtracts (Sub), YOLOX's does neither but takes exponentials (Exp),
 * and a graph with none of the three has left the decoding to us. Ultralytics' exports name themselves in the metadata; YOLOX's do not.
 */
export const yolox: DetectorFamily = {
  name: 'yolox',
  signature: 'in [1, 3, h, w], out [1, cells, 5 + classes], without Pow, Sub, TopK and NonMaxSuppression',
  describe(model) {
    const input = yoloInput(model);
    const [output] = model.outputs;
    if (input === undefined || output === undefined || model.outputs.length !== 1) return undefined;
    const [, cells, channels] = output.dims;
    if (!mayBe(output.dims, [1, '*', '*']) || !isFixed(channels) || channels < 6) return undefined;
    if ('names' in model.metadata || 'stride' in model.metadata) return undefined;
    if (has(model, 'Pow', 'Sub') || picks(model) || !hasCells(model, input, cells, [1], [STRIDES_PX]))
      return undefined;
    return {
      family: 'yolox',
      input: { ...input, order: 'bgr', std: [1, 1, 1], anchor: 'top-left' },
      classes: classNames(model.metadata, channels - 5),
      constants: [],
      facts: { output: output.name, isDecoded: has(model, 'Exp') },
    };
  },
  decode(outputs, placed, options, description) {
    const { facts, classes } = description;
    const output = String(facts['output']);
    const levels = levelsOf(placed.input, STRIDES_PX);
    const count = levels.reduce((sum, { columns, rows }) => sum + columns * rows, 0);
    const channels = classes.length + 5;
    const data = floats(outputs, output, [1, count, channels]);
    const toPixels = (row: number, box: CentredBox) => {
      const { stridePx, columns, first } = levels.findLast((level) => level.first <= row)!;
      const cell = row - first;
      box[0] = (box[0] + (cell % columns)) * stridePx;
      box[1] = (box[1] + Math.floor(cell / columns)) * stridePx;
      box[2] = Math.exp(box[2]) * stridePx;
      box[3] = Math.exp(box[3]) * stridePx;
    };
    const found = new Candidates();
    const rows = {
      data,
      count,
      channels,
      classes: classes.length,
      layout: 'rows',
      hasObjectness: true,
    } as const;
    collectRows(rows, options.scoreMin, found, facts['isDecoded'] === true ? undefined : toPixels);
    return found.detections({ placed, options, description });
  },
};
