import { Backoff, wait, type BackoffOptions } from './backoff.js';
import { connect, RefusedForNow, type Reach } from './connection.js';
import type { ServerMessage, StreamMessage, Topic } from './messages.js';
import { SightlineError } from './problem.js';
import type { SseEvent } from './sse-parser.js';

/** What to follow. */
export interface EventStreamOptions {
  /** Ids; all that one may see when left out. */
  readonly cameras?: readonly string[];
  /** `event`, `track` and `camera` when left out. */
  readonly topics?: readonly Topic[];
  /** Go on after this number, `lastSeq` of before. 0: from the oldest that is kept. Left out: from now on. */
  readonly since?: number;
  /** Ends the stream when it is aborted. */
  readonly signal?: AbortSignal;
  /** Called before each wait for another connection. */
  readonly onReconnect?: (info: Reconnect) => void;
  /** Default: up to 0.5 s, then twice as long each time, up to 30 s. */
  readonly backoff?: BackoffOptions;
  /** A connection that says nothing for so long is given up; 45 s by default (the server beats every 15 s). */
  readonly silenceMs?: number;
}

/** Why a connection is made again, and when. */
export interface Reconnect {
  /** In a row, 1 for the first. */
  readonly attempt: number;
  readonly delayMs: number;
  /** Absent when the server ended the connection in good order. */
  readonly error?: Error;
}

const BACKOFF = { firstMs: 500, maxMs: 30_000 };
const SILENCE_MS = 45_000;

/**
 * The event stream, for one `for await`. It connects again by itself and goes on where it was: each durable message comes once, in order. What
 * the server no longer keeps is told as a `gap`.
 *
 * Nothing is read ahead but one piece of the network's: a consumer that is slow makes the server drop `frame` messages, then close the
 * connection; the next one reads from the journal what is missing.
 */
export class EventStream implements AsyncIterable<StreamMessage> {
  readonly #reach: Reach;
  readonly #options: EventStreamOptions;
  readonly #backoff: Backoff;
  #lastSeq: number | undefined;
  /** Where the server goes on when it does not know the number that it was asked for. */
  #newestSeq = 0;
  #isRefused = false;
  #isUsed = false;

  constructor(reach: Reach, options: EventStreamOptions = {}) {
    this.#reach = reach;
    this.#options = options;
    this.#backoff = new Backoff(options.backoff ?? BACKOFF);
    this.#lastSeq = options.since;
  }

  /**
   * Everything up to this number was yielded, or did not concern this stream, or is told by a `gap`. Store it once the message in hand is
   * worked on, and give it as `since` next time. Undefined until the first connection, when there was no `since`.
   */
  get lastSeq(): number | undefined {
    return this.#lastSeq;
  }

  /**
   * Ends, without an error, when the signal is aborted.
   *
   * @throws {SightlineError} when the server refuses for good: a token that is over, a camera that is none
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<StreamMessage, void, undefined> {
    if (this.#isUsed) throw new Error('an event stream can be read once: make another one');
    this.#isUsed = true;
    const { signal = new AbortController().signal, silenceMs = SILENCE_MS, onReconnect } = this.#options;
    while (!signal.aborted) {
      let failure: Error | undefined;
      try {
        for await (const events of connect(this.#reach, this.#query(), signal, silenceMs))
          for (const event of events) {
            const message = this.#take(event);
            if (signal.aborted) return;
            if (message !== undefined) yield message;
          }
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
      }
      if (signal.aborted) return;
      if (failure !== undefined && this.#isFinal(failure)) throw failure;
      const delayMs = this.#backoff.nextMs(failure instanceof RefusedForNow ? failure.retryAfterMs : 0);
      onReconnect?.({
        attempt: this.#backoff.failures,
        delayMs,
        ...(failure !== undefined && { error: failure }),
      });
      await wait(delayMs, signal);
    }
  }

  #query(): URLSearchParams {
    const { cameras = [], topics = [] } = this.#options;
    const query = new URLSearchParams();
    for (const camera of cameras) query.append('camera', camera);
    for (const topic of topics) query.append('topic', topic);
    if (this.#lastSeq !== undefined) query.set('since', String(this.#lastSeq));
    return query;
  }

  /** What is to be yielded of an event. */
  #take({ id, data }: SseEvent): StreamMessage | undefined {
    if (data === undefined) {
      this.#works();
      this.#lastSeq = Math.max(this.#lastSeq ?? 0, Number(id));
      return undefined;
    }
    const message = JSON.parse(data) as ServerMessage;
    if (message.type === 'hello') return undefined;
    if (message.type === 'subscribed') {
      this.#newestSeq = message.lastSeq;
      this.#lastSeq ??= message.lastSeq;
      return undefined;
    }
    if (message.type === 'error') {
      if (message.code === 'server/since-ahead') this.#lastSeq = this.#newestSeq;
      return message;
    }
    this.#works();
    if (message.type === 'gap') this.#lastSeq = message.to;
    if (!('seq' in message)) return message;
    if (message.seq <= (this.#lastSeq ?? 0)) return undefined;
    this.#lastSeq = message.seq;
    return message;
  }

  /** Only what comes after the greeting shows that a connection is of use. */
  #works(): void {
    this.#backoff.reset();
    this.#isRefused = false;
  }

  #isFinal(error: Error): boolean {
    // A malformed event comes again with every connection.
    if (error instanceof SyntaxError || error instanceof RangeError) return true;
    if (!(error instanceof SightlineError) || error instanceof RefusedForNow) return false;
    const mayHaveAnother = error.status === 401 && typeof this.#reach.token === 'function';
    if (!mayHaveAnother || this.#isRefused) return true;
    this.#isRefused = true;
    return false;
  }
}
