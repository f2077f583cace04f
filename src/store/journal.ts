import { Worker } from 'node:worker_threads';
import { AppError, decodeError, entryFile, once, type Clock, type Log } from '../base/index.js';
import type { DurableMessage, NumberedMessage } from '../events/index.js';
import type { FromJournal, JournalRow, JournalState, JournalWorkerData, ToJournal } from './messages.js';

/** Rows of one commit; more wait for the next. */
const BATCH_MAX = 1000;
/** Messages that may wait for a commit, for example while the disk is slow: about 4 MB. */
const WAITING_MAX = 10_000;
const RETENTION_COUNT = 100_000;
const OPEN_TIMEOUT_MS = 30_000;
const CLOSE_TIMEOUT_MS = 20_000;
/** A commit that takes longer is worth a line in the log. */
const SLOW_COMMIT_MS = 1000;

/** Where the journal lies, and how much it keeps. */
export interface JournalOptions {
  /** Created when absent. Holds `sightline.db`, its write-ahead log and the lock. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** So many of the newest messages are kept; default 100 000. */
  readonly retentionCount?: number;
}

interface Waiting {
  readonly message: DurableMessage;
  readonly resolve: (message: NumberedMessage) => void;
  readonly reject: (error: AppError) => void;
}

interface Request {
  readonly resolve: (answer: FromJournal) => void;
  readonly reject: (error: AppError) => void;
}

/**
 * The durable messages, numbered: `seq` rises by exactly one per message and never repeats, also over restarts
 * and power cuts. A message is on the disk (`synchronous=FULL`: NORMAL may forget, after a power cut, commits
 * that clients have seen, and give their numbers to others) before `append` resolves. SQLite runs in a worker
 * thread, so nothing here blocks. While one commit is on its way, further messages gather for the next: no
 * message waits for a timer, and a burst shares one fsync.
 */
export class Journal {
  readonly #worker: Worker;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #requests = new Map<number, Request>();
  #waiting: Waiting[] = [];
  #committing: Promise<void> | undefined;
  #nextId = 1;
  #state: JournalState;
  /** Why nothing more can be asked of the worker. */
  #ended: AppError | undefined;

