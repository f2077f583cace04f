import type { TrackerStep } from '../tracking/index.js';
import { motLine } from './analyze-writers.js';

/** A box that no detection shows is written for this long, and for so long while another object hides it: a guess that grows worse. */
const PREDICTED_MS = 200;
const OCCLUDED_MS = 500;

interface MotLine {
  readonly frame: number;
  readonly track: number;
  readonly text: string;
}

/**
 * Collects tracks as MOTChallenge lines. A track is written from its first detection on, once it is confirmed; tracks that never
 * are, and boxes that are mere guesses, are not.
 */
export class MotTracks {
  #lines: MotLine[] = [];
  /** Lines of tracks that are not confirmed yet. */
  readonly #waiting = new Map<number, MotLine[]>();
  readonly #confirmed = new Set<number>();
  readonly #seenMs = new Map<number, number>();

  /** Number of confirmed tracks. */
  get count(): number {
    return this.#confirmed.size;
  }

  /** @param frame number of the frame, from 1 */
  add(frame: number, timeMs: number, step: TrackerStep): void {
    for (const correction of step.corrected)
      if (correction.kind === 'merged') this.#merge(correction.object.track, correction.into);
    for (const object of step.objects) {
      const { track, state } = object;
      const line = { frame, track, text: motLine(frame, object) };
      if (state === 'tentative') {
        this.#waiting.set(track, [...(this.#waiting.get(track) ?? []), line]);
        continue;
      }
      if (!this.#confirmed.has(track)) this.#lines.push(...(this.#waiting.get(track) ?? []));
      this.#confirmed.add(track);
      if (state === 'tracked') this.#seenMs.set(track, timeMs);
      const unseenMs = timeMs - (this.#seenMs.get(track) ?? timeMs);
      if (unseenMs <= (state === 'occluded' ? OCCLUDED_MS : PREDICTED_MS)) this.#lines.push(line);
    }
  }

  /** By frame, then by track. */
  lines(): string[] {
    return this.#lines.sort((a, b) => a.frame - b.frame || a.track - b.track).map(({ text }) => text);
  }

  #merge(track: number, into: number): void {
    this.#confirmed.delete(track);
    this.#lines = this.#lines.map((line) =>
      line.track === track
        ? { ...line, track: into, text: line.text.replace(/^(\d+),\d+/, `$1,${into}`) }
        : line,
    );
  }
}
