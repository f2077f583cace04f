import { createLog, once, systemClock, type Clock } from '../../src/base/index.js';
import { Connection } from '../../src/ingest/index.js';
import type { ConnectionState, ConnectionStatus, Fragment, StreamInfo } from '../../src/ingest/index.js';
import { findFfmpeg, type Ffmpeg, type PrivacyMask } from '../../src/media/index.js';
import { waitFor } from './wait-for.js';

/** What a fragment leaves behind here; the bytes themselves only where the test asks for them. */
export interface SeenFragment extends Omit<Fragment, 'bytes'> {
  readonly bytes?: Buffer;
}

export interface SeenStatus {
  readonly status: ConnectionStatus;
  /** Monotonic. */
  readonly atMs: number;
}

export interface WatchOptions {
  readonly camera: string;
  readonly source: string;
  readonly ffmpeg?: () => Promise<Ffmpeg>;
  readonly clock?: Clock;
  /** Keeps the fragments' bytes, for the tests that decode them. */
  readonly keepBytes?: boolean;
  readonly privacy?: readonly PrivacyMask[];
  /** Called after each fragment, as by a clock that stands still in between. */
  readonly onFragment?: () => void;
}

/** A started camera connection and everything that it said since. */
export class WatchedConnection {
  readonly statuses: SeenStatus[] = [];
  readonly streams: StreamInfo[] = [];
  readonly fragments: SeenFragment[] = [];
  readonly logLines: string[] = [];
  readonly #connection: Connection;

  constructor(options: WatchOptions) {
    this.#connection = new Connection({
      camera: options.camera,
      source: options.source,
      ...(options.privacy !== undefined && { privacy: options.privacy }),
      ffmpeg: options.ffmpeg ?? (() => findFfmpeg({})),
      clock: options.clock ?? systemClock,
      log: createLog('debug', (line) => this.logLines.push(line)),
    });
    this.#connection.on('status', (status) =>
      this.statuses.push({ status, atMs: systemClock.monotonicMs() }),
    );
    this.#connection.on('stream', (stream) => this.streams.push(stream));
    this.#connection.on('fragment', ({ bytes, ...facts }) => {
      this.fragments.push(options.keepBytes === true ? { ...facts, bytes } : facts);
      options.onFragment?.();
    });
    this.#connection.start();
  }

  get state(): ConnectionState {
    return this.#connection.status.state;
  }

  get status(): ConnectionStatus {
    return this.#connection.status;
  }

  /** Of the FFmpeg that now runs, if any. */
  get pid(): number | undefined {
    return this.#connection.pid;
  }

  /** The states in the order in which they were entered. */
  get states(): ConnectionState[] {
    const all = this.statuses.map(({ status }) => status.state);
    return all.filter((state, index) => state !== all[index - 1]);
  }

  /** When the connection last entered one of `states` after `sinceMs`, on the monotonic clock; waits for it. */
  async entered(
    states: readonly ConnectionState[],
    options: { sinceMs: number; timeoutMs: number },
  ): Promise<number> {
    const seen = await waitFor(
      () =>
        this.statuses.find(({ status, atMs }) => atMs >= options.sinceMs && states.includes(status.state)),
      {
        timeoutMs: options.timeoutMs,
        what: () => `state ${states.join(' or ')} (states so far: ${this.states.join(', ')})`,
      },
    );
    return seen.atMs;
  }

  /** Waits until `count` more frames arrived than have until now. */
  async moreFragments(count: number, timeoutMs = 20_000): Promise<void> {
    const wanted = this.fragments.length + count;
    await waitFor(() => this.fragments.length >= wanted, {
      timeoutMs,
      what: () => `${count} more frames (states so far: ${this.states.join(', ')})`,
    });
  }

  /** The longest time without a frame from `sinceMs` (monotonic) on, in milliseconds. */
  longestGapMs(sinceMs = 0): number {
    const arrivals = this.fragments.map(({ arrivedMs }) => arrivedMs).filter((atMs) => atMs >= sinceMs);
    return arrivals.reduce((most, atMs, index) => Math.max(most, atMs - (arrivals[index - 1] ?? atMs)), 0);
  }

  /** Everything that a person or program could read of this connection. */
  get disclosed(): string {
    return [...this.logLines, ...this.statuses.map(({ status }) => JSON.stringify(status))].join('\n');
  }

  readonly close = once(() => this.#connection.close());
}
