import type { Clock, Timer } from '../base/index.js';

/** After a limit has passed, input that waits behind a busy event loop gets this long to be seen. */
const SECOND_LOOK_MS = 250;

/**
 * Notices that frames no longer come. It counts whole frames, since a camera that drips bytes also keeps a
 * socket busy.
 */
export class FrameWatch {
  readonly #clock: Clock;
  readonly #keyframeTimeoutMs: number;
  readonly #stallTimeoutMs: number;
  readonly #onStalled: (silentMs: number) => void;
  readonly #startedMs: number;
  #timer: Timer;
  #firstFrameTimeoutMs: number;
  #frames = 0;
  #lastFrameMs = 0;
  #lastKeyframeMs: number | undefined;
  #keyframeDistanceMs = 0;
  #isSecondLook = false;

  /** @param options.onStalled called once, with the milliseconds since the last frame, or since the start */
  constructor(options: {
    readonly clock: Clock;
    readonly firstFrameTimeoutMs: number;
    readonly keyframeTimeoutMs: number;
    readonly stallTimeoutMs: number;
    readonly onStalled: (silentMs: number) => void;
  }) {
    this.#clock = options.clock;
    this.#firstFrameTimeoutMs = options.firstFrameTimeoutMs;
    this.#keyframeTimeoutMs = options.keyframeTimeoutMs;
    this.#stallTimeoutMs = options.stallTimeoutMs;
    this.#onStalled = options.onStalled;
    this.#startedMs = options.clock.monotonicMs();
    this.#timer = this.#clock.after(this.#limitMs, () => this.#look());
  }

  get frames(): number {
    return this.#frames;
  }

  /** The stream was recognised, which takes packets of it: what is still missing is a keyframe. */
  onStreamSeen(): void {
    this.#firstFrameTimeoutMs = Math.max(this.#firstFrameTimeoutMs, this.#keyframeTimeoutMs);
  }

  /** A frame arrived. Sets no timer: the one that runs looks at the time of the last frame. */
  onFrame(arrivedMs: number, isKeyframe: boolean): void {
    this.#frames++;
    this.#lastFrameMs = arrivedMs;
    if (this.#frames === 1) this.#rearm(this.#stallTimeoutMs);
    if (!isKeyframe) return;
    if (this.#lastKeyframeMs !== undefined) this.#keyframeDistanceMs = arrivedMs - this.#lastKeyframeMs;
    this.#lastKeyframeMs = arrivedMs;
  }

  close(): void {
    this.#timer.cancel();
  }

  get #limitMs(): number {
    if (this.#frames === 0) return this.#firstFrameTimeoutMs;
    return Math.max(this.#stallTimeoutMs, 2 * this.#keyframeDistanceMs);
  }

  #look(): void {
    const sinceMs = this.#frames === 0 ? this.#startedMs : this.#lastFrameMs;
    const silentMs = this.#clock.monotonicMs() - sinceMs;
    const leftMs = this.#limitMs - silentMs;
    if (leftMs > 0) {
      this.#isSecondLook = false;
      this.#rearm(leftMs);
    } else if (this.#isSecondLook) {
      this.#onStalled(silentMs);
    } else {
      this.#isSecondLook = true;
      this.#rearm(SECOND_LOOK_MS);
    }
  }

  #rearm(delayMs: number): void {
    this.#timer.cancel();
    this.#timer = this.#clock.after(delayMs, () => this.#look());
  }
}
