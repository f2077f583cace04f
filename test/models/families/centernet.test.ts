import { describe, expect, it } from '@jest/globals';
import { letterbox } from '../../../src/geometry/index.js';
import { centernet } from '../../../src/models/families/centernet.js';
import {
  COCO_CATEGORY_IDS,
  COCO_CLASSES,
  type DetectOptions,
  type DetectorDescription,
  type Tensors,
} from '../../../src/models/index.js';

const ROWS = 8;
const COLUMNS = 16;
const CLASSES = 80;
/** A 128×48 source, shown as it is in a 64×32 input with 4 px of border above and below. */
const placed = letterbox(
  { widthPx: 128, heightPx: 48 },
  { widthPx: 64, heightPx: 24 },
  { widthPx: 64, heightPx: 32 },
);
const options: DetectOptions = { scoreMin: 0.3, iouMax: 0.6, countMax: 100 };

const description = {
  family: 'centernet',
  classes: COCO_CLASSES,
} as unknown as DetectorDescription;

interface Spot {
  readonly row: number;
  readonly column: number;
  readonly label: string;
  readonly score: number;
  /** left, top, right, bottom, input px */
  readonly sides?: readonly [number, number, number, number];
}

function outputsWith(spots: readonly Spot[]): Tensors {
  const logits = new Float32Array(ROWS * COLUMNS * CLASSES).fill(-9);
  const wh = new Float32Array(ROWS * COLUMNS * 4).fill(6);
  for (const { row, column, label, score, sides } of spots) {
    const cell = row * COLUMNS + column;
    logits[cell * CLASSES + COCO_CLASSES.indexOf(label)] = Math.log(score / (1 - score));
    if (sides) wh.set(sides, cell * 4);
  }
  const best = Float32Array.from({ length: ROWS * COLUMNS }, (_, cell) =>
    Math.max(...logits.subarray(cell * CLASSES, (cell + 1) * CLASSES)),
  );
  return {
    logits: { data: logits, dims: [1, ROWS, COLUMNS, CLASSES] },
    best: { data: best, dims: [1, ROWS, COLUMNS] },
    wh: { data: wh, dims: [1, ROWS, COLUMNS, 4] },
  };
}

const decode = (spots: readonly Spot[], changed: Partial<DetectOptions> = {}) =>
  centernet.decode(outputsWith(spots), placed, { ...options, ...changed }, description);

describe('centernet', () => {
  it('turns a peak into a box in source pixels, with its score and label', () => {
    const found = decode([{ row: 4, column: 8, label: 'dog', score: 0.7, sides: [10, 6, 12, 5] }]);
    // Cell (8, 4) is at input (32.5, 16.5); 4 px of border above; the source is twice as large.
    expect(found).toEqual([{ label: 'dog', score: expect.closeTo(0.7, 5), box: [45, 13, 89, 35] }]);
  });

  it('keeps only the highest of 3×3 neighbours of one class, but both of two classes', () => {
    const found = decode([
      { row: 4, column: 8, label: 'dog', score: 0.7 },
      { row: 5, column: 9, label: 'dog', score: 0.6 },
      { row: 5, column: 8, label: 'cat', score: 0.5 },
    ]);
    expect(found.map(({ label, score }) => [label, score.toFixed(1)])).toEqual([
      ['dog', '0.7'],
      ['cat', '0.5'],
    ]);
  });

  it('drops the weaker of two peaks whose boxes overlap by more than iouMax', () => {
    const spots: Spot[] = [
      { row: 4, column: 6, label: 'bus', score: 0.6, sides: [20, 10, 28, 10] },
      { row: 4, column: 8, label: 'bus', score: 0.8, sides: [28, 10, 20, 10] },
    ];
    expect(decode(spots)).toHaveLength(1);
    expect(decode(spots)[0]!.score).toBeCloseTo(0.8);
    expect(decode(spots, { iouMax: 1 })).toHaveLength(2);
  });

  it('returns the best countMax, best first, none below scoreMin, and none within the border', () => {
    const spots: Spot[] = [
      { row: 2, column: 2, label: 'car', score: 0.4 },
      { row: 2, column: 8, label: 'car', score: 0.9 },
      { row: 2, column: 14, label: 'car', score: 0.5 },
      { row: 5, column: 2, label: 'car', score: 0.29 },
      { row: 0, column: 5, label: 'car', score: 0.95, sides: [4, 0.2, 4, 2] },
    ];
    expect(decode(spots).map(({ score }) => score.toFixed(1))).toEqual(['0.9', '0.5', '0.4']);
    expect(decode(spots, { countMax: 2 })).toHaveLength(2);
  });

  it('finds nothing in outputs that are not numbers', () => {
    const outputs = outputsWith([]);
    for (const { data } of Object.values(outputs)) (data as Float32Array).fill(NaN);
    expect(centernet.decode(outputs, placed, options, description)).toEqual([]);
  });

  it('refuses outputs of another shape', () => {
    const { best: _, ...missing } = outputsWith([]);
    const smaller = { ...outputsWith([]), wh: { data: new Float32Array(4), dims: [1, 1, 1, 4] } };
    for (const outputs of [missing, smaller])
      expect(() => centernet.decode(outputs, placed, options, description)).toThrow(
        expect.objectContaining({ code: 'model/output-shape' }),
      );
  });
});

describe('COCO classes', () => {
  it('have as many category ids as names, in rising order', () => {
    expect(COCO_CLASSES).toHaveLength(80);
    expect(new Set(COCO_CLASSES).size).toBe(80);
    expect(COCO_CATEGORY_IDS).toEqual([...new Set(COCO_CATEGORY_IDS)].sort((a, b) => a - b));
    expect([COCO_CATEGORY_IDS.length, COCO_CATEGORY_IDS.at(-1)]).toEqual([80, 90]);
  });
});
