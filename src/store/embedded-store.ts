import { once, type Clock, type Log } from '../base/index.js';
import type { StoreBackend } from './store.js';
import { StoreThread } from './store-thread.js';
import type { TableName } from './tables.js';

/**
 * The tables over SQLite in the data directory, held for this process alone. It runs in threads, so nothing here blocks: one writes, one
 * reads what is committed, and one, where there are searches, looks for what is similar.
 *
 * @throws {AppError} `store/locked` (another server has it; names its pid), `store/unusable`, `store/newer-schema`,
 *   `store/schema-mismatch`, `store/worker-died`, `store/open-timeout`
 */
export async function openEmbedded(options: {
  readonly dataDir: string;
  readonly retentionCount: number;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<StoreBackend> {
  const { dataDir, retentionCount, clock, log } = options;
  const openThread = (role: 'writer' | 'reader') =>
    StoreThread.open({ data: { dataDir, retentionCount, role }, clock, log });
  const writer = await openThread('writer');
  try {
    return new EmbeddedStore(writer, await openThread('reader'), () => openThread('reader'));
  } catch (error) {
    await writer.close();
    throw error;
  }
}

class EmbeddedStore implements StoreBackend {
  readonly failure = undefined;
  readonly limit = 'the disk of data.dir does not keep up';
  readonly #writer: StoreThread;
  readonly #reader: StoreThread;
  readonly #openReader: () => Promise<StoreThread>;
  /** Opened by the first search: it keeps what it searches in memory. */
  #searcher: Promise<StoreThread> | undefined;

  constructor(writer: StoreThread, reader: StoreThread, openReader: () => Promise<StoreThread>) {
    this.#writer = writer;
    this.#reader = reader;
    this.#openReader = openReader;
  }

  write(table: TableName, method: string, args: readonly unknown[]): Promise<unknown> {
    return this.#writer.call(table, method, args);
  }

  async read(table: TableName, method: string, args: readonly unknown[]): Promise<unknown> {
    const thread = table === 'similarity' ? await (this.#searcher ??= this.#openReader()) : this.#reader;
    return thread.call(table, method, args);
  }

  hurry(): void {
    // A thread that hangs is ended when it is closed.
  }

  readonly close = once(async () => {
    // Whoever closes last checkpoints: that must be the writer.
    await this.#searcher?.then(
      (thread) => thread.close(),
      () => undefined,
    );
    await this.#reader.close();
    await this.#writer.close();
  });
}
