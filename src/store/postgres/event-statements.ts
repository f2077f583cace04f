import type { EventMessage } from '../../events/index.js';
import { EVENT_COLUMNS, eventOf, type EventQuery, type EventRow, type StoredEvent } from '../event-rows.js';
import { camerasIn, Filter } from './filter.js';
import type { NumberedRow } from './journal-twin.js';
import { columnsOf, whole, type Queryable } from './queryable.js';
import { noteEnded, noteUnended } from './track-statements.js';

/** Makes rows of the messages about events of a batch, in the journal's own transaction. Of several about one event the last one counts. */
export async function keepEvents(db: Queryable, rows: readonly NumberedRow[]): Promise<void> {
  const told = rows
    .filter(({ type }) => type.startsWith('event.'))
    .map((row) => ({ ...row, message: JSON.parse(row.body) as EventMessage }));
  const started = told.filter(({ type }) => type === 'event.started');
  if (started.length > 0)
    await db.query(
      `INSERT INTO events (seq, id, camera, rule, type, label, zone, severity, started_ms, body)
       SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
         $8::text[], $9::bigint[], $10::text[]) ON CONFLICT DO NOTHING`,
      columnsOf(
        started,
        ({ seq }) => seq,
        ({ message }) => message.event.id,
        ({ camera }) => camera,
        ({ message }) => message.event.rule.name,
        ({ message }) => message.event.rule.type,
        ({ message }) => message.event.label,
        ({ message: { event } }) => event.zone ?? event.line,
        ({ message }) => message.event.severity,
        ({ message }) => Date.parse(message.event.startedAt),
        ({ body }) => body,
      ),
    );
  const changed = told.filter(({ type }) => type !== 'event.started');
  const last = [...new Map(changed.map((row) => [row.message.event.id, row])).values()];
  if (last.length > 0)
    await db.query(
      `UPDATE events SET ended_ms = c.ended_ms, body = c.body, label = c.label, severity = c.severity
       FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[])
         AS c (id, ended_ms, body, label, severity) WHERE events.id = c.id`,
      columnsOf(
        last,
        ({ message }) => message.event.id,
        ({ message: { type, event, time } }) =>
          type === 'event.ended' ? Date.parse(event.endedAt ?? time) : null,
        ({ body }) => body,
        ({ message }) => message.event.label,
        ({ message }) => message.event.severity,
      ),
    );
  const isEnded = new Map(told.map(({ type, message }) => [message.event.id, type === 'event.ended']));
  const idsOf = (wanted: boolean) => [...isEnded].flatMap(([id, ended]) => (ended === wanted ? [id] : []));
  const unended = idsOf(false);
  if (unended.length > 0) await noteUnended(db, unended);
  await noteEnded(db, idsOf(true));
}

/** Since when events of a camera and severity are kept. */
export interface KeptEvents {
  readonly camera: string;
  readonly severity: string;
  readonly sinceMs: number;
}

/** The statements about events, apart from those of the journal. */
export function eventStatements(db: Queryable) {
  return {
    async mark(id: string, isMarked: boolean): Promise<number> {
      return (await db.query('UPDATE events SET is_marked = $1 WHERE id = $2', [isMarked, id])).count;
    },
    /** @param review JSON */
    async review(id: string, verdict: string | undefined, review: string | undefined): Promise<number> {
      const values = [verdict ?? null, review ?? null, id];
      return (await db.query('UPDATE events SET verdict = $1, review = $2 WHERE id = $3', values)).count;
    },
    cameras: () => camerasIn(db, 'events'),
    async prune(kept: readonly KeptEvents[], limit: number): Promise<number> {
      const { count } = await db.query(
        `DELETE FROM events WHERE seq IN (SELECT old.seq
           FROM unnest($1::text[], $2::text[], $3::bigint[]) AS kept (camera, severity, since_ms),
           LATERAL (SELECT seq FROM events WHERE camera = kept.camera AND severity = kept.severity
             AND started_ms < kept.since_ms AND ended_ms < kept.since_ms AND NOT is_marked
             ORDER BY started_ms LIMIT $4) AS old LIMIT $4)`,
        [...columnsOf(kept, ({ camera }) => camera, ({ severity }) => severity, ({ sinceMs }) => whole(sinceMs)), limit], // prettier-ignore
      );
      return count;
    },
    async select(query: EventQuery): Promise<EventRow[]> {
      const { cameras, rule, type, label, zone, severity, isMarked, verdict, limit } = query;
      // As text: an index of marked events alone is used where it can be seen that they are.
      const marked = isMarked === undefined ? [] : [isMarked ? 'is_marked' : 'NOT is_marked'];
      const filter = new Filter(...marked)
        .equal({ verdict, camera: cameras, rule, type, label, zone, severity })
        .within(query);
      const { rows } = await db.query<StoredEvent>(
        `SELECT ${EVENT_COLUMNS} FROM events ${filter.sql} ORDER BY started_ms DESC, seq DESC LIMIT ${limit + 1}`,
        filter.values,
      );
      return rows.map(eventOf);
    },
    async one(id: string): Promise<EventRow | undefined> {
      const { rows } = await db.query<StoredEvent>(`SELECT ${EVENT_COLUMNS} FROM events WHERE id = $1`, [id]);
      return rows[0] && eventOf(rows[0]);
    },
    async open(): Promise<string[]> {
      const { rows } = await db.query<{ body: string }>(
        'SELECT body FROM events JOIN unended USING (id) WHERE ended_ms IS NULL ORDER BY seq',
      );
      return rows.map(({ body }) => body);
    },
  };
}
