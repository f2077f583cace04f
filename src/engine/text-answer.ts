import type { Box, FourPoints } from '../geometry/index.js';
import { TextVote, type ReadLine } from '../reading/index.js';

/** So many views that agree are enough. */
const SETTLED_VIEWS = 3;
/** What the least sure character of a settled answer has: of three views one must not say otherwise. */
const SETTLED_MIN = 0.7;
/** Corrections of an answer at most: each is a message that somebody has to deal with. */
const CORRECTIONS_MAX = 3;

/** What one picture of a track said, and where. */
export interface TextView {
  readonly line: ReadLine;
  readonly ptsMs: number;
  /** Of the track, and of the line from where it begins; source pixels. */
  readonly box: Box;
  readonly polygon: FourPoints;
}

/** What the views of a track say together. */
export interface TextAnswer {
  readonly line: ReadLine;
  readonly views: number;
  /** The view that shows it best. */
  readonly seen: TextView;
}

/** The text of one track as it becomes known. */
export class TrackText {
  readonly #vote = new TextVote();
  /** The surest of each text that was read. */
  readonly #surest = new Map<string, TextView>();
  #told: { readonly value: string; readonly confidence: number } | undefined;
  #tellings = 0;
  /** What the vote says, once for each view: it is asked for with each picture. */
  #line: ReadLine | undefined;
  #isSettled = false;

  /** Views that have voted. */
  get views(): number {
    return this.#vote.count;
  }

  /** What was told last. */
  get told(): { readonly value: string; readonly confidence: number } | undefined {
    return this.#told;
  }

  /** Whether enough views agree. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  take(view: TextView): void {
    this.#vote.add(view.line);
    this.#line = this.#vote.result();
    const characters = this.#line?.characters ?? [];
    this.#isSettled =
      this.#vote.count >= SETTLED_VIEWS &&
      characters.length > 0 &&
      characters.every(({ confidence }) => confidence >= SETTLED_MIN);
    const before = this.#surest.get(view.line.text);
    if (before === undefined || view.line.confidence > before.line.confidence)
      this.#surest.set(view.line.text, view);
  }

  /** It is another track's from now on, of which this was told. */
  become(told: TrackText['told']): void {
    this.#told = told;
  }

  /** What there is to tell: an answer that was not told, or corrects what was; marked as told. */
  tell(confidenceMin: number): TextAnswer | undefined {
    const line = this.#line;
    if (line === undefined || line.text === '' || line.confidence < confidenceMin) return undefined;
    if (line.text === this.#told?.value || this.#tellings > CORRECTIONS_MAX) return undefined;
    this.#told = { value: line.text, confidence: rounded(line.confidence) };
    this.#tellings++;
    const views = [...this.#surest.values()];
    const seen =
      this.#surest.get(line.text) ??
      views.reduce((best, view) => (view.line.confidence > best.line.confidence ? view : best));
    return { line, views: this.#vote.count, seen };
  }
}

/** As it is told: four digits are enough. */
export function rounded(confidence: number): number {
  return Math.round(confidence * 10_000) / 10_000;
}
