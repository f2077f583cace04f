import { TICKS_PER_SECOND } from './types.js';

/** Media time may run ahead of real time by this much from one frame to the next. */
const JUMP_MS = 10_000;
/** FFmpeg writes times that step back as one tick after the last: so many in a row are no accident. */
const PINNED_FRAMES = 5;

/** Notices that a camera's clock was set, so that times after it have nothing to do with those before. */
export class TimelineWatch {
  #lastDtsTicks: number | undefined;
  #lastArrivedMs = 0;
  #pinned = 0;

  /** Takes a frame's decoding time and arrival; tells what is wrong with it, if anything. */
  check(dtsTicks: number, arrivedMs: number): string | undefined {
    const last = this.#lastDtsTicks;
    const passedMs = arrivedMs - this.#lastArrivedMs;
    this.#lastDtsTicks = dtsTicks;
    this.#lastArrivedMs = arrivedMs;
    if (last === undefined) return undefined;
    const stepTicks = dtsTicks - last;
    const aheadMs = (stepTicks * 1000) / TICKS_PER_SECOND - passedMs;
    if (aheadMs > JUMP_MS) return `the camera's clock jumped ahead by ${Math.round(aheadMs / 1000)} s`;
    this.#pinned = stepTicks <= 1 ? this.#pinned + 1 : 0;
    return this.#pinned >= PINNED_FRAMES ? "the camera's clock stepped back" : undefined;
  }
}
