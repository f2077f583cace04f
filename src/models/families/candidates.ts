import { boxIou, toSourceBox, type Box, type Detection, type Letterbox } from '../../geometry/index.js';
import type { DetectOptions, DetectorDescription } from '../detector-spec.js';

/** A detection that stayed, and where it came from. */
export interface Kept {
  /** The row of the output, as it was told to {@link Candidates.add}. */
  readonly row: number;
  /** Input pixels. */
  readonly inInput: Box;
  /** Source pixels. */
  readonly detection: Detection;
}

/** What a decoder was asked for. */
export interface Decoding {
  readonly placed: Letterbox;
  readonly options: DetectOptions;
  readonly description: DetectorDescription;
}

/**
 * What a model found above the lowest score asked for, in input pixels, in flat lists: thousands come with each picture, of which
 * a few stay. Numbers that are none, or infinite, are left out here, so that a broken model finds nothing.
 */
export class Candidates {
  readonly #labels: number[] = [];
  readonly #scores: number[] = [];
  readonly #rows: number[] = [];
  /** Four a candidate. */
  readonly #sides: number[] = [];

  /** `label` is the index of its class. */
  add(row: number, label: number, score: number, x1: number, y1: number, x2: number, y2: number): void {
    // Differences are numbers only when all sides are.
    if (!(x2 - x1 > 0 && y2 - y1 > 0 && x2 - x1 + (y2 - y1) < Infinity && score < Infinity)) return;
    this.#labels.push(label);
    this.#scores.push(score);
    this.#rows.push(row);
    this.#sides.push(x1, y1, x2, y2);
  }

  /**
   * The best, in source pixels, best first. Of two with one label that overlap by more than `iouMax` the better stays, unless
   * `hasSuppressed` says that the model has seen to that. Those wholly within the border have no area left, and go.
   */
  kept({ placed, options, description }: Decoding, hasSuppressed = false): Kept[] {
    const kept: Kept[] = [];
    const labels: number[] = [];
    const order = this.#scores.map((_, index) => index);
    order.sort((a, b) => this.#scores[b]! - this.#scores[a]!);
    for (const index of order) {
      if (kept.length >= options.countMax) break;
      const label = this.#labels[index]!;
      const side = index * 4;
      const inInput = this.#sides.slice(side, side + 4) as unknown as Box;
      const isDouble = ({ inInput: better }: Kept, at: number) =>
        labels[at] === label && boxIou(better, inInput) > options.iouMax;
      if (!hasSuppressed && kept.some(isDouble)) continue;
      const box = toSourceBox(inInput, placed);
      if (box[2] <= box[0] || box[3] <= box[1]) continue;
      const name = description.classes[label] ?? `class ${label}`;
      const score = Math.min(1, this.#scores[index]!);
      kept.push({ row: this.#rows[index]!, inInput, detection: { label: name, score, box } });
      labels.push(label);
    }
    return kept;
  }

  /** As {@link kept}, the detections alone. */
  detections(decoding: Decoding, hasSuppressed = false): Detection[] {
    return this.kept(decoding, hasSuppressed).map(({ detection }) => detection);
  }
}

/** The logistic function. */
export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** The inverse of {@link sigmoid}; -Infinity for 0. */
export function toLogit(score: number): number {
  return Math.log(score / (1 - score));
}
