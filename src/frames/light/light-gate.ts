import type { Detection } from '../../geometry/index.js';

/** Scores below are mostly what a detector says of nothing, and rise in another light as well. */
const SCORE_FLOOR = 0.35;
/** Comparisons count half after so many others. */
const HALF_LIFE = 24;
/** It is too early to say anything before so many comparisons in which something was seen. */
const SAMPLES_MIN = 12;
/** What is seen more, as a share, before pictures are shown in another light, and below which they are no longer. */
const GAIN_ON = 0.2;
const GAIN_OFF = 0.07;
/** The gain must be so many of its standard errors above nothing. */
const ERRORS_ON = 1.5;
const FORGET = 0.5 ** (1 / HALF_LIFE);

/** What was found when the same pictures were looked at as they are and in another light. */
export interface LightEvidence {
  /** Comparisons in which something was seen; older ones count less. */
  readonly samples: number;
  /** How much more was seen in the other light, as a share of what was seen as it is: of everything, or of the label that is seen most, whichever is less. 0 before anything was. */
  readonly gain: number;
}

/** Sums of scores of one label, as it is and in the other light. */
interface Seen {
  raw: number;
  relit: number;
}

/**
 * Decides whether pictures of one stream are shown to its detector in another light: only while it sees more then, by comparisons of the same
 * picture in both. What is seen is the sum of scores that are somewhat sure. Wrong detections that another light brings forth count as well: they are
 * held down by the share that has to be gained, and by the label that is seen most, which has to gain it, too (red lamps that become traffic lights are
 * no reason). What that gains and costs is measured in docs/light.md.
 */
export class LightGate {
  #isOn = false;
  #weight = 0;
  readonly #labels = new Map<string, Seen>();
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
    const all: Seen = { raw: 0, relit: 0 };
    let most: Seen = all;
    for (const seen of this.#labels.values()) {
      all.raw += seen.raw;
      all.relit += seen.relit;
      if (most === all || seen.raw + seen.relit > most.raw + most.relit) most = seen;
    }
    return { samples: this.#weight, gain: Math.min(gainOf(all), gainOf(most)) };
  }

  /** Takes what was found in one picture, as it is and in the other light. */
  note(raw: readonly Detection[], relit: readonly Detection[]): void {
    const [seen, other] = [sum(raw), sum(relit)];
    if (seen === 0 && other === 0) return;
    const gained = other - seen;
    this.#weight = this.#weight * FORGET + 1;
    for (const label of this.#labels.values()) {
      label.raw *= FORGET;
      label.relit *= FORGET;
    }
    for (const one of raw) this.#seenOf(one.label).raw += worthOf(one);
    for (const one of relit) this.#seenOf(one.label).relit += worthOf(one);
    this.#gained = this.#gained * FORGET + gained;
    this.#squares = this.#squares * FORGET + gained * gained;
    this.#decide();
  }

  /** Forgets everything: the light is another. */
  reset(): void {
    this.#isOn = false;
    this.#labels.clear();
    this.#weight = this.#gained = this.#squares = 0;
  }

  #seenOf(label: string): Seen {
    let seen = this.#labels.get(label);
    if (seen === undefined) this.#labels.set(label, (seen = { raw: 0, relit: 0 }));
    return seen;
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

function gainOf({ raw, relit }: Seen): number {
  return raw === 0 ? (relit > 0 ? 1 : 0) : (relit - raw) / raw;
}

function worthOf({ score }: Detection): number {
  return Math.max(0, score - SCORE_FLOOR);
}

function sum(detections: readonly Detection[]): number {
  return detections.reduce((all, one) => all + worthOf(one), 0);
}
