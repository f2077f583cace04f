import { once, type Clock, type Log } from '../base/index.js';
import { Journal } from './journal.js';
import { openEmbedded } from './embedded-store.js';
import type { TableName, TableOf } from './tables.js';

const RETENTION_COUNT = 100_000;

/** Where everything lies that the server keeps, and how much of it. */
export interface StoreOptions {
  /** Created when absent. Holds `sightline.db`, its write-ahead log and the lock. */
  readonly dataDir: string;
  /** URL of a PostgreSQL database that keeps everything in place of `sightline.db`; the data directory is locked all the same. */
  readonly postgresUrl?: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** So many of the newest messages are kept in the journal; default 100 000. */
  readonly retentionCount?: number;
}

/** An area of the database, asked from the control thread. */
export interface TableClient<Table extends TableOf<TableName>> {
  /** In a transaction of its own, on the disk when it resolves. @throws {AppError} `store/write-failed`, `store/disk-refuses`, … `store/worker-died`, `store/away`, `store/closed`, and what the method throws */
  write<Name extends keyof Table['writes'] & string>(
    method: Name,
    ...args: ArgumentsOf<Table['writes'][Name]>
  ): Promise<ResultOf<Table['writes'][Name]>>;
  /** Sees all that was committed before. @throws {AppError} `store/read-failed`, … `store/worker-died`, `store/closed`, and what the method throws */
  read<Name extends keyof Table['reads'] & string>(
    method: Name,
    ...args: ArgumentsOf<Table['reads'][Name]>
  ): Promise<ResultOf<Table['reads'][Name]>>;
}

type ArgumentsOf<Method> = Method extends (...args: infer Arguments) => unknown ? Arguments : never;
type ResultOf<Method> = Method extends (...args: never[]) => infer Result ? Result : never;

/** What keeps the tables: SQLite in threads of this process, or a PostgreSQL server. */
export interface StoreBackend {
  /** Why nothing can be written at the moment. */
  readonly failure: string | undefined;
  /** Said where too much waits to be written. */
  readonly limit: string;
  /** @throws {AppError} as {@link TableClient.write} */
  write(table: TableName, method: string, args: readonly unknown[]): Promise<unknown>;
  /** @throws {AppError} as {@link TableClient.read} */
  read(table: TableName, method: string, args: readonly unknown[]): Promise<unknown>;
  /** It will be closed: what cannot be written is soon to be given up. */
  hurry(): void;
  close(): Promise<void>;
}

/** All that the server keeps, but recordings: held by this process alone. */
export class Store {
  readonly journal: Journal;
  readonly #backend: StoreBackend;

  private constructor(backend: StoreBackend, journal: Journal) {
    this.#backend = backend;
    this.journal = journal;
  }

  /**
   * Opens the data directory, or the PostgreSQL database, and brings it to this version's schema.
   *
   * @throws {AppError} `store/locked` (another server has it), `store/unusable`, `store/newer-schema`, `store/schema-mismatch`,
   *   `store/worker-died`, `store/open-timeout`, `store/away`
   */
  static async open(options: StoreOptions): Promise<Store> {
    const { dataDir, postgresUrl: url, clock, log, retentionCount = RETENTION_COUNT } = options;
    const common = { dataDir, retentionCount, clock, log };
    const backend =
      url === undefined
        ? await openEmbedded(common)
        : await (await import('./postgres/postgres-store.js')).openPostgres({ ...common, url });
    try {
      const { limit } = backend;
      const journal = await Journal.open({ table: clientOf(backend, 'journal'), clock, log, limit });
      return new Store(backend, journal);
    } catch (error) {
      await backend.close();
      throw error;
    }
  }

  /** Why nothing can be written at the moment: a database that is away, or a disk that refuses. */
  get failure(): string | undefined {
    return this.#backend.failure ?? this.journal.failure;
  }

  /** What can be asked of one area. */
  table<Name extends TableName>(name: Name): TableClient<TableOf<Name>> {
    return clientOf(this.#backend, name);
  }

  /** Waits for what was appended, then closes the database and releases the data directory. */
  readonly close = once(async () => {
    this.#backend.hurry();
    await this.journal.close();
    await this.#backend.close();
  });
}

function clientOf<Name extends TableName>(backend: StoreBackend, name: Name): TableClient<TableOf<Name>> {
  return {
    write: (method, ...args) => backend.write(name, method, args) as never,
    read: (method, ...args) => backend.read(name, method, args) as never,
  };
}
