/**
 * A mask as COCO's compressed run-length encoding: column by column, run lengths of 0 and 1 in turn, beginning with 0, written
 * as text by {@link encodeRuns}. `size` is `[height, width]` in pixels.
 */
export interface MaskRle {
  readonly size: readonly [height: number, width: number];
  readonly counts: string;
}

const BITS = 5;
const MORE = 1 << BITS;
const SIGN = 1 << (BITS - 1);
const FIRST_CHARACTER = 48;

/** Run lengths as COCO's text: from the fourth run on, each as its difference from the one two before it. */
export function encodeRuns(runs: readonly number[]): string {
  let text = '';
  for (let i = 0; i < runs.length; i++) {
    let rest = i > 2 ? runs[i]! - runs[i - 2]! : runs[i]!;
    for (let more = true; more;) {
      const bits = rest & (MORE - 1);
      rest >>= BITS;
      more = (bits & SIGN) !== 0 ? rest !== -1 : rest !== 0;
      text += String.fromCharCode((more ? bits | MORE : bits) + FIRST_CHARACTER);
    }
  }
  return text;
}

/** The run lengths of COCO's text; what comes after the last whole number is ignored. */
export function decodeRuns(counts: string): number[] {
  const runs: number[] = [];
  let value = 0;
  let shift = 0;
  for (let at = 0; at < counts.length; at++) {
    const bits = counts.charCodeAt(at) - FIRST_CHARACTER;
    value |= (bits & (MORE - 1)) << shift;
    shift += BITS;
    if ((bits & MORE) !== 0) continue;
    if ((bits & SIGN) !== 0) value |= -1 << shift;
    runs.push(runs.length > 2 ? value + runs.at(-2)! : value);
    value = 0;
    shift = 0;
  }
  return runs;
}

/** Encodes a mask of one byte a pixel, row by row; every byte but 0 is within it. */
export function encodeMask(pixels: Uint8Array, size: MaskRle['size']): MaskRle {
  const [height, width] = size;
  const runs = new RunWriter(size);
  for (let x = 0; x < width; x++) {
    let from = -1;
    for (let y = 0; y <= height; y++) {
      const isInside = y < height && pixels[y * width + x] !== 0;
      if (isInside && from < 0) from = y;
      if (isInside || from < 0) continue;
      runs.add(x, from, y);
      from = -1;
    }
  }
  return runs.mask();
}

/** The pixels of a mask, one byte each, row by row, 1 within it. */
export function decodeMask({ size: [height, width], counts }: MaskRle): Uint8Array {
  const pixels = new Uint8Array(height * width);
  let at = 0;
  decodeRuns(counts).forEach((length, i) => {
    const end = Math.min(at + length, pixels.length);
    if (i % 2 === 1) for (; at < end; at++) pixels[(at % height) * width + Math.floor(at / height)] = 1;
    at = end;
  });
  return pixels;
}

/** Pixels within a mask. */
export function maskArea({ counts }: MaskRle): number {
  return decodeRuns(counts).reduce((area, length, i) => area + (i % 2 === 1 ? length : 0), 0);
}

/** Collects a mask from stretches of columns, in the order of COCO: by column, then downwards. */
export class RunWriter {
  readonly #size: MaskRle['size'];
  readonly #runs: number[] = [];
  /** Where the last stretch ended, counted through the columns. */
  #end = 0;

  constructor(size: MaskRle['size']) {
    this.#size = size;
  }

  /** Adds the pixels of column `x` from row `from` up to, not including, row `to`. */
  add(x: number, from: number, to: number): void {
    if (to <= from) return;
    const start = x * this.#size[0] + from;
    // A stretch that goes on from the foot of one column to the head of the next is one run.
    if (start === this.#end && this.#runs.length > 0) this.#runs[this.#runs.length - 1]! += to - from;
    else this.#runs.push(start - this.#end, to - from);
    this.#end = start + to - from;
  }

  mask(): MaskRle {
    const rest = this.#size[0] * this.#size[1] - this.#end;
    return { size: this.#size, counts: encodeRuns(rest > 0 ? [...this.#runs, rest] : this.#runs) };
  }
}
