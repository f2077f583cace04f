import type { StreamChannel, StreamItem } from './stream-channel.js';

/** What may wait for one client in all: here, in its channel, and the next message. */
export const QUEUE_BYTES_MAX = 1024 * 1024;
/** What is handed to the channel at a time; what lies there can no longer be dropped. */
const CHANNEL_BYTES_MAX = 64 * 1024;

interface WaitingFrame {
  bytes: Buffer;
  /** Frames of this camera that the client did not get since the last one that it got. */
  dropped: number;
}

/**
 * What waits for one client of the event stream: durable messages in order, and the latest frame of each
 * camera. Buffers are shared between clients and not changed.
 */
export class ClientQueue {
  readonly #channel: StreamChannel;
  readonly #onDropped: (count: number) => void;
  readonly #onDrained: () => void;
  #durable: StreamItem[] = [];
  /** First of `#durable` not yet handed to the channel. */
  #at = 0;
  readonly #frames = new Map<string, WaitingFrame>();
  /** Drops of cameras of which no frame waits. */
  readonly #droppedBefore = new Map<string, number>();
  #waitingBytes = 0;

  /**
   * @param options.onDropped called with the number of frames given up
   * @param options.onDrained called when all durable messages have been taken by the channel
   */
  constructor(
    channel: StreamChannel,
    options: { onDropped: (count: number) => void; onDrained: () => void },
  ) {
    this.#channel = channel;
    this.#onDropped = options.onDropped;
    this.#onDrained = options.onDrained;
  }

  /** Bytes waiting here and in the channel. */
  get bytes(): number {
    return this.#waitingBytes + this.#channel.bufferedBytes;
  }

  /** True while messages that must arrive wait here. */
  get hasDurable(): boolean {
    return this.#durable.length > 0;
  }

  /** Queues a message that must arrive. False when it does not fit even with all frames given up. */
  pushDurable(item: StreamItem): boolean {
    const { length } = item.bytes;
    if (this.bytes + length > QUEUE_BYTES_MAX) this.#dropFrames();
    if (this.bytes + length > QUEUE_BYTES_MAX) return false;
    this.#durable.push(item);
    this.#waitingBytes += length;
    this.#pump();
    return true;
  }

  /** Queues a camera's latest frame in place of one that still waits; a frame that does not fit is dropped. */
  pushFrame(camera: string, bytes: Buffer): void {
    let dropped = this.#droppedBefore.get(camera) ?? 0;
    const waiting = this.#frames.get(camera);
    if (waiting !== undefined) {
      dropped = waiting.dropped + 1;
      this.#forget(camera, waiting);
      this.#onDropped(1);
    }
    if (this.bytes + bytes.length > QUEUE_BYTES_MAX) {
      this.#droppedBefore.set(camera, dropped + 1);
      this.#onDropped(1);
      return;
    }
    this.#droppedBefore.delete(camera);
    this.#frames.set(camera, { bytes, dropped });
    this.#waitingBytes += bytes.length;
    this.#pump();
  }

  /** Gives up everything that waits here. */
  clear(): void {
    this.#durable = [];
    this.#at = 0;
    this.#frames.clear();
    this.#droppedBefore.clear();
    this.#waitingBytes = 0;
  }

  #dropFrames(): void {
    for (const [camera, frame] of this.#frames) {
      this.#forget(camera, frame);
      this.#droppedBefore.set(camera, frame.dropped + 1);
      this.#onDropped(1);
    }
  }

  #forget(camera: string, frame: WaitingFrame): void {
    this.#frames.delete(camera);
    this.#waitingBytes -= frame.bytes.length;
  }

  #pump(): void {
    while (this.#channel.isOpen && this.#channel.bufferedBytes < CHANNEL_BYTES_MAX) {
      const next = this.#takeDurable() ?? this.#takeFrame();
      if (next === undefined) break;
      this.#channel.send(next, this.#taken);
    }
  }

  readonly #taken = (): void => {
    this.#pump();
    if (!this.hasDurable) this.#onDrained();
  };

  #takeDurable(): StreamItem | undefined {
    const next = this.#durable[this.#at];
    if (next === undefined) return undefined;
    this.#waitingBytes -= next.bytes.length;
    if (++this.#at === this.#durable.length) {
      this.#durable = [];
      this.#at = 0;
    }
    return next;
  }

  #takeFrame(): StreamItem | undefined {
    for (const [camera, frame] of this.#frames) {
      this.#forget(camera, frame);
      return { bytes: frame.dropped === 0 ? frame.bytes : withDropped(frame.bytes, frame.dropped) };
    }
    return undefined;
  }
}

/** Adds `dropped` to a finished JSON object, so that the message is serialised once for all clients. */
function withDropped(json: Buffer, dropped: number): Buffer {
  return Buffer.concat([json.subarray(0, json.length - 1), Buffer.from(`,"dropped":${dropped}}`)]);
}
