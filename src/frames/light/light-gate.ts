import type { Detection } from '../../geometry/index.js';

/** Scores below are what a detector says of anything. */
const SCORE_FLOOR = 0.2;
/** Comparisons count half after so many others. */
const HALF_LIFE = 24;
/** It is too early to say anything before so many comparisons in which something was seen. */
const SAMPLES_MIN = 8;
/** What is seen more, as a share, before pictures are shown in another light, and below which they are no longer. */
const GAIN_ON = 0.06;
const GAIN_OFF = 0.02;
/** The gain must be so many of its standard errors above nothing. */
const ERRORS_ON = 1.5;
const FORGET = 0.5 ** (1 / HALF_LIFE);

/** What was found when the same pictures were looked at as they are and in another light. */
export interface LightEvidence {
  /** Comparisons in which something was seen; older ones count less. */
  readonly samples: number;
  /** How much more was seen in the other light, as a share of what was seen as it is; 0 before anything was. */
  readonly gain: number;
}

/**
 * Decides whether pictures of one stream are shown to its detector in another light: only while it sees more then, by comparisons of the same
 * picture in both. What is seen is the sum of scores; wrong detections that another light brings forth would count as well, and are held down by
 * the share that has to be gained.
 */
export class LightGate {
  #isOn = false;
  #weight = 0;
  #raw = 0;
  #gained = 0;
  #squares = 0;

  /** Whether it helps. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** Whether enough has been compared to know. */
  get isDecided(): boolean {
    return this.#weight >= SAMPLES_MIN;
  }

  /** What is known. */
  get evidence(): LightEvidence {
    return {
      samples: this.#weight,
      gain: this.#raw === 0 ? (this.#gained > 0 ? 1 : 0) : this.#gained / this.#raw,
    };
  }

  /** Takes what was found in one picture, as it is and in the other light. */
  note(raw: readonly Detection[], relit: readonly Detection[]): void {
    const seen = sum(raw);
    const gained = sum(relit) - seen;
    if (seen === 0 && gained === 0) return;
    this.#weight = this.#weight * FORGET + 1;
    this.#raw = this.#raw * FORGET + seen;
    this.#gained = this.#gained * FORGET + gained;
    this.#squares = this.#squares * FORGET + gained * gained;
    this.#decide();
  }

  /** Forgets everything: the light is another. */
  reset(): void {
    this.#isOn = false;
    this.#weight = this.#raw = this.#gained = this.#squares = 0;
  }

  #decide(): void {
    const { gain, samples } = this.evidence;
    if (this.#isOn) {
      if (gain < GAIN_OFF) this.#isOn = false;
      return;
    }
    if (!this.isDecided) return;
    const mean = this.#gained / samples;
    const error = Math.sqrt(Math.max(0, this.#squares / samples - mean * mean) / samples);
    this.#isOn = gain >= GAIN_ON && mean >= ERRORS_ON * error;
  }
}

function sum(detections: readonly Detection[]): number {
  return detections.reduce((all, { score }) => all + Math.max(0, score - SCORE_FLOOR), 0);
}
