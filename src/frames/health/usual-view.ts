import type { Size } from '../../geometry/index.js';
import { planView, type View } from './view.js';

/** What is usual is averaged over so long: longer than a lorry waits, shorter than dusk takes. */
const AVERAGED_MS = 300_000;
/** A block changes by no more levels at once: what passes leaves little behind. */
const CHANGE_MAX = 12;

/** What a camera usually shows: an average that follows light and weather, and hardly what passes through. */
export class UsualView implements View {
  readonly thumbnail: View['thumbnail'];
  readonly steps: View['steps'];
  #knownMs = 0;
  #sharpnessKnownMs = 0;
  #meanLuma = 0;
  #isEmpty = true;

  constructor(frame: Size) {
    ({ thumbnail: this.thumbnail, steps: this.steps } = planView(frame));
  }

  /** For how long it has been learnt. */
  get knownMs(): number {
    return this.#knownMs;
  }

  /** For how long its edges have, in the kind of light that there is. */
  get sharpnessKnownMs(): number {
    return this.#sharpnessKnownMs;
  }

  /** 0..1. */
  get meanLuma(): number {
    return this.#meanLuma;
  }

  /** Whether nothing has been learnt yet. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** Takes a view in. @param passedMs since the last one that was taken in */
  learn({ thumbnail, steps }: View, meanLuma: number, passedMs: number): void {
    const isFirst = this.#isEmpty;
    this.#isEmpty = false;
    this.#knownMs += passedMs;
    this.#sharpnessKnownMs += passedMs;
    const weight = isFirst ? 1 : weightOf(passedMs, this.#knownMs);
    const limit = isFirst ? Infinity : CHANGE_MAX;
    approach(this.thumbnail.luma, thumbnail.luma, weight, limit);
    approach(this.steps, steps, isFirst ? 1 : weightOf(passedMs, this.#sharpnessKnownMs), limit);
    this.#meanLuma += weight * (meanLuma - this.#meanLuma);
  }

  /** Edges look otherwise from now on: another kind of light has come. */
  forgetSharpness(): void {
    this.#sharpnessKnownMs = 0;
  }

  /** Begins anew. */
  forget(): void {
    [this.#knownMs, this.#sharpnessKnownMs, this.#isEmpty] = [0, 0, true];
  }
}

function weightOf(passedMs: number, knownMs: number): number {
  return knownMs > 0 ? Math.min(1, passedMs / Math.min(knownMs, AVERAGED_MS)) : 0;
}

function approach(values: Float32Array, goals: Float32Array, weight: number, limit: number): void {
  for (let i = 0; i < values.length; i++) {
    const change = goals[i]! - values[i]!;
    values[i]! += weight * Math.min(limit, Math.max(-limit, change));
  }
}
