import type { EncodedError } from '../base/index.js';

/** What the journal's worker is started with. */
export interface JournalWorkerData {
  readonly dataDir: string;
  readonly retentionCount: number;
}

/** One message to be numbered and kept; `body` is the message as JSON, without `seq`. */
export interface JournalRow {
  readonly camera: string;
  readonly type: string;
  readonly body: string;
}

/** Where the journal stands after a commit. */
export interface JournalState {
  readonly lastSeq: number;
  /** `lastSeq + 1` when nothing is kept. */
  readonly firstSeq: number;
  /** Database and write-ahead log on disk. */
  readonly bytes: number;
}

/** Control thread to journal worker; each is answered by one {@link FromJournal} with the same `id`. */
export type ToJournal =
  | { readonly type: 'append'; readonly id: number; readonly rows: readonly JournalRow[] }
  | { readonly type: 'read'; readonly id: number; readonly afterSeq: number; readonly limit: number }
  | { readonly type: 'close'; readonly id: number };

/** Journal worker to control thread. The rows of an `appended` batch have the numbers `firstOfBatch`, `firstOfBatch + 1`, … */
export type FromJournal =
  | { readonly type: 'ready'; readonly state: JournalState }
  | { readonly type: 'refused'; readonly error: EncodedError }
  | {
      readonly type: 'appended';
      readonly id: number;
      readonly firstOfBatch: number;
      readonly state: JournalState;
    }
  | {
      readonly type: 'rows';
      readonly id: number;
      readonly rows: readonly { readonly seq: number; readonly body: string }[];
    }
  | { readonly type: 'closed'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly error: EncodedError };
