import type { Database } from 'libsql';
import { auditHash, type AuditEntry, type AuditRecord } from './audit-chain.js';
import {
  AUDIT_PAGE,
  AuditWalk,
  prunable,
  PRUNE_MAX,
  pruneEntry,
  type AuditAnchor,
  type AuditCheck,
} from './audit-check.js';

const COLUMNS = 'seq, time, who, what, target, detail, address, hash';

/** The statements about the audit log. All of them walk along `seq`, the primary key. */
export function auditStatements(connection: Database) {
  const last = connection.prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1');
  const insert = connection.prepare(`INSERT INTO audit (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const before = connection.prepare(`SELECT ${COLUMNS} FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?`);
  const after = connection.prepare(`SELECT ${COLUMNS} FROM audit WHERE seq > ? ORDER BY seq LIMIT ?`);
  const anchor = connection.prepare('SELECT seq, hash FROM audit_anchor WHERE id = 1');
  const moveAnchor = connection.prepare('UPDATE audit_anchor SET seq = ?, hash = ? WHERE id = 1');
  const remove = connection.prepare('DELETE FROM audit WHERE seq <= ?');

  const anchorNow = (): AuditAnchor => {
    // The driver adds figures of its own to a row.
    const { seq, hash } = anchor.get([]) as AuditAnchor;
    return { seq, hash };
  };
  const pageAfter = (seq: number, limit: number) => after.all([seq, limit]) as AuditRecord[];

  function note(entries: readonly AuditEntry[]): void {
    let { seq, hash } = (last.get([]) as AuditAnchor | undefined) ?? anchorNow();
    for (const entry of entries) {
      seq++;
      hash = auditHash({ ...entry, seq }, hash);
      const { time, who, what, target, detail, address } = entry;
      insert.run([seq, time, who, what, target, detail, address, hash]);
    }
  }

  function walk(from: AuditAnchor): AuditCheck {
    const way = new AuditWalk(from);
    for (;;) {
      const result = way.take(pageAfter(way.seq, AUDIT_PAGE));
      if (result !== undefined) return result;
    }
  }

  function prune(beforeTime: string, by: Pick<AuditEntry, 'time' | 'who'>): number {
    const gone = prunable(pageAfter(anchorNow().seq, PRUNE_MAX), beforeTime);
    const { seq, hash } = gone.at(-1) ?? {};
    if (seq === undefined || hash === undefined) return 0;
    moveAnchor.run([seq, hash]);
    remove.run([seq]);
    note([pruneEntry(by, { seq, hash })]);
    return gone.length;
  }

  function check(): AuditCheck {
    for (;;) {
      const from = anchorNow();
      const result = walk(from);
      // Pruned meanwhile: what was walked towards is gone.
      if (anchorNow().seq === from.seq) return result;
    }
  }

  return {
    note,
    /** Entries below a number, newest first. */
    before: (beforeSeq: number, limit: number) => before.all([beforeSeq, limit]) as AuditRecord[],
    /**
     * Deletes a few entries from before a time, the oldest first and none beyond one that stays, moves the anchor to the last of them, and notes
     * that. What follows stays chained to the anchor. Takes the time as entries have it, and who does it and when; gives how many are gone.
     */
    prune,
    /** Walks all that is kept. */
    check,
  };
}
