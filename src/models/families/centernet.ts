import { boxIou, toSourceBox, type Box, type Detection, type Letterbox } from '../../geometry/index.js';
import { COCO_CLASSES } from '../coco-classes.js';
import type { DetectOptions, Tensors } from '../detector-spec.js';
import { sigmoid, toLogit } from './candidates.js';
import { defaultInput, inputSize, hasTensors, type DetectorFamily } from './detector-family.js';
import { floats } from './tensors.js';

/** Input pixels of one cell of the output. */
const CELL_PX = 4;
/** Where in its first pixel a cell's centre lies: boxes come out about so much too far left and up without it. */
const CENTRE_PX = 0.5;
/** The network halves its input five times. */
const STRIDE_PX = 32;

/** A class at a cell whose logit is the highest of its 3×3 neighbours. */
interface Peak {
  readonly cell: number;
  readonly label: number;
  readonly logit: number;
}

/**
 * CenterNet (Zhou et al., "Objects as Points", 2019) with separate distances to the four sides, as the importer
 * writes it (`import/import-centernet.ts` documents its tensors). COCO's 80 classes.
 */
export const centernet: DetectorFamily = {
  name: 'centernet',
  signature:
    'in image float [1, 3, h, w], out logits [1, h/4, w/4, 80], best [1, h/4, w/4], wh [1, h/4, w/4, 4]',
  describe(model) {
    const isOurs =
      hasTensors(model.inputs, { image: [1, 3, '*', '*'] }) &&
      hasTensors(model.outputs, {
        logits: [1, '*', '*', COCO_CLASSES.length],
        best: [1, '*', '*'],
        wh: [1, '*', '*', 4],
      });
    if (!isOurs) return undefined;
    const size = inputSize(model.inputs[0]!, 'nchw');
    const input = { ...defaultInput(model.inputs[0]!), size, stridePx: STRIDE_PX };
    return { family: 'centernet', input, classes: COCO_CLASSES, constants: [], facts: {} };
  },
  decode: decodeCenternet,
};

/** Peaks of the class maps become boxes, best first; of two that overlap, which large objects may give, the better one stays. */
function decodeCenternet(outputs: Tensors, placed: Letterbox, options: DetectOptions): Detection[] {
  const rows = placed.input.heightPx / CELL_PX;
  const columns = placed.input.widthPx / CELL_PX;
  const logits = floats(outputs, 'logits', [1, rows, columns, COCO_CLASSES.length]);
  const best = floats(outputs, 'best', [1, rows, columns]);
  const sides = floats(outputs, 'wh', [1, rows, columns, 4]);

  const peaks = findPeaks({ logits, best, rows, columns, logitMin: toLogit(options.scoreMin) });
  peaks.sort((a, b) => b.logit - a.logit);
  const found: Detection[] = [];
  for (const { cell, label, logit } of peaks) {
    if (found.length >= options.countMax) break;
    const x = (cell % columns) * CELL_PX + CENTRE_PX;
    const y = Math.floor(cell / columns) * CELL_PX + CENTRE_PX;
    const side = cell * 4;
    const inInput: Box = [x - sides[side]!, y - sides[side + 1]!, x + sides[side + 2]!, y + sides[side + 3]!];
    const box = toSourceBox(inInput, placed);
    // Boxes wholly within the border, or turned inside out, have no area left.
    if (box[2] <= box[0] || box[3] <= box[1]) continue;
    const name = COCO_CLASSES[label]!;
    if (found.some((better) => better.label === name && boxIou(better.box, box) > options.iouMax)) continue;
    found.push({ label: name, score: sigmoid(logit), box });
  }
  return found;
}

interface ScoreMaps {
  /** [rows, columns, classes] */
  readonly logits: Float32Array;
  /** [rows, columns], the highest logit of each cell. */
  readonly best: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly logitMin: number;
}

function findPeaks({ logits, best, rows, columns, logitMin }: ScoreMaps): Peak[] {
  const peaks: Peak[] = [];
  const count = COCO_CLASSES.length;
  for (let cell = 0; cell < best.length; cell++) {
    if (!(best[cell]! >= logitMin)) continue;
    const x = cell % columns;
    const y = (cell - x) / columns;
    for (let label = 0; label < count; label++) {
      const logit = logits[cell * count + label]!;
      if (logit < logitMin) continue;
      let isPeak = true;
      for (let nearY = Math.max(0, y - 1); nearY <= Math.min(rows - 1, y + 1) && isPeak; nearY++)
        for (let nearX = Math.max(0, x - 1); nearX <= Math.min(columns - 1, x + 1) && isPeak; nearX++)
          isPeak = logits[(nearY * columns + nearX) * count + label]! <= logit;
      if (isPeak) peaks.push({ cell, label, logit });
    }
  }
  return peaks;
}
