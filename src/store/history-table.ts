import { trackClassStatements } from './classifier-table.js';
import { AppError } from '../base/index.js';
import type { Colour } from '../frames/index.js';
import { eventStatements, type EventQuery, type EventReview, type EventRow } from './event-rows.js';
import type { JournalRow } from './journal-table.js';
import type { StoreDatabase } from './store-database.js';
import { trackTextStatements } from './text-table.js';
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

/** Since when history is kept, ms since 1970 UTC: what ended before is deleted. */
export type KeptSince = Readonly<Record<'track' | 'info' | 'warning' | 'alert', number>>;

/** Since when history of each camera is kept. */
export interface KeptSinceByCamera {
  /** Of cameras that are not named. */
  readonly usual: KeptSince;
  readonly cameras: Readonly<Record<string, KeptSince>>;
}

/** Severities of events. */
export const SEVERITIES = ['info', 'warning', 'alert'] as const;

/** Rows deleted in one transaction: a commit must not have to wait long behind it. */
export const PRUNE_MAX = 500;

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
        if (changes === 0) throw noSuchEvent();
      },
      /** Keeps what somebody says of an event, in place of what was said before; undefined: nothing. @throws {AppError} `store/no-such-event` */
      review(id: string, review: EventReview | undefined): void {
        const json = review === undefined ? null : JSON.stringify(review);
        const { changes } = events.review.run([review?.verdict ?? null, json, id]);
        if (changes === 0) throw noSuchEvent();
      },
      /** Keeps that a track under way has been in zones, which its end tells as well; ignored for one that is not known. */
      addZones(track: string, zones: readonly string[]): void {
        tracks.addZones(track, zones);
      },
      /** Keeps what most of a track is; ignored for one that is not known or was another's. */
      setColour(track: string, colour: Colour): void {
        tracks.setColour(track, colour);
      },
      /** Deletes a few of the tracks and events that have been kept long enough; returns how many. Marked ones stay. */
      prune({ usual, cameras }: KeptSinceByCamera): number {
        const since = (camera: string) => (Object.hasOwn(cameras, camera) ? cameras[camera]! : usual);
        let count = 0;
        for (const camera of tracks.cameras())
          count += tracks.prune.run([camera, since(camera).track, PRUNE_MAX - count]).changes;
        for (const camera of events.cameras())
          for (const severity of SEVERITIES)
            count += events.prune.run([camera, severity, since(camera)[severity], PRUNE_MAX - count]).changes;
        return count;
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
  const classes = trackClassStatements(connection);
  const texts = trackTextStatements(connection);
  return (seq, { type, body, path }) => {
    if (type === 'track.classified') classes.take(body);
    else if (type === 'text.read') texts.take(body);
    else if (type.startsWith('track.')) tracks.take(seq, body, path);
    else if (type.startsWith('event.')) events.take(seq, body);
  };
}

/** What is said where an event is asked for that is not there. */
export function noSuchEvent(): AppError {
  return new AppError('store/no-such-event', 'not-found', 'there is no event of this id');
}

/** @param rows one more than the page has, where there is more */
export function pageOf<Row extends Cursor>(rows: readonly Row[], limit: number): Page<Row> {
  if (rows.length <= limit) return { rows };
  const { startedMs, seq } = rows[limit - 1]!;
  return { rows: rows.slice(0, limit), next: { startedMs, seq } };
}
