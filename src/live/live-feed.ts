import type { Fragment, StreamInfo } from '../ingest/index.js';

/** The current group of pictures is kept for new viewers up to this size and length. */
const GROUP_BYTES_MAX = 32 * 1024 * 1024;
const GROUP_MS_MAX = 20_000;
/** What may wait for one viewer, the next fragment included. */
const VIEWER_BYTES_MAX = 4 * 1024 * 1024;

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
}

/**
 * One camera's live pictures, handed to any number of viewers without a copy: a new one begins with the
 * current group of pictures, a slow one skips to the next keyframe. See `design/event-stream.md` for the wire.
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
    for (const seat of this.#seats) this.#deliver(seat, fragment);
  }

  /** Adds a viewer, who gets the current stream from its last keyframe at once, or the next stream when it starts. */
  addViewer(viewer: LiveViewer): LiveView {
    const seat: Seat = { viewer, state: 'starting' };
    this.#seats.add(seat);
    if (this.#stream !== undefined) {
      announce(seat, this.#stream);
      for (const fragment of this.#group) this.#deliver(seat, fragment);
    }
    return { close: () => void this.#seats.delete(seat) };
  }

  /** Ends all viewers; for a camera that was removed. */
  close(): void {
    this.#stream = undefined;
    this.#forgetGroup();
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

  #deliver(seat: Seat, fragment: Fragment): void {
    if (seat.state === 'starting' && !fragment.isKeyframe) return;
    const lost = seat.state === 'skipping' && !fragment.isKeyframe;
    if (lost || seat.viewer.bufferedBytes() + fragment.bytes.length > VIEWER_BYTES_MAX) {
      seat.state = 'skipping';
      this.#onDropped?.();
      return;
    }
    seat.state = 'flowing';
    seat.viewer.sendBinary(fragment.bytes);
  }
}

function announce(seat: Seat, stream: StreamInfo): void {
  seat.state = 'starting';
  seat.viewer.sendText(`video/mp4; codecs="${stream.codec}"`);
  const { epoch, widthPx: width, heightPx: height } = stream;
  seat.viewer.sendText(JSON.stringify({ type: 'epoch', epoch, width, height }));
  seat.viewer.sendBinary(stream.initSegment);
}
