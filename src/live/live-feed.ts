import type { Fragment, StreamInfo } from '../ingest/index.js';

/** The current group of pictures is kept for new viewers up to this size and length. */
const GROUP_BYTES_MAX = 32 * 1024 * 1024;
const GROUP_MS_MAX = 20_000;
/** What may wait for one viewer, the next fragment included. */
const VIEWER_BYTES_MAX = 4 * 1024 * 1024;
/** So much of the stream may come while a fragment waits for one viewer: later pictures are not live. */
const VIEWER_MS_MAX = 2000;
/** A message's own header, at most: with less, one that has left would seem to wait. */
const HEADER_BYTES = 16;

/** Where a viewer's messages go: one WebSocket. Buffers are shared between viewers and must not be changed. */
export interface LiveViewer {
  /** Bytes accepted by `sendText` and `sendBinary` that have not left yet. */
  bufferedBytes(): number;
  sendText(text: string): void;
  sendBinary(bytes: Buffer): void;
  /** The camera is gone: nothing more will come. */
  end(reason: string): void;
}

/** A viewer's place in a feed; `close` is idempotent. */
export interface LiveView {
  close(): void;
}

interface Seat {
  readonly viewer: LiveViewer;
  /** `starting` and `skipping` (something was lost) last until the next keyframe. */
  state: 'starting' | 'flowing' | 'skipping';
  /** What the viewer has been given and may not have left yet, earliest first. */
  readonly waiting: Waiting[];
  waitingBytes: number;
}

interface Waiting {
  readonly bytes: number;
  /** When the newest fragment had arrived that there was by then. */
  readonly givenMs: number;
}

/**
 * One camera's live pictures, handed to any number of viewers without a copy: a new one begins with the
 * current group of pictures, one that is slower than the stream skips to the next keyframe. See `design/event-stream.md` for the wire.
 */
export class LiveFeed {
  readonly #onDropped: (() => void) | undefined;
  readonly #seats = new Set<Seat>();
  #stream: StreamInfo | undefined;
  /** From its keyframe on; empty while it would be too large, until the next keyframe. */
  #group: Fragment[] = [];
  #groupBytes = 0;

  /** @param options.onDropped called for each fragment that a slow viewer did not get */
  constructor(options: { readonly onDropped?: () => void } = {}) {
    this.#onDropped = options.onDropped;
  }

  /** Number of viewers now. */
  get viewers(): number {
    return this.#seats.size;
  }

  /** The stream and its frames from the last keyframe on; undefined while there are none, or too many. */
  get group(): { readonly stream: StreamInfo; readonly fragments: readonly Fragment[] } | undefined {
    if (this.#stream === undefined || this.#group.length === 0) return undefined;
    return { stream: this.#stream, fragments: this.#group.slice() };
  }

  /** The camera's stream begins, or begins anew: all viewers get the new init segment. */
  startStream(stream: StreamInfo): void {
    this.#stream = stream;
    this.#forgetGroup();
    for (const seat of this.#seats) announce(seat, stream);
  }

  /** The next fragment of the current stream; one of an older epoch is ignored. */
  push(fragment: Fragment): void {
    if (fragment.epoch !== this.#stream?.epoch) return;
    this.#keep(fragment);
    for (const seat of this.#seats) this.#deliver(seat, fragment, fragment.arrivedMs);
  }

  /** Adds a viewer, who gets the current stream from its last keyframe at once, or the next stream when it starts. */
  addViewer(viewer: LiveViewer): LiveView {
    const seat: Seat = { viewer, state: 'starting', waiting: [], waitingBytes: 0 };
    this.#seats.add(seat);
    if (this.#stream !== undefined) {
      announce(seat, this.#stream);
      const nowMs = this.#group.at(-1)?.arrivedMs ?? 0;
      for (const fragment of this.#group) this.#deliver(seat, fragment, nowMs);
    }
    return { close: () => void this.#seats.delete(seat) };
  }

  /** The stream is over: who comes from now on begins with the next one. */
  endStream(): void {
    this.#stream = undefined;
    this.#forgetGroup();
  }

  /** Ends all viewers; for a camera that was removed. */
  close(): void {
    this.endStream();
    for (const { viewer } of this.#seats) viewer.end('camera removed');
    this.#seats.clear();
  }

  #keep(fragment: Fragment): void {
    if (fragment.isKeyframe) this.#forgetGroup();
    else if (this.#group.length === 0) return;
    this.#group.push(fragment);
    this.#groupBytes += fragment.bytes.length;
    const lengthMs = fragment.arrivedMs - this.#group[0]!.arrivedMs;
    if (this.#groupBytes > GROUP_BYTES_MAX || lengthMs > GROUP_MS_MAX) this.#forgetGroup();
  }

  #forgetGroup(): void {
    this.#group = [];
    this.#groupBytes = 0;
  }

  /** @param nowMs when the stream's newest fragment arrived */
  #deliver(seat: Seat, fragment: Fragment, nowMs: number): void {
    if (seat.state === 'starting' && !fragment.isKeyframe) return;
    const lost = seat.state === 'skipping' && !fragment.isKeyframe;
    const { viewer, waiting } = seat;
    const { length: bytes } = fragment.bytes;
    const bufferedBytes = viewer.bufferedBytes();
    if (
      lost ||
      bufferedBytes + bytes > VIEWER_BYTES_MAX ||
      nowMs - oldestGivenMs(seat, bufferedBytes, nowMs) > VIEWER_MS_MAX
    ) {
      seat.state = 'skipping';
      this.#onDropped?.();
      return;
    }
    seat.state = 'flowing';
    waiting.push({ bytes: bytes + HEADER_BYTES, givenMs: nowMs });
    seat.waitingBytes += bytes + HEADER_BYTES;
    viewer.sendBinary(fragment.bytes);
  }
}

/** When the oldest fragment was given that has not left yet; now where none waits. */
function oldestGivenMs(seat: Seat, bufferedBytes: number, nowMs: number): number {
  const { waiting } = seat;
  while (waiting.length > 0 && seat.waitingBytes - waiting[0]!.bytes >= bufferedBytes)
    seat.waitingBytes -= waiting.shift()!.bytes;
  return waiting[0]?.givenMs ?? nowMs;
}

function announce(seat: Seat, stream: StreamInfo): void {
  seat.state = 'starting';
  seat.viewer.sendText(`video/mp4; codecs="${stream.codec}"`);
  const { epoch, widthPx: width, heightPx: height } = stream;
  seat.viewer.sendText(JSON.stringify({ type: 'epoch', epoch, width, height }));
  seat.viewer.sendBinary(stream.initSegment);
}