  private constructor(worker: Worker, state: JournalState, options: JournalOptions) {
    this.#worker = worker;
    this.#state = state;
    this.#clock = options.clock;
    this.#log = options.log;
    worker.on('message', (answer: FromJournal) => this.#onAnswer(answer));
    worker.on('error', (error) => this.#end(workerDied(error.message)));
    worker.on('exit', (code) => this.#end(workerDied(`exit code ${code}`)));
  }

  /**
   * Opens the data directory for this process alone.
   *
   * @throws {AppError} `store/locked` (another server has it; names its pid), `store/unusable`,
   *   `store/newer-schema`, `store/schema-mismatch`, `store/worker-died`, `store/open-timeout`
   */
  static async open(options: JournalOptions): Promise<Journal> {
    const workerData: JournalWorkerData = {
      dataDir: options.dataDir,
      retentionCount: options.retentionCount ?? RETENTION_COUNT,
    };
    const worker = new Worker(entryFile(import.meta.url, './journal-worker.js'), { workerData });
    try {
      return new Journal(worker, await ready(worker, options), options);
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  /** Number of the newest committed message; 0 before the first. */
  get lastSeq(): number {
    return this.#state.lastSeq;
  }

  /** Number of the oldest message that can be read; `lastSeq + 1` when there is none. */
  get firstSeq(): number {
    return this.#state.firstSeq;
  }

  /** Size on disk, write-ahead log included, as of the last commit. */
  get bytes(): number {
    return this.#state.bytes;
  }

  /**
   * Numbers and keeps a message; resolves once it is on the disk, in the order of the calls.
   *
   * @throws {AppError} `store/write-failed`, `store/overloaded` (10 000 messages wait already), `store/worker-died`,
   *   `store/closed`; the message then has no number and is not kept
   */
  append(message: DurableMessage): Promise<NumberedMessage> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended);
      if (this.#waiting.length >= WAITING_MAX)
        return reject(
          new AppError(
            'store/overloaded',
            'unavailable',
            `${WAITING_MAX} messages wait for the journal: the disk of data.dir does not keep up`,
          ),
        );
      this.#waiting.push({ message, resolve, reject });
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
    const answer = await this.#ask((id) => ({ type: 'read', id, ...options }));
    if (answer.type !== 'rows') throw unexpected(answer);
    return answer.rows.map(({ seq, body }) => numbered(JSON.parse(body) as DurableMessage, seq));
  }

  /** Waits for what was appended, then closes the database and releases the data directory. */
  readonly close = once(async () => {
    while (this.#committing !== undefined) await this.#committing;
    const exited = new Promise<void>((resolve) => {
      if (this.#ended !== undefined) resolve();
      else this.#worker.once('exit', () => resolve());
    });
    const deadline = this.#clock.after(CLOSE_TIMEOUT_MS, () => void this.#worker.terminate());
    const closing = this.#ask((id) => ({ type: 'close', id }));
    this.#ended ??= new AppError('store/closed', 'unavailable', 'the journal is closed');
    try {
      await closing;
    } catch (error) {
      this.#log.warn({ err: error }, 'the journal did not close cleanly; its committed messages are kept');
    }
    await exited;
    deadline.cancel();
    await this.#worker.terminate();
  });

  async #commitAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH_MAX);
      const startedMs = this.#clock.monotonicMs();
      try {
        const answer = await this.#ask((id) => ({ type: 'append', id, rows: batch.map(rowOf) }));
        if (answer.type !== 'appended') throw unexpected(answer);
        batch.forEach(({ message, resolve }, index) =>
          resolve(numbered(message, answer.firstOfBatch + index)),
        );
      } catch (error) {
        for (const { reject } of batch) reject(error as AppError);
      }
      const tookMs = this.#clock.monotonicMs() - startedMs;
      if (tookMs > SLOW_COMMIT_MS)
        this.#log.warn({ tookMs: Math.round(tookMs), rows: batch.length }, 'the journal commits slowly');
    }
    this.#committing = undefined;
  }

  #ask(request: (id: number) => ToJournal): Promise<FromJournal> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended);
      const id = this.#nextId++;
      this.#requests.set(id, { resolve, reject });
      this.#worker.postMessage(request(id));
    });
  }

  #onAnswer(answer: FromJournal): void {
    if (answer.type === 'ready' || answer.type === 'refused') return;
    const request = this.#requests.get(answer.id);
    this.#requests.delete(answer.id);
    if (answer.type === 'appended') this.#state = answer.state;
    if (answer.type === 'failed') request?.reject(decodeError(answer.error));
    else request?.resolve(answer);
  }

  #end(reason: AppError): void {
    if (this.#ended === undefined) this.#log.error({ err: reason }, 'the journal stopped');
    this.#ended ??= reason;
    for (const { reject } of this.#requests.values()) reject(this.#ended);
    this.#requests.clear();
  }
}

function ready(worker: Worker, { clock }: { clock: Clock }): Promise<JournalState> {
  return new Promise((resolve, reject) => {
    const deadline = clock.after(OPEN_TIMEOUT_MS, () =>
      settle(() =>
        reject(
          new AppError(
            'store/open-timeout',
            'timeout',
            `the journal did not open within ${OPEN_TIMEOUT_MS / 1000} s: look at the disk of data.dir`,
          ),
        ),
      ),
    );
    const onMessage = (answer: FromJournal) =>
      settle(() => {
        if (answer.type === 'ready') resolve(answer.state);
        else if (answer.type === 'refused') reject(decodeError(answer.error));
        else reject(unexpected(answer));
      });
    const onError = (error: Error) => settle(() => reject(workerDied(error.message)));
    const onExit = (code: number) => settle(() => reject(workerDied(`exit code ${code}`)));
    function settle(finish: () => void): void {
      deadline.cancel();
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      finish();
    }
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
  });
}

function rowOf({ message }: Waiting): JournalRow {
  return { camera: message.camera, type: message.type, body: JSON.stringify(message) };
}

function numbered(message: DurableMessage, seq: number): NumberedMessage {
  return { seq, ...message };
}

function workerDied(why: string): AppError {
  return new AppError(
    'store/worker-died',
    'unavailable',
    `the journal's thread ended unexpectedly (${why}): restart the server`,
  );
}

function unexpected(answer: FromJournal): AppError {
  return new AppError(
    'store/protocol',
    'internal',
    `unexpected answer "${answer.type}" of the journal's thread`,
  );
}
