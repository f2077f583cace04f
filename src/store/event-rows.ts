import type { Database } from 'libsql';
import type { EventMessage } from '../events/index.js';
import { camerasIn, whereOf, type Range } from './filters.js';

/** Migration "verdicts": what people say of events. The index holds the few that were judged. */
export const VERDICTS_SCHEMA = `ALTER TABLE events ADD COLUMN verdict TEXT;
ALTER TABLE events ADD COLUMN review TEXT;
CREATE INDEX events_judged ON events (verdict, started_ms, camera) WHERE verdict IS NOT NULL`;

/** Whether what was told was so. */
export type EventVerdict = 'true' | 'false alarm';

/** What somebody said of an event. */
export interface EventReview {
  /** Absent: only commented. */
  readonly verdict?: EventVerdict;
  readonly comment?: string;
  /** Name of who said so last. */
  readonly by: string;
  readonly atMs: number;
}

/** An event as it is now. */
export interface EventRow {
  /** Number of its `event.started`. */
  readonly seq: number;
  readonly id: string;
  readonly camera: string;
  readonly startedMs: number;
  readonly endedMs?: number;
  /** Whether somebody marked it, so that it is kept. */
  readonly isMarked: boolean;
  /** What somebody said of it last. */
  readonly review?: EventReview;
  /** Its newest message. */
  readonly message: EventMessage;
}

/** Which events. */
export interface EventQuery extends Range {
  readonly cameras?: readonly string[];
  /** Name, and type, of the rule. */
  readonly rule?: string;
  readonly type?: string;
  readonly label?: string;
  /** A zone or a line. */
  readonly zone?: string;
  readonly severity?: string;
  readonly isMarked?: boolean;
  readonly verdict?: EventVerdict;
}

/** A row as either database has it. */
export interface StoredEvent {
  readonly seq: number;
  readonly id: string;
  readonly camera: string;
  readonly started_ms: number;
  readonly ended_ms: number | null;
  readonly is_marked: number | boolean;
  /** JSON. */
  readonly review: string | null;
  readonly body: string;
}

/** Its columns. */
export const EVENT_COLUMNS = 'seq, id, camera, started_ms, ended_ms, is_marked, review, body';

/** The statements about events. */
export function eventStatements(connection: Database) {
  const insert = connection.prepare(
    `INSERT INTO events (seq, id, camera, rule, type, label, zone, severity, started_ms, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const update = connection.prepare('UPDATE events SET ended_ms = ?, body = ? WHERE id = ?');
  // Apart, since SQLite rewrites the entries of every index that a statement names, changed or not.
  const rename = connection.prepare(
    'UPDATE events SET label = ?1, severity = ?2 WHERE id = ?3 AND (label IS NOT ?1 OR severity IS NOT ?2)',
  );
  const one = connection.prepare(`SELECT ${EVENT_COLUMNS} FROM events WHERE id = ?`);
  const open = connection.prepare('SELECT body FROM events WHERE ended_ms IS NULL ORDER BY seq');

  return {
    mark: connection.prepare('UPDATE events SET is_marked = ? WHERE id = ?'),
    review: connection.prepare('UPDATE events SET verdict = ?, review = ? WHERE id = ?'),
    prune: connection.prepare(
      `DELETE FROM events WHERE seq IN (SELECT seq FROM events INDEXED BY events_by_age
         WHERE camera = ? AND severity = ? AND ended_ms < ? AND is_marked = 0 ORDER BY ended_ms LIMIT ?)`,
    ),
    cameras: camerasIn(connection, 'events'),
    take(seq: number, body: string): void {
      const { type, camera, time, event } = JSON.parse(body) as EventMessage;
      const { id, rule, severity, label = null, zone, line } = event;
      if (type === 'event.started') {
        const place = zone ?? line ?? null;
        const startedMs = Date.parse(event.startedAt);
        insert.run([seq, id, camera, rule.name, rule.type, label, place, severity, startedMs, body]);
      } else {
        const endedMs = type === 'event.ended' ? Date.parse(event.endedAt ?? time) : null;
        update.run([endedMs, body, id]);
        rename.run([label, severity, id]);
      }
    },
    select(query: EventQuery): EventRow[] {
      const { cameras, rule, type, label, zone, severity, isMarked, verdict, limit } = query;
      // As text: an index of marked events alone is used where it can be seen that they are.
      const marked = isMarked === undefined ? [] : [`is_marked = ${Number(isMarked)}`];
      const where = whereOf(
        { verdict, camera: cameras, rule, type, label, zone, severity },
        query,
        ...marked,
      );
      return (
        connection
          .prepare(
            `SELECT ${EVENT_COLUMNS} FROM events INDEXED BY ${indexFor(query)} ${where.sql}
             ORDER BY started_ms DESC, seq DESC LIMIT ?`,
          )
          .all([...where.parameters, limit + 1]) as StoredEvent[]
      ).map(eventOf);
    },
    one(id: string): EventRow | undefined {
      const stored = one.get([id]) as StoredEvent | undefined;
      return stored && eventOf(stored);
    },
    open: (): string[] => (open.all([]) as { body: string }[]).map(({ body }) => body),
  };
}

/**
 * By the filter that leaves the fewest, as a rule: SQLite would have to guess. All but those of marked and of judged events hold every column
 * that is filtered by, so that what the other filters leave out costs a step within the index.
 */
function indexFor({ cameras, rule, type, label, zone, severity, isMarked, verdict }: EventQuery): string {
  if (verdict !== undefined) return 'events_judged';
  if (isMarked === true) return 'events_marked';
  if (cameras?.length === 1) return 'events_by_camera';
  if (rule !== undefined) return 'events_by_rule';
  if (zone !== undefined) return 'events_by_zone';
  if (label !== undefined) return 'events_by_label';
  if (type !== undefined) return 'events_by_type';
  return severity === undefined ? 'events_by_time' : 'events_by_severity';
}

/** The event that a row is. */
export function eventOf(stored: StoredEvent): EventRow {
  const { seq, id, camera, started_ms, ended_ms, is_marked, review, body } = stored;
  return {
    seq,
    id,
    camera,
    startedMs: started_ms,
    ...(ended_ms !== null && { endedMs: ended_ms }),
    isMarked: Boolean(is_marked),
    ...(review !== null && { review: JSON.parse(review) as EventReview }),
    message: JSON.parse(body) as EventMessage,
  };
}
