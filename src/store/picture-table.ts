import type { Box } from '../geometry/index.js';
import type { StoreDatabase } from './store-database.js';

/**
 * Migration "pictures": pictures of tracks and events, and how tracks look. They go with their track or event, in the same transaction: no
 * way of deleting one leaves them behind. Looks lie apart from pictures, so that a search reads nothing else. `bytes` is 0 of a picture that
 * was given up for its size.
 */
export const PICTURES_SCHEMA = `CREATE TABLE pictures (
  id       INTEGER PRIMARY KEY,
  kind     TEXT NOT NULL,
  owner    TEXT NOT NULL,
  camera   TEXT NOT NULL,
  worth    INTEGER NOT NULL,
  seen_ms  INTEGER NOT NULL,
  bytes    INTEGER NOT NULL,
  facts    TEXT NOT NULL,
  jpeg     BLOB,
  UNIQUE (kind, owner)
) STRICT;
CREATE INDEX pictures_by_worth ON pictures (camera, worth, seen_ms, bytes) WHERE bytes > 0;
CREATE INDEX pictures_by_age ON pictures (seen_ms);
CREATE TABLE looks (
  id        INTEGER PRIMARY KEY,
  track     TEXT NOT NULL UNIQUE,
  camera    TEXT NOT NULL,
  label     TEXT NOT NULL,
  seen_ms   INTEGER NOT NULL,
  model     TEXT NOT NULL,
  embedding BLOB NOT NULL
) STRICT;
CREATE INDEX looks_by_age ON looks (seen_ms);
CREATE TRIGGER track_gone AFTER DELETE ON tracks BEGIN
  DELETE FROM pictures WHERE kind = 'track' AND owner = OLD.id;
  DELETE FROM looks WHERE track = OLD.id;
END;
CREATE TRIGGER track_merged AFTER UPDATE OF merged_into ON tracks WHEN NEW.merged_into IS NOT NULL BEGIN
  DELETE FROM pictures WHERE kind = 'track' AND owner = NEW.id;
  DELETE FROM looks WHERE track = NEW.id;
END;
CREATE TRIGGER track_renamed AFTER UPDATE OF label ON tracks WHEN NEW.label <> OLD.label BEGIN
  UPDATE looks SET label = NEW.label WHERE track = NEW.id;
END;
CREATE TRIGGER event_gone AFTER DELETE ON events BEGIN
  DELETE FROM pictures WHERE kind = 'event' AND owner = OLD.id;
END`;

/** Whose picture it is. */
export interface PictureOwner {
  readonly kind: 'track' | 'event';
  readonly id: string;
}

/** What is known of a picture. */
export interface PictureFacts {
  readonly camera: string;
  /** When it was taken, ms since 1970 UTC. */
  readonly seenMs: number;
  /** The part of the source that it shows, and the objects in it, in pixels of the source. */
  readonly shows: Box;
  readonly boxes: readonly Box[];
}

/** A picture. */
export interface Picture extends PictureFacts {
  /** Absent once it was given up for its size. */
  readonly jpeg?: Uint8Array;
}

/** What goes first where there is too much. */
export const WORTH = { track: 0, info: 1, warning: 2, alert: 3 } as const;
/** What a picture shows, as far as it matters how long it is kept: a track, or an event of a severity. */
export type PictureWorth = keyof typeof WORTH;
/** Pictures deleted in one transaction: a commit must not have to wait long behind it. */
export const SHED_MAX = 20;
/** Rows deleted in one transaction. */
export const ORPHANS_MAX = 200;

/** A picture as its row has it. */
export interface StoredPicture {
  readonly camera: string;
  readonly seen_ms: number;
  readonly facts: string;
  readonly jpeg: Buffer | null;
}

/** What a row says. */
export function pictureOf({ camera, seen_ms: seenMs, facts, jpeg }: StoredPicture): Picture {
  return {
    ...{ camera, seenMs },
    ...(JSON.parse(facts) as Pick<PictureFacts, 'shows' | 'boxes'>),
    ...(jpeg !== null && { jpeg: new Uint8Array(jpeg) }),
  };
}

/** What is given up first has the least. @param severity of an event */
export function worthOf(kind: PictureOwner['kind'], severity: 'info' | 'warning' | 'alert' = 'info'): number {
  return WORTH[kind === 'track' ? 'track' : severity];
}

