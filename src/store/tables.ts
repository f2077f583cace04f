import { historyTable } from './history-table.js';
import { accessTable } from './access-table.js';
import { classifierTable } from './classifier-table.js';
import { journalTable } from './journal-table.js';
import { lookTable } from './look-table.js';
import { pictureTable } from './picture-table.js';
import { similarityTable } from './similarity-table.js';
import { segmentTable } from './segment-table.js';
import { readerTable } from './reader-table.js';
import { textTable } from './text-table.js';
import type { StoreDatabase } from './store-database.js';
import type { StoreThreadData } from './messages.js';

/** Functions that run in a thread of the store; arguments and results cross as structured clones. */
export type Methods = Readonly<Record<string, (...args: never[]) => unknown>>;

/** What can be asked of one area of the database. */
export interface Table {
  /** Change rows: in the one writing thread, each call a transaction of its own, on the disk when it is answered. */
  readonly writes: Methods;
  /** Change nothing: in a thread of their own, so that a long search holds up no commit. */
  readonly reads: Methods;
}

/** All areas, by name; each is made in both threads. They keep nothing but prepared statements: a commit may fail after a call. */
export const TABLES = {
  journal: journalTable,
  segments: segmentTable,
  history: historyTable,
  pictures: pictureTable,
  looks: lookTable,
  access: accessTable,
  readers: readerTable,
  classifiers: classifierTable,
  similarity: similarityTable,
  texts: textTable,
} satisfies Record<string, (database: StoreDatabase, data: StoreThreadData) => Table>;

/** The areas' names. */
export type TableName = keyof typeof TABLES;

/** What can be asked of the area of a name. */
export type TableOf<Name extends TableName> = ReturnType<(typeof TABLES)[Name]>;
