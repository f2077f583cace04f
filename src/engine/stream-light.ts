import type { Light } from '../events/index.js';
import {
  LightGate,
  LightJudge,
  LightMeter,
  LightNormaliser,
  type LightMeasures,
  type LightMethod,
  type Relighting,
} from '../frames/index.js';
import type { Detection, Size } from '../geometry/index.js';
import type { LightMode, LightReport } from './messages.js';

/** What `auto` tries, see docs/light.md. */
const TRIED: readonly LightMethod[] = ['clahe', 'gamma', 'shades-of-grey', 'balanced'];
/** How often both lights are compared: until it is decided, from then on, and where nothing is to be expected of it. */
const UNDECIDED_MS = 1000;
const DECIDED_MS = 5000;
const ORDINARY_MS = 60_000;

/** Daylight as a detector's own pictures have it. */
const ORDINARY = { lumaMin: 0.28, lumaMax: 0.7, spreadMin: 0.13, brightMax: 0.25, castMax: 10 };

/** One method, and whether it is worth it. */
interface Candidate {
  readonly method: LightMethod;
  readonly normaliser: LightNormaliser;
  readonly gate: LightGate;
}

/** A picture that is to be looked at the other way as well. */
export interface LightComparison {
  /** The other way; as it is when absent. */
  readonly relighting?: Relighting;
  /** Takes what was found in the picture as it is, and in the other light. */
  readonly note: (raw: readonly Detection[], relit: readonly Detection[]) => void;
}

/** The light of one picture, and how the detector is to see it. */
export interface LitPicture {
  readonly light: Light;
  /** The light to show it in; as it is when absent. */
  readonly relighting?: Relighting;
  /** Absent when nothing is to be found out. */
  readonly comparison?: LightComparison;
}

/** The light of one stream's pictures: measured, judged, and changed for the detector where that helps it. */
export class StreamLight {
  readonly #meter: LightMeter;
  readonly #judge = new LightJudge();
  readonly #isAuto: boolean;
  readonly #candidates: readonly Candidate[];
  /** Curves by the slot of the picture in its queue, shared with the workers. */
  readonly #curves: (Uint8Array | undefined)[] = [];
  readonly #curveBytes: number;
  #chosen: Candidate | undefined;
  #measures: LightMeasures | undefined;
  #turn = 0;
  #regime: Light['regime'] | undefined;
  #comparedMs: number | undefined;

  constructor(size: Size, mode: LightMode) {
    this.#meter = new LightMeter(size);
    this.#isAuto = mode === 'auto';
    const methods = mode === 'off' ? [] : mode === 'auto' ? TRIED : [mode];
    this.#candidates = methods.map((method) => ({
      method,
      normaliser: new LightNormaliser(size, method),
      gate: new LightGate(),
    }));
    this.#curveBytes = Math.max(0, ...this.#candidates.map(({ normaliser }) => normaliser.curveBytes));
    if (!this.#isAuto) this.#chosen = this.#candidates[0];
  }

  /** Of the last picture; undefined before the first. */
  get measures(): LightMeasures | undefined {
    return this.#measures;
  }

  /** What is known of the method that does best; undefined where none is tried. */
  get report(): LightReport | undefined {
    if (!this.#isAuto) return undefined;
    const { method, gate } = this.#chosen ?? best(this.#candidates);
    return { method, isOn: this.#chosen !== undefined, ...gate.evidence };
  }

  /**
   * @param picture I420 of the size; only read, during the call
   * @param slot of its queue: the curves of the picture before in it are overwritten
   * @param isLooked whether the detector looks at it
   */
  next(picture: Uint8Array, slot: number, ptsMs: number, isLooked = true): LitPicture {
    const measures = this.#meter.measure(picture);
    this.#measures = measures;
    const regime = this.#judge.take(measures, ptsMs);
    if (this.#isAuto) this.#note(regime);
    const light = { regime, meanLuma: measures.meanLuma, normalised: isLooked && this.#chosen !== undefined };
    if (!isLooked || this.#candidates.length === 0) return { light };
    const isDue = this.#isAuto && regime !== 'flash' && this.#isDue(measures, ptsMs);
    const candidate = this.#chosen ?? (isDue ? this.#next() : undefined);
    if (candidate === undefined) return { light };
    const { normaliser, gate } = candidate;
    const relighting = normaliser.plan(picture, measures, ptsMs, this.#curvesOf(slot));
    const shown = this.#chosen === undefined ? {} : { relighting };
    if (!isDue) return { light, ...shown };
    const note = (raw: readonly Detection[], relit: readonly Detection[]) => {
      gate.note(raw, relit);
      this.#decide();
    };
    const other = this.#chosen === undefined ? { relighting } : {};
    return { light, ...shown, comparison: { ...other, note } };
  }

  /** What is good in the dark says nothing of the day. A flash is over before anything is known. */
  #note(regime: Light['regime']): void {
    if (regime === 'flash' || regime === this.#regime) return;
    this.#regime = regime;
    this.#chosen = undefined;
    this.#comparedMs = undefined;
    for (const { gate } of this.#candidates) gate.reset();
  }

  #isDue(measures: LightMeasures, ptsMs: number): boolean {
    const isUndecided = this.#candidates.some(({ gate }) => !gate.isDecided);
    const soonMs = isUndecided ? UNDECIDED_MS : DECIDED_MS;
    const everyMs = this.#chosen === undefined && this.#isOrdinary(measures) ? ORDINARY_MS : soonMs;
    if (this.#comparedMs !== undefined && ptsMs - this.#comparedMs < everyMs) return false;
    this.#comparedMs = ptsMs;
    return true;
  }

  #isOrdinary({ meanLuma, spread, brightShare, castU, castV }: LightMeasures): boolean {
    const { lumaMin, lumaMax, spreadMin, brightMax, castMax } = ORDINARY;
    return (
      this.#regime === 'day' &&
      meanLuma >= lumaMin &&
      meanLuma <= lumaMax &&
      spread >= spreadMin &&
      brightShare <= brightMax &&
      Math.max(Math.abs(castU), Math.abs(castV)) <= castMax
    );
  }

  #next(): Candidate {
    return this.#candidates[this.#turn++ % this.#candidates.length]!;
  }

  /** The one that gains most, once all have been tried; until that one no longer helps. */
  #decide(): void {
    if (this.#chosen !== undefined) {
      if (!this.#chosen.gate.isOn) this.#chosen = undefined;
      return;
    }
    if (!this.#candidates.every(({ gate }) => gate.isDecided)) return;
    const helpful = this.#candidates.filter(({ gate }) => gate.isOn);
    if (helpful.length > 0) this.#chosen = best(helpful);
  }

  #curvesOf(slot: number): Uint8Array {
    return (this.#curves[slot] ??= new Uint8Array(new SharedArrayBuffer(this.#curveBytes)));
  }
}

/** The one that gains most. */
function best(candidates: readonly Candidate[]): Candidate {
  return candidates.reduce((most, one) => (one.gate.evidence.gain > most.gate.evidence.gain ? one : most));
}
