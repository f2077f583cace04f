/** A picture that is shown, or shown on, at a time. Both in 1/90000 s. */
export interface Step {
  readonly ptsTicks: number;
  readonly durationTicks: number;
}

/** What is given to the encoder for one picture. */
export interface StepsOfPicture {
  /** Copies of the picture before, from the second on, that lead up to this one. */
  readonly repeats: number;
  /** When each thing shows that has got its time by this picture: copies of the one before from the first on, then this one. */
  readonly steps: readonly Step[];
}

/** A picture and its copies are so far apart, where one comes twice as often: as far as half of the last way from one picture to the next was. */
const STEP_MIN_TICKS = 9000;
const STEP_MAX_TICKS = 45_000;
/** Of one picture and its copies. */
const STEPS_MIN = 2;

/**
 * The times of a stream in which each picture is shown until the next, whenever that comes. A browser takes a picture that begins long after the end of the
 * one before for a stream that was cut, and waits for a keyframe: so each is shown on in even steps up to the next, of about the length that was said of it.
 * Every picture is given to the encoder twice at once, as a muxer gives out a picture when it has the next one.
 *
 * @see Media Source Extensions, "Coded Frame Processing", step 6
 */
export class CoveredSteps {
  #last: Step | undefined;

  /** The next picture; its time is later than the last one's. */
  next(ptsTicks: number): StepsOfPicture {
    const last = this.#last;
    if (last === undefined) {
      this.#last = { ptsTicks, durationTicks: STEP_MIN_TICKS };
      return { repeats: 0, steps: [this.#last] };
    }
    const wayTicks = ptsTicks - last.ptsTicks;
    const count = Math.max(STEPS_MIN, Math.round(wayTicks / last.durationTicks));
    const at = (step: number) => last.ptsTicks + Math.round((wayTicks * step) / count);
    const copies = Array.from({ length: count - 1 }, (_, index) => ({
      ptsTicks: at(index + 1),
      durationTicks: at(index + 2) - at(index + 1),
    }));
    // How long it is shown is not known before the next one comes: as long as the last one.
    const stepTicks = Math.min(STEP_MAX_TICKS, Math.max(STEP_MIN_TICKS, Math.round(wayTicks / STEPS_MIN)));
    this.#last = { ptsTicks, durationTicks: stepTicks };
    return { repeats: count - STEPS_MIN, steps: [...copies, this.#last] };
  }
}
