import { AppError } from '../base/index.js';
import { eventStatements, type EventQuery, type EventRow } from './event-rows.js';
import type { JournalRow } from './journal-table.js';
import type { StoreDatabase } from './store-database.js';
import { trackStatements, type TrackQuery, type TrackRow } from './track-rows.js';

/** A page of what was asked for, newest first. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: Cursor;
}

/** A place in a list that is ordered by when things began and, at the same time, by their numbers: newer things do not move it. */
export interface Cursor {
  readonly startedMs: number;
  readonly seq: number;
}

/** Rows deleted in one transaction: a commit must not have to wait long behind it. */
const PRUNE_MAX = 500;

/** Tracks and events as they are now, put together from the messages of the journal; they outlive these. */
export function historyTable(database: StoreDatabase) {
  const { connection } = database;
  const tracks = trackStatements(connection);
  const events = eventStatements(connection);

  return {
    writes: {
      /** Marks an event, which retention then never deletes, or takes the mark away. @throws {AppError} `store/no-such-event` */
      mark(id: string, isMarked: boolean): void {
        const { changes } = events.mark.run([isMarked ? 1 : 0, id]);
        if (changes === 0)
          throw new AppError('store/no-such-event', 'not-found', 'there is no event of this id');
      },
      /** Deletes a few of the tracks and events that ended before a time; returns how many. Marked ones stay. */
      prune(tracksBeforeMs: number, eventsBeforeMs: number): number {
        return (
          tracks.prune.run([tracksBeforeMs, PRUNE_MAX]).changes +
          events.prune.run([eventsBeforeMs, PRUNE_MAX]).changes
        );
      },
    },
    reads: {
      tracks: (query: TrackQuery): Page<TrackRow> => pageOf(tracks.select(query), query.limit),
      track: (id: string): TrackRow | undefined => tracks.one(id),
      /** Paths of tracks, in the order of the ids; undefined where none is kept. */
      paths: (ids: readonly string[]): (Uint8Array | undefined)[] => ids.map((id) => tracks.path(id)),
      events: (query: EventQuery): Page<EventRow> => pageOf(events.select(query), query.limit),
      event: (id: string): EventRow | undefined => events.one(id),
      /** The newest message of each track and event that has begun and not ended, as JSON, oldest first. */
      open: (): string[] => [...tracks.open(), ...events.open()],
    },
  };
}

/** Makes rows of the journal's message, in the journal's own transaction. */
export function historyKeeper({ connection }: StoreDatabase): (seq: number, row: JournalRow) => void {
  const tracks = trackStatements(connection);
  const events = eventStatements(connection);
  return (seq, { type, body, path }) => {
    if (type.startsWith('track.')) tracks.take(seq, body, path);
    else if (type.startsWith('event.')) events.take(seq, body);
  };
}

/** @param rows one more than the page has, where there is more */
function pageOf<Row extends Cursor>(rows: readonly Row[], limit: number): Page<Row> {
  if (rows.length <= limit) return { rows };
  const { startedMs, seq } = rows[limit - 1]!;
  return { rows: rows.slice(0, limit), next: { startedMs, seq } };
}
