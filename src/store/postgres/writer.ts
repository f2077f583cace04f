import { randomBytes } from 'node:crypto';
import { AppError, Backoff, messageOf, once, sleep, type Clock, type Log } from '../../base/index.js';
import { isRefusal, type Session } from './connection.js';
import type { Queryable } from './queryable.js';
import { away, unusable } from './refusals.js';
import { lockWriter, settleSession } from './writer-lock.js';

/** How long a start waits for the server. */
const OPEN_TIMEOUT_MS = 30_000;
/** How long what is written by somebody who waits for it may wait for the server. */
const PATIENCE_MS = 3000;
const RETRY_MS = { firstMs: 100, lastMs: 2000 };
/** Transactions that may wait, each of the journal with up to a thousand messages. */
const WAITING_MAX = 1000;
const AWAY_CHECK_MS = 1000;
/** A server that has gone without a word is found out about. */
const PROBE_MS = 5000;

/** What is written, and how long it may wait for the server. */
interface Job {
  readonly batch: string;
  readonly work: (db: Queryable) => Promise<unknown>;
  /** Monotonic; Infinity: until it is closed. */
  readonly untilMs: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** What a writer works with. */
export interface WriterOptions {
  /** Opens a connection. */
  readonly connect: () => Promise<Session>;
  /** Makes the database ready, once it is locked; in no transaction. */
  readonly prepare: (session: Session) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The one connection that writes: it holds an advisory lock for as long as it lives, so that no other Sightline writes. Transactions run one
 * after the other. When the connection breaks, a new one is made and what was under way is done again; unless the database knows its batch,
 * whose commit then succeeded and only the answer was lost. That is asked for under the lock, when the connection before has truly ended: no
 * late commit can come behind the question.
 */
export class PostgresWriter {
  readonly #options: WriterOptions;
  /** Names this start of the server in the database: nobody else may have written since. */
  readonly #instance = randomBytes(8).toString('hex');
  readonly #jobs: Job[] = [];
  readonly #closing = new AbortController();
  #session: Session | undefined;
  /** Batch of the newest transaction that was committed before the connection was made. */
  #lastBatch = '';
  #connecting: Promise<void> | undefined;
  #working: Promise<void> | undefined;
  #isBusy = false;
  #batches = 0;
  #failure: string | undefined;
  #ended: AppError | undefined;

  private constructor(options: WriterOptions) {
    this.#options = options;
  }

  /**
   * Connects, takes the lock and makes the database ready.
   *
   * @throws {AppError} `store/locked`, `store/away`, `store/unusable`, and what `prepare` throws
   */
  static async open(options: WriterOptions): Promise<PostgresWriter> {
    const { clock, log } = options;
    const writer = new PostgresWriter(options);
    const backoff = new Backoff(RETRY_MS);
    const deadlineMs = clock.monotonicMs() + OPEN_TIMEOUT_MS;
    for (;;) {
      try {
        await writer.#connect(true);
        break;
      } catch (error) {
        if (error instanceof AppError) throw error;
        const cause = messageOf(error);
        if (isRefusal(error)) throw unusable(error);
        if (clock.monotonicMs() > deadlineMs) throw away(cause, error);
        log.warn({ cause }, 'the database of data.postgres does not answer yet');
        await sleep(clock, backoff.nextMs());
      }
    }
    writer.#probe();
    return writer;
  }

  /** Why nothing can be written at the moment. */
  get failure(): string | undefined {
    return this.#ended?.message ?? this.#failure;
  }

