import type { EncodedError } from '../base/index.js';

/** What a thread of the store is started with. */
export interface StoreThreadData {
  readonly dataDir: string;
  /** So many of the newest messages of the journal are kept. */
  readonly retentionCount: number;
  /** There is one of each: the one writer migrates, and holds the data directory; the reader changes nothing. */
  readonly role: 'writer' | 'reader';
}

/** Control thread to a thread of the store; each is answered by one {@link FromStore} with the same `id`. */
export type ToStore =
  | {
      readonly type: 'call';
      readonly id: number;
      readonly table: string;
      readonly method: string;
      readonly args: readonly unknown[];
    }
  | { readonly type: 'close'; readonly id: number };

/** A thread of the store to the control thread. */
export type FromStore =
  | { readonly type: 'ready' }
  | { readonly type: 'refused'; readonly error: EncodedError }
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly error: EncodedError }
  | { readonly type: 'closed'; readonly id: number };
