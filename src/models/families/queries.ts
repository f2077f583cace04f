import { pasteMask, type Detection, type Letterbox } from '../../geometry/index.js';
import type { DetectOptions, DetectorDescription, Tensors } from '../detector-spec.js';
import { Candidates, sigmoid, toLogit } from './candidates.js';
import { classIndex } from './numbering.js';
import { numbers } from './tensors.js';

/**
 * Where the queries of a detection transformer are to be found: each a box (centre x, centre y, width, height as shares of the
 * input) and a score for every class.
 */
export interface QueryOutputs {
  /** [1, queries, 4], or with `scores` the same [1, queries, 4 + classes]. */
  readonly boxes: string;
  /** [1, queries, columns] */
  readonly scores: string;
  /** Logits over the whole input: [1, queries, rows, columns]. */
  readonly masks?: string;
  /** How scores become 0..1. `softmax` has a last column that stands for no object; `best`: they are, and a query is of one class. */
  readonly activation: 'sigmoid' | 'softmax' | 'best';
  /** Columns that stand for classes, from the first on. */
  readonly classColumns: number;
}

/** Detections of a transformer's queries. There is nothing to suppress: each object was matched to one query in training. */
export function decodeQueries(
  outputs: Tensors,
  placed: Letterbox,
  options: DetectOptions,
  description: DetectorDescription,
): Detection[] {
  const { facts } = description;
  const { boxes: boxesName, scores: scoresName, masks } = facts;
  const isOne = boxesName === scoresName;
  const scores = numbers(outputs, String(scoresName), [1, '*', '*']);
  const [, queries, columns] = outputs[String(scoresName)]!.dims as [number, number, number];
  const boxes = isOne ? scores : numbers(outputs, String(boxesName), [1, queries, 4]);
  const boxStep = isOne ? columns : 4;
  const { widthPx, heightPx } = placed.input;
  const found = new Candidates();
  for (let query = 0; query < queries; query++) {
    const from = query * columns + (isOne ? 4 : 0);
    const row = scores.subarray(from, (query + 1) * columns);
    for (const [column, score] of scored(row, description, options.scoreMin)) {
      const label = classIndex(column, description);
      if (label === undefined) continue;
      const at = query * boxStep;
      const [cx, cy] = [boxes[at]! * widthPx, boxes[at + 1]! * heightPx];
      const [halfWidth, halfHeight] = [(boxes[at + 2]! * widthPx) / 2, (boxes[at + 3]! * heightPx) / 2];
      found.add(query, label, score, cx - halfWidth, cy - halfHeight, cx + halfWidth, cy + halfHeight);
    }
  }
  const kept = found.kept({ placed, options, description }, true);
  if (masks === undefined || kept.length === 0) return kept.map(({ detection }) => detection);
  const values = numbers(outputs, String(masks), [1, queries, '*', '*']);
  const [rows, maskColumns] = outputs[String(masks)]!.dims.slice(2) as [number, number];
  return kept.map(({ row: query, detection }) => {
    const length = rows * maskColumns;
    const grid = {
      values: values.subarray(query * length, (query + 1) * length),
      rows,
      columns: maskColumns,
    };
    const mask = pasteMask({ ...grid, over: [0, 0, widthPx, heightPx], threshold: 0 }, detection.box, placed);
    return { ...detection, mask };
  });
}

/** The columns of one query that score `scoreMin` or higher, with their scores 0..1. */
function scored(
  row: Float32Array,
  { facts }: DetectorDescription,
  scoreMin: number,
): (readonly [column: number, score: number])[] {
  const classes = row.subarray(0, Number(facts['classColumns']));
  if (facts['activation'] === 'sigmoid') {
    const logitMin = toLogit(scoreMin);
    return [...classes.entries()].flatMap(([column, logit]) =>
      logit >= logitMin ? [[column, sigmoid(logit)] as const] : [],
    );
  }
  let best = 0;
  for (let column = 1; column < classes.length; column++)
    if (classes[column]! > classes[best]!) best = column;
  const highest = facts['activation'] === 'softmax' ? softmaxOf(row, best) : row[best]!;
  return highest >= scoreMin ? [[best, highest]] : [];
}

function softmaxOf(row: Float32Array, column: number): number {
  const chosen = row[column]!;
  return 1 / row.reduce((sum, logit) => sum + Math.exp(logit - chosen), 0);
}
