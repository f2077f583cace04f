import type { Candidates } from './candidates.js';

/** Boxes with class scores, one a row. Channels: centre x, centre y, width, height, perhaps objectness, a score for each class, more. */
export interface BoxRows {
  readonly data: Float32Array;
  readonly count: number;
  readonly channels: number;
  readonly classes: number;
  /** Whether a row's channels lie together, or the values of one channel for all rows. */
  readonly layout: 'rows' | 'columns';
  readonly hasObjectness: boolean;
}

/** Centre x, centre y, width and height, input pixels; changed in place. */
export type CentredBox = [cx: number, cy: number, width: number, height: number];

/**
 * Collects each class of each row that is scored `scoreMin` or higher (its objectness times its class score, where there is one).
 *
 * @param decode turns the box of a row into input pixels, for models that leave that to others
 */
export function collectRows(
  rows: BoxRows,
  scoreMin: number,
  found: Candidates,
  decode?: (row: number, box: CentredBox) => void,
): void {
  const { data, count, classes, hasObjectness } = rows;
  const [rowStep, channelStep] = steps(rows);
  const add = (row: number, label: number, score: number) => {
    const at = row * rowStep;
    const side = (channel: number) => data[at + channel * channelStep]!;
    const box: CentredBox = [side(0), side(1), side(2), side(3)];
    decode?.(row, box);
    const [cx, cy, width, height] = box;
    found.add(row, label, score, cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2);
  };
  if (rows.layout === 'columns' && !hasObjectness) {
    // In the order of memory.
    for (let label = 0; label < classes; label++) {
      const from = (4 + label) * count;
      for (let row = 0; row < count; row++)
        if (data[from + row]! >= scoreMin) add(row, label, data[from + row]!);
    }
    return;
  }
  const scoresAt = hasObjectness ? 5 : 4;
  for (let row = 0; row < count; row++) {
    const objectness = hasObjectness ? data[row * rowStep + 4 * channelStep]! : 1;
    // No class scores above 1: what is no object is none of any class.
    if (!(objectness >= scoreMin)) continue;
    const from = row * rowStep + scoresAt * channelStep;
    for (let label = 0; label < classes; label++) {
      const score = objectness * data[from + label * channelStep]!;
      if (score >= scoreMin) add(row, label, score);
    }
  }
}

/** Channels of one row, from `first` on. */
export function rowChannels(rows: BoxRows, row: number, first: number, length: number): Float32Array {
  const [rowStep, channelStep] = steps(rows);
  return Float32Array.from(
    { length },
    (_, channel) => rows.data[row * rowStep + (first + channel) * channelStep]!,
  );
}

function steps({ layout, count, channels }: BoxRows): [rowStep: number, channelStep: number] {
  return layout === 'rows' ? [channels, 1] : [1, count];
}
