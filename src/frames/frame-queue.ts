/** Times that stay with a frame from its arrival to the last message about it. */
export interface FrameTimes {
  /** Presentation time in its stream, 1/90000 s. */
  readonly ptsTicks: number;
  /** Arrival of its packet, monotonic ms. */
  readonly arrivedMs: number;
  /** Arrival of its packet, ms since 1970 UTC. */
  readonly capturedAtMs: number;
  /** When its picture was complete, monotonic ms. */
  readonly decodedMs: number;
}

/** A frame taken from the queue: `memory` from `byteOffset` is its taker's until `release`. */
export interface QueuedFrame extends FrameTimes {
  readonly slot: number;
  readonly byteOffset: number;
}

/** Size and behaviour of a queue; both are fixed for its life. */
export interface FrameQueueOptions {
  readonly frameBytes: number;
  /** Frames that may be taken and not yet released at one time. */
  readonly takenMax: number;
  /** `latest`: a new frame replaces the waiting one. `lossless`: the writer waits for room. */
  readonly policy: 'latest' | 'lossless';
}

/**
 * A bounded queue of raw frames in one SharedArrayBuffer, filled by one writer and read by worker threads
 * without a copy in between. All bookkeeping is done by one thread (the engine's), so a slot needs no lock:
 * it is either free, being written, waiting, or taken. Nothing is allocated per frame but the small record.
 */
export class FrameQueue {
  readonly memory: SharedArrayBuffer;
  readonly #options: FrameQueueOptions;
  readonly #free: number[];
  readonly #waiting: QueuedFrame[] = [];
  readonly #waitingMax: number;
  #writing: number | undefined;
  #taken = 0;
  #replaced = 0;

  constructor(options: FrameQueueOptions) {
    this.#options = options;
    this.#waitingMax = options.policy === 'latest' ? 1 : options.takenMax;
    const slots = 1 + this.#waitingMax + options.takenMax;
    this.memory = new SharedArrayBuffer(slots * options.frameBytes);
    this.#free = Array.from({ length: slots }, (_, slot) => slot);
  }

  /** The buffer to write the next frame into, or undefined while a lossless queue is full. Asked again before `commit`, it is the same. */
  writeTarget(): Uint8Array | undefined {
    if (this.#options.policy === 'lossless' && this.#waiting.length >= this.#waitingMax) return undefined;
    this.#writing ??= this.#free.pop();
    if (this.#writing === undefined) return undefined;
    return new Uint8Array(this.memory, this.#writing * this.#options.frameBytes, this.#options.frameBytes);
  }

  /** Makes the frame just written available; in a `latest` queue it replaces the one still waiting. */
  commit(times: FrameTimes): void {
    const slot = this.#writing;
    if (slot === undefined) throw new Error('commit without a write target');
    this.#writing = undefined;
    if (this.#options.policy === 'latest') {
      const stale = this.#waiting.shift();
      if (stale !== undefined) {
        this.#free.push(stale.slot);
        this.#replaced++;
      }
    }
    this.#waiting.push({ ...times, slot, byteOffset: slot * this.#options.frameBytes });
  }

  /** Whether `take` would return a frame. */
  get ready(): boolean {
    return this.#waiting.length > 0 && this.#taken < this.#options.takenMax;
  }

  /** The oldest waiting frame, or undefined when none waits or too many are taken. */
  take(): QueuedFrame | undefined {
    if (!this.ready) return undefined;
    this.#taken++;
    return this.#waiting.shift();
  }

  /** Gives a taken frame's memory back. */
  release(frame: QueuedFrame): void {
    this.#taken--;
    this.#free.push(frame.slot);
  }

  /** How many frames were replaced unseen since the last call. */
  countReplaced(): number {
    const count = this.#replaced;
    this.#replaced = 0;
    return count;
  }
}
