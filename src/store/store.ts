import { once, type Clock, type Log } from '../base/index.js';
import { Journal } from './journal.js';
import { StoreThread } from './store-thread.js';
import type { TableName, TableOf } from './tables.js';

const RETENTION_COUNT = 100_000;

/** Where everything lies that the server keeps, and how much of it. */
export interface StoreOptions {
  /** Created when absent. Holds `sightline.db`, its write-ahead log and the lock. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** So many of the newest messages are kept in the journal; default 100 000. */
  readonly retentionCount?: number;
}

/** An area of the database, asked from the control thread. */
export interface TableClient<Table extends TableOf<TableName>> {
  /** In a transaction of its own, on the disk when it resolves. @throws {AppError} `store/write-failed`, … as {@link StoreThread.call} */
  write<Name extends keyof Table['writes'] & string>(
    method: Name,
    ...args: ArgumentsOf<Table['writes'][Name]>
  ): Promise<ResultOf<Table['writes'][Name]>>;
  /** Sees all that was committed before. @throws {AppError} `store/read-failed`, … as {@link StoreThread.call} */
  read<Name extends keyof Table['reads'] & string>(
    method: Name,
    ...args: ArgumentsOf<Table['reads'][Name]>
  ): Promise<ResultOf<Table['reads'][Name]>>;
}

type ArgumentsOf<Method> = Method extends (...args: infer Arguments) => unknown ? Arguments : never;
type ResultOf<Method> = Method extends (...args: never[]) => infer Result ? Result : never;

/**
 * The database of a data directory, held for this process alone. SQLite runs in two threads, so nothing here blocks: one writes, and one
 * reads what is committed.
 */
export class Store {
  readonly journal: Journal;
  readonly #writer: StoreThread;
  readonly #reader: StoreThread;

  private constructor(writer: StoreThread, reader: StoreThread, journal: Journal) {
    this.#writer = writer;
    this.#reader = reader;
    this.journal = journal;
  }

  /**
   * Opens the data directory, and brings the database to this version's schema.
   *
   * @throws {AppError} `store/locked` (another server has it; names its pid), `store/unusable`,
   *   `store/newer-schema`, `store/schema-mismatch`, `store/worker-died`, `store/open-timeout`
   */
  static async open(options: StoreOptions): Promise<Store> {
    const { dataDir, clock, log, retentionCount = RETENTION_COUNT } = options;
    const openThread = (role: 'writer' | 'reader') =>
      StoreThread.open({ data: { dataDir, retentionCount, role }, clock, log });
    const writer = await openThread('writer');
    let reader: StoreThread | undefined;
    try {
      reader = await openThread('reader');
      const journal = await Journal.open({ table: clientOf(writer, reader, 'journal'), clock, log });
      return new Store(writer, reader, journal);
    } catch (error) {
      await reader?.close();
      await writer.close();
      throw error;
    }
  }

  /** What can be asked of one area. */
  table<Name extends TableName>(name: Name): TableClient<TableOf<Name>> {
    return clientOf(this.#writer, this.#reader, name);
  }

  /** Waits for what was appended, then closes the database and releases the data directory. */
  readonly close = once(async () => {
    await this.journal.close();
    // Whoever closes last checkpoints: that must be the writer.
    await this.#reader.close();
    await this.#writer.close();
  });
}

function clientOf<Name extends TableName>(
  writer: StoreThread,
  reader: StoreThread,
  name: Name,
): TableClient<TableOf<Name>> {
  return {
    write: (method, ...args) => writer.call(name, method, args) as never,
    read: (method, ...args) => reader.call(name, method, args) as never,
  };
}
