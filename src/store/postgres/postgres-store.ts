import { mkdirSync } from 'node:fs';
import pg from 'pg';
import { AppError, messageOf, once, type Clock, type Log } from '../../base/index.js';
import { lockDataDir, type DataLock } from '../data-lock.js';
import type { StoreBackend } from '../store.js';
import type { TableName } from '../tables.js';
import { accessTwin } from './access-twin.js';
import { ask, connectionConfig, hidePasswordOf, Session } from './connection.js';
import { classifierTwin } from './classifier-twin.js';
import { similarityTwin } from './similarity-twin.js';
import { historyTwin } from './history-twin.js';
import { journalTwin } from './journal-twin.js';
import { settleLookColumn, type LookColumn } from './look-column.js';
import { lookTwin } from './look-twin.js';
import { inTransaction, migratePostgres } from './migrate.js';
import { pictureTwin } from './picture-twin.js';
import type { Queryable } from './queryable.js';
import { readerTwin } from './reader-twin.js';
import { segmentTwin } from './segment-twin.js';
import { textTwin } from './text-twin.js';
import type { TwinOf } from './twin.js';
import { PostgresWriter } from './writer.js';

const READERS_MAX = 4;
/** How often the database is asked for its size. */
const BYTES_PERIOD_MS = 30_000;
/** How long a store that is closed waits for a database that is away. */
const CLOSE_PATIENCE_MS = 5000;

/** What waits for a database that is away, as long as it takes: nobody waits for it, and nobody would write it again. */
const PATIENT: Partial<Record<TableName, readonly string[]>> = {
  journal: ['append'],
  segments: ['add', 'remove', 'move', 'raise'],
};

type Twins = { readonly [Name in TableName]: TwinOf<Name> };
type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** What a store over PostgreSQL is opened with. */
export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database?sslmode=verify-full`. */
  readonly url: string;
  /** Held for this process too: recordings and the control socket lie there. */
  readonly dataDir: string;
  readonly retentionCount: number;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The tables over a PostgreSQL server: one connection writes, a few read what is committed. While the server is away, messages wait in memory.
 *
 * @throws {AppError} `store/locked`, `store/away`, `store/unusable`, `store/newer-schema`, `store/schema-mismatch`
 */
export async function openPostgres(options: PostgresOptions): Promise<StoreBackend> {
  const { url, dataDir, clock, log } = options;
  hidePasswordOf(url);
  let lock: DataLock | undefined;
  let column: LookColumn = 'bytea';
  const pool = new pg.Pool({
    ...connectionConfig(url, 'reader'),
    max: READERS_MAX,
    onConnect: readOnly,
  });
  // Of a connection that nobody uses at the moment: the next one is a new one.
  pool.on('error', (error) => log.debug({ cause: messageOf(error) }, 'a reading connection ended'));
  try {
    lock = takeDataDir(dataDir);
    const writer = await PostgresWriter.open({
      connect: () => Session.open(connectionConfig(url, 'writer')),
      prepare: async (session) => {
        await migratePostgres(session);
        column = await inTransaction(session, () => settleLookColumn(session, log));
      },
      ...{ clock, log },
    });
    const backend = new PostgresBackend(writer, pool, lock, () => column, options);
    await backend.measure();
    return backend;
  } catch (error) {
    await pool.end();
    lock?.release();
    throw error;
  }
}

/** @returns a promise that the pool waits for */
function readOnly(client: pg.ClientBase): unknown {
  return client.query('SET default_transaction_read_only = on');
}

function takeDataDir(dataDir: string): DataLock {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return lockDataDir(dataDir);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'store/unusable',
      'unavailable',
      `data.dir ${dataDir} cannot be used (${messageOf(error)}): make it writable`,
      { cause: error },
    );
  }
}

class PostgresBackend implements StoreBackend {
  readonly limit = 'the database of data.postgres is away or does not keep up';
  readonly #writer: PostgresWriter;
  readonly #pool: pg.Pool;
  readonly #reads: Twins;
  readonly #twinsOf: (db: Queryable) => Twins;
  readonly #lock: DataLock;
  readonly #stopMeasuring: () => void;
  #bytes = 0;

  constructor(
    writer: PostgresWriter,
    pool: pg.Pool,
    lock: DataLock,
    column: () => LookColumn,
    { retentionCount, clock }: PostgresOptions,
  ) {
    this.#writer = writer;
    this.#pool = pool;
    this.#lock = lock;
    const facts = { retentionCount, bytes: () => this.#bytes };
    this.#twinsOf = (db) => ({
      journal: journalTwin(db, facts),
      segments: segmentTwin(db),
      history: historyTwin(db),
      pictures: pictureTwin(db),
      looks: lookTwin(db, column),
      access: accessTwin(db),
      readers: readerTwin(db),
      classifiers: classifierTwin(db),
      similarity: similarityTwin(db, column),
      texts: textTwin(db),
    });
    this.#reads = this.#twinsOf({ query: (sql, values) => ask(pool, sql, values) });
    const timer = clock.every(BYTES_PERIOD_MS, () => void this.measure());
    this.#stopMeasuring = () => timer.cancel();
  }

  get failure(): string | undefined {
    const reason = this.#writer.failure;
    return reason === undefined ? undefined : `the database of data.postgres cannot be written to: ${reason}`;
  }

  async write(table: TableName, method: string, args: readonly unknown[]): Promise<unknown> {
    const isPatient = PATIENT[table]?.includes(method) ?? false;
    try {
      return await this.#writer.run(
        (db) => methodOf(this.#twinsOf(db)[table].writes, method)(...args),
        isPatient,
      );
    } catch (error) {
      throw failureOf('write-failed', `the ${table} could not be written`, error);
    }
  }

  async read(table: TableName, method: string, args: readonly unknown[]): Promise<unknown> {
    try {
      return await methodOf(this.#reads[table].reads, method)(...args);
    } catch (error) {
      throw failureOf('read-failed', `the ${table} could not be read`, error);
    }
  }

  hurry(): void {
    this.#writer.giveUpAfter(CLOSE_PATIENCE_MS);
  }

  readonly close = once(async () => {
    this.#stopMeasuring();
    await this.#writer.close();
    await this.#pool.end();
    this.#lock.release();
  });

  /** Asks for the size of the database. */
  async measure(): Promise<void> {
    try {
      const sql = 'SELECT pg_database_size(current_database()) AS bytes';
      const { rows } = await ask<{ bytes: number }>(this.#pool, sql);
      this.#bytes = rows[0]!.bytes;
    } catch {
      // Away: that is told elsewhere, and the figure stays what it was.
    }
  }
}

function methodOf(methods: object, name: string): Method {
  return (methods as Record<string, Method>)[name]!;
}

function failureOf(code: 'write-failed' | 'read-failed', what: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const message = `${what} (${messageOf(cause)}): look at the PostgreSQL server of data.postgres and its log`;
  return new AppError(`store/${code}`, 'unavailable', message, { cause });
}