  /**
   * Runs statements in a transaction, alone. They may run again when the connection breaks, and only the last time counts.
   *
   * @param isPatient whether it waits for a server that is away until the end; others wait a few seconds
   * @throws {AppError} `store/away`, `store/overloaded`, `store/closed`, `store/locked`; and what the work throws: nothing is written then
   */
  run<Result>(work: (db: Queryable) => Promise<Result>, isPatient: boolean): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended);
      if (this.#jobs.length >= WAITING_MAX)
        return reject(new AppError('store/overloaded', 'unavailable', `${WAITING_MAX} transactions wait: the database of data.postgres is away or does not keep up`)); // prettier-ignore
      const untilMs = isPatient ? Infinity : this.#options.clock.monotonicMs() + PATIENCE_MS;
      const batch = `${this.#instance}-${this.#batches++}`;
      this.#jobs.push({ batch, work, untilMs, resolve: resolve as Job['resolve'], reject });
      this.#working ??= this.#workAll();
    });
  }

  /** From now on nothing waits for a server that is away longer than so. */
  giveUpAfter(delayMs: number): void {
    this.#options.clock.after(delayMs, () => {
      // What it is working on it may end.
      if (this.#failure === undefined) return this.giveUpAfter(AWAY_CHECK_MS);
      this.#giveUp(
        new AppError('store/closed', 'unavailable', 'the store is closed, and the database was away'),
      );
    });
  }

  /** Waits for what is under way. */
  readonly close = once(async () => {
    while (this.#working !== undefined) await this.#working;
    this.#giveUp(new AppError('store/closed', 'unavailable', 'the store is closed'));
    await this.#connecting;
    await this.#session?.close();
  });

  #giveUp(reason: AppError): void {
    this.#ended ??= reason;
    this.#closing.abort();
    const lost = this.#jobs.splice(0);
    if (lost.length > 0)
      this.#options.log.error({ count: lost.length }, 'what waited for the database is given up');
    for (const { reject } of lost) reject(reason);
  }

  async #workAll(): Promise<void> {
    for (let job = this.#jobs[0]; job !== undefined; job = this.#jobs[0]) {
      try {
        job.resolve(await this.#perform(job));
      } catch (error) {
        job.reject(error);
      }
      if (this.#jobs[0] === job) this.#jobs.shift();
    }
    this.#working = undefined;
  }

  async #perform(job: Job): Promise<unknown> {
    // Known before the commit is sent: what it gives where its answer is lost.
    let done: { readonly value: unknown } | undefined;
    for (;;) {
      const session = await this.#sessionFor(job, done !== undefined);
      if (done !== undefined && this.#lastBatch === job.batch) return done.value;
      done = undefined;
      this.#isBusy = true;
      try {
        const [, claim] = await session.script(
          `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
           UPDATE writer SET batch = '${job.batch}' WHERE instance = '${this.#instance}' AND batch <> '${job.batch}'`,
        );
        if (claim?.count !== 1) throw this.#takenOver();
        const value = await job.work(session);
        done = { value };
        await session.script('COMMIT');
        return value;
      } catch (error) {
        if (!session.isOver) {
          await session.script('ROLLBACK').catch(() => session.destroy('it could not be rolled back'));
          throw error;
        }
      } finally {
        this.#isBusy = false;
      }
    }
  }

  /** The connection, as soon as there is one. */
  async #sessionFor(job: Job, isInDoubt: boolean): Promise<Session> {
    const { clock } = this.#options;
    for (;;) {
      if (this.#ended !== undefined) throw this.#ended;
      if (this.#session?.isOver === false) return this.#session;
      // Whether a commit took place is known only when the server is back.
      if (!isInDoubt && clock.monotonicMs() > job.untilMs) throw away(this.#failure ?? 'no connection');
      this.#refuseTheImpatient();
      await (this.#connecting ??= this.#reconnect());
    }
  }

  #refuseTheImpatient(): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (const job of this.#jobs.slice(1)) {
      if (nowMs <= job.untilMs) continue;
      this.#jobs.splice(this.#jobs.indexOf(job), 1);
      job.reject(away(this.#failure ?? 'no connection'));
    }
  }

  #backoff = new Backoff(RETRY_MS);

  /** One attempt, and a pause where it fails. */
  async #reconnect(): Promise<void> {
    const { clock } = this.#options;
    try {
      await this.#connect(false);
      this.#backoff.reset();
    } catch (error) {
      if (error instanceof AppError && error.code === 'store/closed') return;
      this.#failure = messageOf(error);
      await sleep(clock, this.#backoff.nextMs(), this.#closing.signal);
    } finally {
      this.#connecting = undefined;
    }
  }

  async #connect(isFirst: boolean): Promise<void> {
    const { connect, prepare, log } = this.#options;
    const session = await connect();
    try {
      await settleSession(session, this.#instance);
      await lockWriter(session, { instance: this.#instance, isFirst, clock: this.#options.clock });
      if (isFirst) {
        await prepare(session);
        await session.query('UPDATE writer SET instance = $1', [this.#instance]);
      } else {
        const { rows } = await session.query<{ instance: string; batch: string }>(
          'SELECT instance, batch FROM writer',
        );
        if (rows[0]?.instance !== this.#instance) throw this.#takenOver();
        this.#lastBatch = rows[0].batch;
      }
    } catch (error) {
      session.destroy('it could not be made ready');
      throw error;
    }
    if (this.#failure !== undefined) log.info({}, 'the database is back');
    this.#failure = undefined;
    this.#session = session;
    void session.ended.then((reason) => this.#onEnded(reason));
  }

  #onEnded(reason: string): void {
    if (this.#ended !== undefined) return;
    this.#failure = reason;
    this.#options.log.warn(
      { cause: reason },
      'the database is away: messages are kept in memory, and stored when it is back',
    );
    void this.#untilBack();
  }

  /** Also where nobody has anything to write: readiness is to be told. */
  async #untilBack(): Promise<void> {
    while (this.#ended === undefined && this.#session?.isOver !== false) {
      this.#refuseTheImpatient();
      await (this.#connecting ??= this.#reconnect());
    }
  }

  #probe(): void {
    const { clock } = this.#options;
    const timer = clock.every(PROBE_MS, () => {
      const session = this.#session;
      if (this.#isBusy || session?.isOver !== false || this.#working !== undefined) return;
      // A failure ends the session, which is then noticed.
      void session.query('SELECT 1').catch(() => undefined);
    });
    this.#closing.signal.addEventListener('abort', () => timer.cancel(), { once: true });
  }

  #takenOver(): AppError {
    const error = new AppError(
      'store/locked',
      'conflict',
      'another Sightline has written to the database of data.postgres meanwhile: restart this one, or stop it',
    );
    this.#giveUp(error);
    return error;
  }
}
