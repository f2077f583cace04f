import type { LiveEpochMessage } from '../../../src/server/protocol.js';
import { ReconnectingSocket } from '../stream/reconnecting-socket.js';
import { DelayTarget } from './delay-target.js';
import { staleSince } from './freshness.js';
import { Lateness } from './lateness.js';
import { MediaFeed } from './media-feed.js';
import type { PlayerStatus } from './picture-status.js';
import { Rejoin } from './rejoin.js';
import { steer } from './steer.js';

export interface MsePlayerOptions {
  readonly video: HTMLVideoElement;
  /** `ws:` or `wss:` address of the camera's live feed. */
  readonly address: string;
  /** Called when the status has changed. */
  readonly onStatus: (status: PlayerStatus) => void;
  /** Another stream begins: what is laid over the picture does not belong to it. */
  readonly onStream: () => void;
  /** Whether the server gets pictures from the camera: if so, a silent connection is worth another try. */
  readonly isCameraLive: () => boolean;
  /** Whether people are covered: such a stream is late where the server is busy, and joining it anew helps nobody. */
  readonly isCovered: boolean;
}

const STEER_MS = 250;
const SILENCE_MAX_MS = 5000;
const JOINING_MAX_MS = 1500;

/**
 * Plays a camera's live feed with little delay, and knows when what it shows is not live. The wire is
 * described in `design/event-stream.md`.
 */
export class MsePlayer {
  /** How far behind the live edge it plays. */
  readonly delay = new DelayTarget();
  readonly #lateness = new Lateness();
  readonly #rejoin = new Rejoin();
  readonly #options: MsePlayerOptions;
  readonly #socket: ReconnectingSocket;
  readonly #ticks: number;
  readonly #unlisten = new AbortController();
  #mime = '';
  #epoch: number | undefined;
  #feed: MediaFeed | undefined;
  /** The feed's first binary message is no picture. */
  #hasInit = false;
  #hasPicture = false;
  /** Until it plays at its target, or cannot. */
  #isJoining = true;
  #joinedMs = 0;
  #lastFragmentMs = 0;
  #lastShownMs = 0;
  #status: PlayerStatus = { kind: 'waiting' };

