import { auditHash, type AuditEntry, type AuditRecord } from '../audit-chain.js';
import {
  AUDIT_PAGE,
  AuditWalk,
  prunable,
  PRUNE_MAX,
  pruneEntry,
  type AuditAnchor,
  type AuditCheck,
} from '../audit-check.js';
import { storable, type Queryable } from './queryable.js';

const COLUMNS = 'seq, time, who, what, target, detail, address, hash';

/** The statements about the audit log; see those of the embedded one. */
export function auditStatements(db: Queryable) {
  async function anchorNow(): Promise<AuditAnchor> {
    const { rows } = await db.query<AuditAnchor>('SELECT seq, hash FROM audit_anchor WHERE id = 1');
    return rows[0]!;
  }

  async function pageAfter(seq: number, limit: number): Promise<AuditRecord[]> {
    const { rows } = await db.query<AuditRecord>(
      `SELECT ${COLUMNS} FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2`,
      [seq, limit],
    );
    return rows;
  }

  async function note(entries: readonly AuditEntry[]): Promise<void> {
    const last = await db.query<AuditAnchor>('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1');
    let { seq, hash } = last.rows[0] ?? (await anchorNow());
    for (const given of entries) {
      const entry = storableEntry(given);
      seq++;
      hash = auditHash({ ...entry, seq }, hash);
      const { time, who, what, target, detail, address } = entry;
      await db.query(`INSERT INTO audit (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, [
        ...[seq, time, who, what, target, detail, address, hash],
      ]);
    }
  }

  async function walk(from: AuditAnchor): Promise<AuditCheck> {
    const way = new AuditWalk(from);
    for (;;) {
      const result = way.take(await pageAfter(way.seq, AUDIT_PAGE));
      if (result !== undefined) return result;
    }
  }

  async function before(beforeSeq: number, limit: number): Promise<AuditRecord[]> {
    const { rows } = await db.query<AuditRecord>(
      `SELECT ${COLUMNS} FROM audit WHERE seq < $1 ORDER BY seq DESC LIMIT $2`,
      [beforeSeq, limit],
    );
    return rows;
  }

  async function prune(beforeTime: string, by: Pick<AuditEntry, 'time' | 'who'>): Promise<number> {
    const gone = prunable(await pageAfter((await anchorNow()).seq, PRUNE_MAX), beforeTime);
    const { seq, hash } = gone.at(-1) ?? {};
    if (seq === undefined || hash === undefined) return 0;
    await db.query('UPDATE audit_anchor SET seq = $1, hash = $2 WHERE id = 1', [seq, hash]);
    await db.query('DELETE FROM audit WHERE seq <= $1', [seq]);
    await note([pruneEntry(by, { seq, hash })]);
    return gone.length;
  }

  async function check(): Promise<AuditCheck> {
    for (;;) {
      const from = await anchorNow();
      const result = await walk(from);
      // Pruned meanwhile: what was walked towards is gone.
      if ((await anchorNow()).seq === from.seq) return result;
    }
  }

  return { note, before, prune, check };
}

/** As it will be read: its hash is to be the hash of that. */
function storableEntry({ time, who, what, target, detail, address }: AuditEntry): AuditEntry {
  const [safeWho, safeTarget] = [storable(who), storable(target)];
  return {
    time,
    who: safeWho,
    what,
    target: safeTarget,
    detail: storable(detail),
    address: storable(address),
  };
}
