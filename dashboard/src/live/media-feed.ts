import type { Range } from './steer.js';

/** What has been shown is kept so long, s, and then cut to the shorter. */
const BACK_BUFFER_MAX_S = 20;
const BACK_BUFFER_KEPT_S = 10;
/** Fragments that wait for the browser; with more it has stopped taking them. */
const QUEUE_BYTES_MAX = 32 * 1024 * 1024;

export interface MediaFeedOptions {
  readonly video: HTMLVideoElement;
  /** As `MediaSource.isTypeSupported` has accepted it. */
  readonly mime: string;
  /** Pictures were appended: the buffered range has grown. */
  readonly onAppended: () => void;
  /** The feed is of no use any more. Called once at most. */
  readonly onFailed: (why: string) => void;
}

/** One stream of a camera on its way into a video element: takes the init segment, then the fragments. */
export class MediaFeed {
  readonly #options: MediaFeedOptions;
  readonly #source = new MediaSource();
  readonly #address: string;
  #buffer: SourceBuffer | undefined;
  #queue: ArrayBuffer[] = [];
  #queueBytes = 0;
  #isClosed = false;

  constructor(options: MediaFeedOptions) {
    this.#options = options;
    this.#source.addEventListener('sourceopen', () => this.#open(), { once: true });
    this.#address = URL.createObjectURL(this.#source);
    options.video.src = this.#address;
  }

  /** What can be played, in the order of time. */
  get ranges(): Range[] {
    if (this.#buffer === undefined || this.#isClosed) return [];
    const { buffered } = this.#buffer;
    return Array.from({ length: buffered.length }, (_, at) => ({
      start: buffered.start(at),
      end: buffered.end(at),
    }));
  }

  /** Takes the init segment or a fragment; the bytes belong to the feed from now on. */
  append(bytes: ArrayBuffer): void {
    if (this.#isClosed) return;
    this.#queue.push(bytes);
    this.#queueBytes += bytes.byteLength;
    if (this.#queueBytes > QUEUE_BYTES_MAX) return this.#fail('the browser takes no more pictures');
    this.#pump();
  }

  /** Lets go of the video element and all pictures; idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#queue = [];
    URL.revokeObjectURL(this.#address);
  }

  #open(): void {
    if (this.#isClosed) return;
    const buffer = this.#source.addSourceBuffer(this.#options.mime);
    buffer.mode = 'segments';
    buffer.addEventListener('error', () => this.#fail('the browser cannot read the stream'));
    buffer.addEventListener('updateend', () => {
      if (this.#isClosed) return;
      this.#options.onAppended();
      this.#pump();
    });
    this.#buffer = buffer;
    this.#pump();
  }

  #pump(): void {
    const buffer = this.#buffer;
    if (buffer === undefined || buffer.updating || this.#isClosed) return;
    if (this.#trim(buffer, BACK_BUFFER_MAX_S, BACK_BUFFER_KEPT_S)) return;
    if (this.#queue.length === 0) return;
    // One update for all that wait: each costs the browser about the same, whatever is in it.
    const waiting = joined(this.#queue, this.#queueBytes);
    this.#queue = [waiting];
    try {
      buffer.appendBuffer(waiting);
    } catch (error) {
      const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
      if (isFull && this.#trim(buffer, 2, 1)) return;
      return this.#fail(String(error));
    }
    this.#queue = [];
    this.#queueBytes = 0;
  }

  /** Starts to remove what was shown longer ago than `maxS`, if there is any, up to `keptS` ago. */
  #trim(buffer: SourceBuffer, maxS: number, keptS: number): boolean {
    const shownS = this.#options.video.currentTime;
    if (buffer.buffered.length === 0 || shownS - buffer.buffered.start(0) <= maxS) return false;
    buffer.remove(0, shownS - keptS);
    return true;
  }

  #fail(why: string): void {
    if (this.#isClosed) return;
    this.close();
    this.#options.onFailed(why);
  }
}

function joined(parts: readonly ArrayBuffer[], bytes: number): ArrayBuffer {
  if (parts.length === 1) return parts[0]!;
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    all.set(new Uint8Array(part), at);
    at += part.byteLength;
  }
  return all.buffer;
}