/** Pictures of tracks and events. */
export function pictureTable({ connection }: StoreDatabase) {
  const put = connection.prepare(
    `INSERT INTO pictures (kind, owner, camera, worth, seen_ms, bytes, facts, jpeg) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (kind, owner) DO UPDATE SET seen_ms = excluded.seen_ms, bytes = excluded.bytes,
       facts = excluded.facts, jpeg = excluded.jpeg, worth = excluded.worth`,
  );
  const merged = connection.prepare('SELECT 1 FROM tracks WHERE id = ? AND merged_into IS NOT NULL');
  const one = connection.prepare(
    'SELECT camera, seen_ms, facts, jpeg FROM pictures WHERE kind = ? AND owner = ?',
  );
  const byCamera = connection.prepare(
    'SELECT camera, sum(bytes) AS bytes FROM pictures WHERE bytes > 0 GROUP BY camera ORDER BY bytes DESC',
  );
  const isMarked = `kind = 'event' AND EXISTS (SELECT 1 FROM events WHERE events.id = owner AND is_marked = 1)`;
  const least = connection.prepare(
    `SELECT id, bytes FROM pictures WHERE camera = ? AND bytes > 0 AND NOT (${isMarked})
     ORDER BY worth, seen_ms LIMIT ?`,
  );
  const older = connection.prepare(
    `SELECT id FROM pictures WHERE camera = ? AND worth = ? AND seen_ms < ? AND bytes > 0 AND NOT (${isMarked})
     ORDER BY seen_ms LIMIT ?`,
  );
  const giveUp = connection.prepare('UPDATE pictures SET jpeg = NULL, bytes = 0 WHERE id = ?');
  const orphans = connection.prepare(
    `DELETE FROM pictures WHERE id IN (SELECT id FROM pictures WHERE seen_ms < ? AND CASE kind
       WHEN 'track' THEN NOT EXISTS (SELECT 1 FROM tracks WHERE tracks.id = owner)
       ELSE NOT EXISTS (SELECT 1 FROM events WHERE events.id = owner) END ORDER BY seen_ms LIMIT ?)`,
  );

  return {
    writes: {
      /**
       * Keeps a picture, in place of an earlier one of its owner.
       * @param severity of its event
       */
      put(
        { kind, id }: PictureOwner,
        { camera, seenMs, ...facts }: PictureFacts,
        jpeg: Uint8Array,
        severity?: 'info' | 'warning' | 'alert',
      ): void {
        // Its picture may come after the news that it was another's.
        if (kind === 'track' && merged.get([id]) !== undefined) return;
        const bytes = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
        put.run([
          kind,
          id,
          camera,
          worthOf(kind, severity),
          seenMs,
          bytes.length,
          JSON.stringify(facts),
          bytes,
        ]);
      },
      /**
       * Gives up a few pictures of a camera, those of tracks first, then those of events by severity, oldest first; never those of marked
       * events. Returns their bytes: 0 where nothing more may go.
       */
      shed(camera: string, bytesMax: number): number {
        let bytes = 0;
        for (const row of least.all([camera, SHED_MAX]) as { id: number; bytes: number }[]) {
          if (bytes >= bytesMax) break;
          giveUp.run([row.id]);
          bytes += row.bytes;
        }
        return bytes;
      },
      /**
       * Gives up a few pictures of a camera that were taken before a time, by what they show; never those of marked events. Returns how many.
       * @param beforeMs ms since 1970 UTC; what is not named stays
       */
      shedOlder(camera: string, beforeMs: Readonly<Partial<Record<PictureWorth, number>>>): number {
        const rows = Object.entries(beforeMs).flatMap(
          ([worth, ms]) =>
            older.all([camera, WORTH[worth as PictureWorth], ms, SHED_MAX]) as { id: number }[],
        );
        const few = rows.slice(0, SHED_MAX);
        for (const { id } of few) giveUp.run([id]);
        return few.length;
      },
      /** Deletes a few of those older than a time whose track or event was never stored; returns how many. */
      removeOrphans: (beforeMs: number): number => orphans.run([beforeMs, ORPHANS_MAX]).changes,
    },
    reads: {
      one({ kind, id }: PictureOwner): Picture | undefined {
        const stored = one.get([kind, id]) as StoredPicture | undefined;
        return stored && pictureOf(stored);
      },
      /** What the pictures of each camera take, the most first. */
      bytesByCamera: () =>
        (byCamera.all([]) as { camera: string; bytes: number }[]).map(({ camera, bytes }) => ({
          camera,
          bytes,
        })),
    },
  };
}
