import type { NumberedMessage } from '../events/index.js';

/** What readers of the journal need of it. */
export interface ReadableJournal {
  readonly lastSeq: number;
  read(options: { afterSeq: number; limit: number }): Promise<NumberedMessage[]>;
}

/** What comes after a place in the journal. */
export interface Unread {
  readonly page: readonly NumberedMessage[];
  /** So many messages right after the place are no longer kept. */
  readonly lost: number;
  /** Whoever has taken the page, and passed over what is lost, has everything up to here. */
  readonly upTo: number;
}

/** Reads on after `cursor`, where there is something: `lastSeq` is beyond it. */
export async function readOn(journal: ReadableJournal, cursor: number, limit: number): Promise<Unread> {
  const { lastSeq } = journal;
  const page = await journal.read({ afterSeq: cursor, limit });
  const lost = Math.max(0, (page[0]?.seq ?? lastSeq + 1) - cursor - 1);
  return { page, lost, upTo: page.at(-1)?.seq ?? lastSeq };
}
