import { AppError, Backoff, once, sleep, type Clock, type Log } from '../base/index.js';
import type { DurableMessage, NumberedMessage } from '../events/index.js';
import type { JournalRow, JournalState } from './journal-table.js';
import type { TableClient } from './store.js';
import type { TableOf } from './tables.js';

/** Rows of one commit; more wait for the next. */
const BATCH_MAX = 1000;
/** Messages that may wait for a commit, for example while the disk is slow or the database away: about 4 MB. */
const WAITING_MAX = 10_000;
/** What the disk refuses is tried again after so long. */
const RETRY_MS = { firstMs: 100, lastMs: 2000 };
/** A commit that takes longer is worth a line in the log. */
const SLOW_COMMIT_MS = 1000;

interface Waiting {
  readonly message: DurableMessage;
  readonly path: Uint8Array | undefined;
  readonly resolve: (message: NumberedMessage) => void;
  readonly reject: (error: AppError) => void;
}

interface JournalParts {
  readonly table: TableClient<TableOf<'journal'>>;
  readonly clock: Clock;
  readonly log: Log;
  /** Said where too many messages wait. */
  readonly limit: string;
}

/**
 * The durable messages, numbered: `seq` rises by exactly one per message and never repeats, also over restarts
 * and power cuts. A message is on the disk before `append` resolves. While one commit is on its way, further messages
 * gather for the next: no message waits for a timer, and a burst shares one fsync. What the disk refuses waits in memory and is tried again.
 */
export class Journal {
  readonly #parts: JournalParts;
  #waiting: Waiting[] = [];
  #committing: Promise<void> | undefined;
  #state: JournalState;
  #failure: string | undefined;
  readonly #closing = new AbortController();
  #isClosed = false;

  private constructor(parts: JournalParts, state: JournalState) {
    this.#parts = parts;
    this.#state = state;
  }

  /** Finds out where the journal stands. @throws {AppError} `store/write-failed`, `store/worker-died` */
  static async open(parts: JournalParts): Promise<Journal> {
    const { state } = await parts.table.write('append', []);
    return new Journal(parts, state);
  }

  /** Number of the newest committed message; 0 before the first. */
  get lastSeq(): number {
    return this.#state.lastSeq;
  }

  /** Number of the oldest message that can be read; `lastSeq + 1` when there is none. */
  get firstSeq(): number {
    return this.#state.firstSeq;
  }

  /** Why messages wait in memory: the disk refuses them. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Size of the database on disk, write-ahead log included, as of the last commit. */
  get bytes(): number {
    return this.#state.bytes;
  }

  /**
   * Numbers and keeps a message; resolves once it is on the disk, in the order of the calls.
   *
   * @param path of a track with its end: kept in the same commit
   * @throws {AppError} `store/write-failed`, `store/overloaded` (10 000 messages wait already), `store/worker-died`,
   *   `store/closed`, and `store/disk-refuses` when the journal is closed meanwhile; the message then has no number and is not kept
   */
  append(message: DurableMessage, path?: Uint8Array): Promise<NumberedMessage> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(new AppError('store/closed', 'unavailable', 'the store is closed'));
      if (this.#waiting.length >= WAITING_MAX)
        return reject(
          new AppError(
            'store/overloaded',
            'unavailable',
            `${WAITING_MAX} messages wait for the journal: ${this.#parts.limit}`,
          ),
        );
      this.#waiting.push({ message, path, resolve, reject });
      // Not at once: what is appended in the same turn of the event loop shares the commit.
      this.#committing ??= Promise.resolve().then(() => this.#commitAll());
    });
  }

  /**
   * The messages after `afterSeq`, oldest first, at most `limit`.
   *
   * @throws {AppError} `store/read-failed`, `store/worker-died`, `store/closed`
   */
  async read(options: { afterSeq: number; limit: number }): Promise<NumberedMessage[]> {
    const rows = await this.#parts.table.read('after', options.afterSeq, options.limit);
    return rows.map(({ seq, body }) => numbered(JSON.parse(body) as DurableMessage, seq));
  }

  /** Takes nothing more, and waits for what was appended; what the disk refuses is tried once more. */
  readonly close = once(async () => {
    this.#closing.abort();
    while (this.#committing !== undefined) await this.#committing;
    this.#isClosed = true;
  });

  async #commitAll(): Promise<void> {
    const { clock, log } = this.#parts;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH_MAX);
      const startedMs = clock.monotonicMs();
      try {
        const { firstOfBatch, state } = await this.#write(batch.map(rowOf));
        this.#state = state;
        batch.forEach(({ message, resolve }, index) => resolve(numbered(message, firstOfBatch + index)));
      } catch (error) {
        for (const { reject } of batch) reject(error as AppError);
      }
      const tookMs = clock.monotonicMs() - startedMs;
      if (tookMs > SLOW_COMMIT_MS)
        log.warn({ tookMs: Math.round(tookMs), rows: batch.length }, 'the journal commits slowly');
    }
    this.#committing = undefined;
  }

  /** Commits a batch, as often as it takes while the disk refuses it. SQLite begins anew with what a failed fsync may have lost. */
  async #write(rows: readonly JournalRow[]) {
    const { table, clock, log } = this.#parts;
    const backoff = new Backoff(RETRY_MS);
    for (;;) {
      try {
        const written = await table.write('append', rows);
        if (this.#failure !== undefined)
          log.warn({ rows: rows.length }, 'the disk takes messages again: those that waited are stored');
        this.#failure = undefined;
        return written;
      } catch (error) {
        const isPassing = error instanceof AppError && error.code === 'store/disk-refuses';
        if (!isPassing || this.#closing.signal.aborted) throw error;
        if (this.#failure === undefined)
          log.error(
            { cause: error.message },
            'the disk refuses messages: they are kept in memory, and stored when it takes them',
          );
        this.#failure = `messages wait in memory: ${error.message}`;
      }
      await sleep(clock, backoff.nextMs(), this.#closing.signal);
    }
  }
}

function rowOf({ message, path }: Waiting): JournalRow {
  const row = { camera: message.camera, type: message.type, body: JSON.stringify(message) };
  return path === undefined ? row : { ...row, path };
}

function numbered(message: DurableMessage, seq: number): NumberedMessage {
  return { seq, ...message };
}
