import type { FrameMessage } from '../../../src/server/protocol.js';

/** Half a minute at 5 analysed frames a second: far more than any picture is ever behind. */
const FRAMES_MAX = 150;
/** The stream that is shown, and the one that is about to be. */
const EPOCHS_MAX = 2;

/** The latest analysed frames of one camera, by epoch, in the order of their presentation times. */
export class FrameBuffer {
  /** Newest epoch last. */
  readonly #byEpoch = new Map<number, FrameMessage[]>();

  /** Keeps a frame; a second one of the same epoch and time takes the place of the first. */
  add(message: FrameMessage): void {
    let frames = this.#byEpoch.get(message.epoch);
    if (frames === undefined) {
      frames = [];
      this.#byEpoch.set(message.epoch, frames);
      if (this.#byEpoch.size > EPOCHS_MAX) this.#forgetOldestEpoch();
    }
    let at = frames.length;
    while (at > 0 && frames[at - 1]!.ptsMs > message.ptsMs) at--;
    const isKnown = frames[at - 1]?.ptsMs === message.ptsMs;
    frames.splice(isKnown ? at - 1 : at, isKnown ? 1 : 0, message);
    if (frames.length > FRAMES_MAX) frames.shift();
  }

  /** The frames of one epoch, earliest first. The array belongs to the buffer and changes. */
  framesOf(epoch: number): readonly FrameMessage[] {
    return this.#byEpoch.get(epoch) ?? [];
  }

  /**
   * Forgets everything. Epochs count from one again when the server restarts, so after each reconnect what
   * is here may belong to another stream of the same number.
   */
  clear(): void {
    this.#byEpoch.clear();
  }

  #forgetOldestEpoch(): void {
    for (const epoch of this.#byEpoch.keys()) {
      this.#byEpoch.delete(epoch);
      return;
    }
  }
}