  constructor(options: MsePlayerOptions) {
    this.#options = options;
    const { signal } = this.#unlisten;
    options.video.addEventListener('error', () => this.#fail(options.video.error?.message ?? ''), { signal });
    document.addEventListener('visibilitychange', () => (this.#lastShownMs = performance.now()), { signal });
    this.#socket = new ReconnectingSocket({
      open: () => new WebSocket(options.address),
      onMessage: (data) =>
        typeof data === 'string' ? this.#onText(data) : this.#onBytes(data as ArrayBuffer),
      onConnected: () => this.#lateness.forget(),
    });
    this.#ticks = window.setInterval(() => this.#tick(), STEER_MS);
  }

  /** Epoch of the stream that is shown; undefined while none is. */
  get epoch(): number | undefined {
    return this.#epoch;
  }

  /** Presentation time of the newest picture at hand, ms; undefined while there is none. */
  get edgeMs(): number | undefined {
    const end = this.#feed?.ranges.at(-1)?.end;
    return end === undefined ? undefined : end * 1000;
  }

  /** When the server had a picture of the stream that is shown, by its own clock. */
  wasAtServer(ptsMs: number, timeMs: number): void {
    this.#lateness.wasAtServer(ptsMs, timeMs, performance.now());
  }

  /** A picture has appeared on the screen. */
  pictureShown(): void {
    this.#hasPicture = true;
    this.#lastShownMs = performance.now();
  }

  /** The camera may have another stream by now: one that could not be played is asked for again. */
  streamChanged(): void {
    if (this.#status.kind === 'unsupported') this.#socket.reopen({ isAtOnce: true });
  }

  /** Ends for good and empties the video element; idempotent. */
  close(): void {
    this.#unlisten.abort();
    window.clearInterval(this.#ticks);
    this.#socket.close();
    this.#feed?.close();
    this.#feed = undefined;
    this.#options.video.removeAttribute('src');
    this.#options.video.load();
  }

  #onText(text: string): void {
    if (text.startsWith('{')) {
      const { epoch } = JSON.parse(text) as LiveEpochMessage;
      this.#epoch = epoch;
      return;
    }
    this.#mime = text;
    this.#startFeed();
  }

  #onBytes(bytes: ArrayBuffer): void {
    this.#feed?.append(bytes);
    if (!this.#hasInit) {
      this.#hasInit = true;
      return;
    }
    const nowMs = performance.now();
    if (this.#hasPicture) this.delay.fragmentCame(nowMs - this.#lastFragmentMs);
    this.#lastFragmentMs = nowMs;
    // The newest picture that was taken in: those of the last few ms are on their way there.
    if (this.edgeMs !== undefined) this.#lateness.came(nowMs, this.edgeMs);
  }

  #startFeed(): void {
    this.#feed?.close();
    this.#feed = undefined;
    this.#epoch = undefined;
    this.#hasInit = false;
    this.#hasPicture = false;
    this.#isJoining = true;
    this.#lateness.streamBegins(performance.now());
    this.#options.onStream();
    if (!('MediaSource' in window) || !MediaSource.isTypeSupported(this.#mime)) {
      this.#options.video.removeAttribute('src');
      this.#options.video.load();
      // Nothing of it can be shown: it need not be sent.
      this.#socket.rest();
      return this.#setStatus({ kind: 'unsupported', mime: this.#mime });
    }
    this.#setStatus({ kind: 'waiting' });
    this.#lastShownMs = performance.now();
    this.#joinedMs = this.#lastShownMs;
    this.#feed = new MediaFeed({
      video: this.#options.video,
      mime: this.#mime,
      onAppended: () => {
        if (this.#isJoining) this.#steer();
      },
      onFailed: (why) => this.#fail(why),
    });
  }

  #fail(why: string): void {
    if (this.#feed === undefined) return;
    console.warn(`live feed: ${why}`);
    this.#feed.close();
    this.#feed = undefined;
    this.#socket.reopen();
  }

  #tick(): void {
    this.#steer();
    if (this.#status.kind === 'unsupported') return;
    const nowMs = performance.now();
    if (this.#hasPicture && (!this.#options.video.paused || nowMs - this.#joinedMs > JOINING_MAX_MS))
      this.#isJoining = false;
    const since = staleSince({
      nowMs,
      lastFragmentMs: this.#lastFragmentMs,
      lastShownMs: this.#lastShownMs,
      isHidden: document.hidden,
    });
    const { lateMs } = this.#lateness;
    if (!this.#hasPicture) this.#setStatus({ kind: 'waiting' });
    else if (since !== undefined) this.#setStatus({ kind: 'stale', sinceMs: Date.now() - (nowMs - since) });
    else if (lateMs !== undefined) this.#setStatus({ kind: 'late', sinceMs: Date.now(), lateMs });
    else this.#setStatus({ kind: 'playing' });
    // What is late is more than two seconds of pictures that wait on the way, or for the browser: they are given up.
    if (
      this.#hasPicture &&
      !this.#options.isCovered &&
      this.#rejoin.isDue(nowMs, since === undefined ? lateMs : undefined)
    )
      return this.#socket.reopen({ isAtOnce: true });
    const silentMs = nowMs - this.#lastFragmentMs;
    if (silentMs > SILENCE_MAX_MS && this.#lastFragmentMs > 0 && this.#options.isCameraLive()) {
      this.#lastFragmentMs = nowMs;
      this.#socket.reopen();
    }
  }

  #steer(): void {
    const { video } = this.#options;
    const ranges = this.#feed?.ranges ?? [];
    if (ranges.length === 0) return;
    const { currentTime, playbackRate: rate } = video;
    const steering = steer({
      currentTime,
      rate,
      ranges,
      targetMs: this.delay.targetMs,
      isJoining: this.#isJoining,
    });
    if (steering.seekTo !== undefined) video.currentTime = steering.seekTo;
    if (steering.rate !== rate) video.playbackRate = steering.rate;
    if (steering.isHeld) video.pause();
    // Refused until the user touches the page (low-power modes), or interrupted by the next stream: tried again.
    else if (video.paused) video.play().catch(() => undefined);
  }

  #setStatus(status: PlayerStatus): void {
    const was = this.#status;
    if (status.kind === was.kind && !(status.kind === 'late' && was.kind === 'late')) return;
    // It may grow later and later: since when stays.
    if (status.kind === 'late' && was.kind === 'late') {
      if (Math.round(status.lateMs / 1000) === Math.round(was.lateMs / 1000)) return;
      status = { ...status, sinceMs: was.sinceMs };
    }
    this.#status = status;
    this.#options.onStatus(status);
  }
}
