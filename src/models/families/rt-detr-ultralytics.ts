import type { DetectorFamily } from './detector-family.js';
import { classesByCount, namedCount } from './numbering.js';
import { fixedLength, isPicture, stretchedInput, UNIT_RANGE } from './pictures.js';
import { decodeQueries } from './queries.js';
import { mayBe } from './shapes.js';

const QUERIES = 300;
const BOX_COLUMNS = 4;
/** Rows of six are what YOLO models give that suppress by themselves: x1, y1, x2, y2, score, class. */
const FINAL_COLUMNS = 6;
/** An axis longer than this counts the cells of a YOLO model, not classes. */
const COLUMNS_MAX = 1000;
const TRAINED_PX = 640;

/** RT-DETR as Ultralytics exports it: a row for each query, its box before its class scores, which are 0..1. */
export const rtDetrUltralytics: DetectorFamily = {
  name: 'rt-detr-ultralytics',
  signature:
    'in images float [1, 3, h, w], out one float [1, 300, 4 + classes] (boxes as shares of the input)',
  describe({ inputs, outputs, metadata }) {
    const [picture, output] = [inputs[0], outputs[0]];
    if (picture === undefined || output === undefined || inputs.length + outputs.length !== 2)
      return undefined;
    if (!isPicture(picture) || !mayBe(output.dims, [1, QUERIES, '*'])) return undefined;
    const named = namedCount(metadata);
    const isSaid = /rt-?detr/i.test(metadata['description'] ?? '');
    const columns = fixedLength(output.dims[2]) ?? (isSaid && named !== undefined ? BOX_COLUMNS + named : 0);
    const classes = columns - BOX_COLUMNS;
    if (classes < 1 || columns > COLUMNS_MAX || (named !== undefined && named !== classes)) return undefined;
    if (!isSaid && (columns === FINAL_COLUMNS || fixedLength(output.dims[1]) === undefined)) return undefined;
    const known = classesByCount(metadata, classes);
    return {
      family: 'rt-detr-ultralytics',
      input: { ...stretchedInput(picture, TRAINED_PX), ...UNIT_RANGE },
      classes: known.classes,
      constants: [],
      facts: {
        boxes: output.name,
        scores: output.name,
        activation: 'best',
        classColumns: classes,
        numbering: known.numbering,
      },
    };
  },
  decode: decodeQueries,
};
