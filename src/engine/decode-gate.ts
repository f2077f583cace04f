/** Presentation times are in 1/90000 s. */
const TICKS_PER_SECOND = 90_000;
/** What is held back up to a keyframe, at most; beyond it packets are decoded although nobody may want them. */
const HELD_MAX = 500;
/**
 * Packets before a wanted one are decoded so many at a time: each wake-up of a decoder finds its caches cold, and takes those of
 * others.
 */
const BATCH = 4;
/** What is made up for is bounded: after an overload nobody wants twice as many pictures. */
const BEHIND_PERIODS_MAX = 2;

/** What the gate must know of a packet. */
export interface GatePacket {
  readonly ptsTicks: number;
  readonly isKeyframe: boolean;
}

/** What is to be done with a packet. */
export type GateDecision =
  /** Decode it, and everything held before it. */
  | { readonly decode: true; readonly isWanted: boolean }
  /** Keep it: whether it is ever needed will be seen. */
  | { readonly decode: false };

/** How often pictures are wanted, and whether one could be analysed soon. */
export interface DecodeGateOptions {
  /** Highest number of pictures a second. */
  readonly fps: number;
  /** Whether a worker is free, or nearly, for a picture decoded now. */
  readonly hasRoom: () => boolean;
}

/**
 * Decides for one stream which packets are decoded, and which of their pictures are analysed.
 *
 * - **Wanted** is the first picture of each period of 1/fps. While no worker is free it is rather a later one: a picture that
 *   would wait is worth less than the next, and costs its decoding. The periods that follow move along, so that cameras settle
 *   where they do not meet; what was lost so is made up for at keyframes, which cost least.
 * - **Not needed** is what comes after the last wanted picture before a keyframe. Keyframes come regularly, so packets are held
 *   back when the next wanted one will come after the next keyframe, and forgotten when that arrives. If it is late, they are
 *   decoded at once. Other packets are held for a moment, to be decoded a few at a time. Streams with reordered pictures
 *   (B-frames) are decoded whole and at once: their decoder needs later packets.
 *
 * Pure: no time but the packets' own.
 */
export class DecodeGate<Packet extends GatePacket> {
  readonly #periodTicks: number;
  readonly #hasRoom: () => boolean;
  #held: Packet[] = [];
  #dueTicks: number | undefined;
  /** The first packet at which the picture now due could have been taken. */
  #missedTicks: number | undefined;
  /** By how much pictures were taken late, less what was made up for. */
  #behindTicks = 0;
  #keyframeTicks: number | undefined;
  #groupTicks: number | undefined;
  #newestTicks = -Infinity;
  #isReordered = false;
  #missed = 0;
  #skipped = 0;

  constructor({ fps, hasRoom }: DecodeGateOptions) {
    this.#periodTicks = TICKS_PER_SECOND / fps;
    this.#hasRoom = hasRoom;
  }

  /** Whether packets are being held back now. */
  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /** Takes the stream's next packet, in the order in which it came. */
  offer(packet: Packet): GateDecision {
    const { ptsTicks, isKeyframe } = packet;
    const distanceTicks = ptsTicks - this.#newestTicks;
    if (distanceTicks < 0) this.#isReordered = true;
    this.#newestTicks = Math.max(this.#newestTicks, ptsTicks);
    if (isKeyframe) this.#noteKeyframe(ptsTicks);
    if (this.#takesPicture(packet)) return { decode: true, isWanted: true };
    if (this.#mayHold(ptsTicks + distanceTicks)) {
      this.#held.push(packet);
      return { decode: false };
    }
    return { decode: true, isWanted: false };
  }

  /** The packets held back before the one that is to be decoded, oldest first; they are the caller's. */
  takeHeld(): Packet[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }

  /** Packets that were never decoded since nobody wanted their pictures, since the last call. */
  countSkipped(): number {
    const count = this.#skipped;
    this.#skipped = 0;
    return count;
  }

  /** Wanted pictures that were not taken for want of a worker, since the last call. */
  countMissed(): number {
    const count = this.#missed;
    this.#missed = 0;
    return count;
  }

  #takesPicture({ ptsTicks, isKeyframe }: GatePacket): boolean {
    this.#dueTicks ??= ptsTicks;
    const earlyTicks = this.#dueTicks - ptsTicks;
    if (earlyTicks > 0) {
      if (!isKeyframe || earlyTicks > this.#behindTicks || !this.#hasRoom()) return false;
      this.#behindTicks -= earlyTicks;
      this.#dueTicks = ptsTicks + this.#periodTicks;
      return true;
    }
    this.#missedTicks ??= ptsTicks;
    const deferredTicks = ptsTicks - this.#missedTicks;
    if (!this.#hasRoom()) return false;
    // Exact on average: the grid of periods moves by what was waited for, not by the distance of packets. It begins anew here
    // when it lags by more than a period: after a gap, and for a stream slower than fps.
    const nextTicks = this.#dueTicks + this.#periodTicks + deferredTicks;
    this.#dueTicks = nextTicks > ptsTicks ? nextTicks : ptsTicks + this.#periodTicks;
    this.#missed += Math.floor(deferredTicks / this.#periodTicks);
    this.#behindTicks = Math.min(this.#behindTicks + deferredTicks, BEHIND_PERIODS_MAX * this.#periodTicks);
    this.#missedTicks = undefined;
    return true;
  }

  #noteKeyframe(ptsTicks: number): void {
    if (this.#keyframeTicks !== undefined) this.#groupTicks = ptsTicks - this.#keyframeTicks;
    this.#keyframeTicks = ptsTicks;
    this.#forgetHeld();
  }

  /** @param nextTicks when the next packet is expected */
  #mayHold(nextTicks: number): boolean {
    if (this.#isReordered) return false;
    if (!this.#isNeeded()) return this.#held.length < HELD_MAX;
    // What the next packet's picture depends on is decoded before it comes, if it will be wanted.
    return this.#held.length < BATCH - 1 && nextTicks < (this.#dueTicks ?? 0);
  }

  /** Whether a wanted picture will depend on the packets that come now, as far as can be foreseen. */
  #isNeeded(): boolean {
    if (this.#keyframeTicks === undefined || this.#groupTicks === undefined) return true;
    // A picture that is due already is wanted as soon as there is room.
    if (this.#missedTicks !== undefined) return true;
    return (this.#dueTicks ?? 0) < this.#keyframeTicks + this.#groupTicks;
  }

  #forgetHeld(): void {
    this.#skipped += this.#held.length;
    this.#held = [];
  }
}
