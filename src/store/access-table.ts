import { auditHash, AUDIT_START, type AuditEntry, type AuditRecord } from './audit-chain.js';
import type { StoreDatabase } from './store-database.js';

/** A user as kept. */
export interface UserRow {
  readonly id: string;
  /** Unique, in small letters. */
  readonly name: string;
  readonly role: 'viewer' | 'operator' | 'admin';
  /** Ids of the cameras as a JSON list, or `"*"`. */
  readonly cameras: string;
  /** scrypt, with parameters and salt. */
  readonly password: string;
  readonly createdMs: number;
}

/** A session as kept: not its secret. */
export interface SessionRow {
  readonly id: string;
  /** SHA-256 of the secret. */
  readonly hash: string;
  readonly userId: string;
  readonly createdMs: number;
  readonly seenMs: number;
  readonly address: string;
  readonly agent: string;
}

/** A token as kept: not its secret. */
export interface TokenRow {
  readonly id: string;
  /** SHA-256 of the secret. */
  readonly hash: string;
  readonly name: string;
  readonly role: 'viewer' | 'operator' | 'admin';
  readonly cameras: string;
  /** A JSON list of permissions that it is narrowed to; null: all of its role. */
  readonly only: string | null;
  /** User whose rights bound it; null: made on the command line. */
  readonly ownerId: string | null;
  readonly createdMs: number;
  /** Null: never. */
  readonly expiresMs: number | null;
}

/** One change of the accounts; several go into one transaction, together with what the audit log says of them. */
export type AccessChange =
  | { readonly type: 'put-user'; readonly row: UserRow }
  | { readonly type: 'put-session'; readonly row: SessionRow }
  | { readonly type: 'put-token'; readonly row: TokenRow }
  /** Of a session that is still there: one that was ended meanwhile does not come back. */
  | { readonly type: 'touch-session'; readonly id: string; readonly seenMs: number }
  | { readonly type: 'remove-user' | 'remove-session' | 'remove-token'; readonly id: string };

/** What comes out when the audit log is checked from its first entry to its last. */
export interface AuditCheck {
  readonly entries: number;
  /** Hash of the last entry: kept elsewhere, it shows later that nothing up to it was changed. */
  readonly head: string;
  /** The first entry that is not what it was; absent when all are. */
  readonly brokenAt?: number;
}

const AUDIT_COLUMNS = 'seq, time, who, what, target, detail, address, hash';

/** Users, sessions and tokens, and the log of who did what, to which is only ever added. */
export function accessTable({ connection }: StoreDatabase) {
  const insertUser = connection.prepare(
    `INSERT INTO users (id, name, role, cameras, password, created_ms) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, cameras = excluded.cameras, password = excluded.password`,
  );
  const insertSession = connection.prepare(
    `INSERT INTO sessions (id, hash, user_id, created_ms, seen_ms, address, agent) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const touchSession = connection.prepare('UPDATE sessions SET seen_ms = ? WHERE id = ?');
  const insertToken = connection.prepare(
    `INSERT INTO tokens (id, hash, name, role, cameras, only_permissions, owner_id, created_ms, expires_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const removals = {
    'remove-user': connection.prepare('DELETE FROM users WHERE id = ?'),
    'remove-session': connection.prepare('DELETE FROM sessions WHERE id = ?'),
    'remove-token': connection.prepare('DELETE FROM tokens WHERE id = ?'),
  };
  const lastAudit = connection.prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1');
  const insertAudit = connection.prepare(
    `INSERT INTO audit (${AUDIT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const auditBefore = connection.prepare(
    `SELECT ${AUDIT_COLUMNS} FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?`,
  );
  const auditFrom = connection.prepare(
    `SELECT ${AUDIT_COLUMNS} FROM audit WHERE seq > ? ORDER BY seq LIMIT 1000`,
  );
  const users = connection.prepare(
    'SELECT id, name, role, cameras, password, created_ms AS createdMs FROM users',
  );
  const sessions = connection.prepare(
    'SELECT id, hash, user_id AS userId, created_ms AS createdMs, seen_ms AS seenMs, address, agent FROM sessions',
  );
  const tokens = connection.prepare(
    `SELECT id, hash, name, role, cameras, only_permissions AS only, owner_id AS ownerId, created_ms AS createdMs,
            expires_ms AS expiresMs FROM tokens`,
  );

  function apply(change: AccessChange): void {
    switch (change.type) {
      case 'put-user': {
        const { id, name, role, cameras, password, createdMs } = change.row;
        insertUser.run([id, name, role, cameras, password, createdMs]);
        break;
      }
      case 'put-session': {
        const { id, hash, userId, createdMs, seenMs, address, agent } = change.row;
        insertSession.run([id, hash, userId, createdMs, seenMs, address, agent]);
        break;
      }
      case 'touch-session':
        touchSession.run([change.seenMs, change.id]);
        break;
      case 'put-token': {
        const { id, hash, name, role, cameras, only, ownerId, createdMs, expiresMs } = change.row;
        insertToken.run([id, hash, name, role, cameras, only, ownerId, createdMs, expiresMs]);
        break;
      }
      case 'remove-user':
      case 'remove-session':
      case 'remove-token':
        removals[change.type].run([change.id]);
    }
  }

  function note(entries: readonly AuditEntry[]): void {
    const last = lastAudit.get([]) as { seq: number; hash: string } | undefined;
    let [seq, hash] = [last?.seq ?? 0, last?.hash ?? AUDIT_START];
    for (const entry of entries) {
      seq++;
      hash = auditHash({ ...entry, seq }, hash);
      const { time, who, what, target, detail, address } = entry;
      insertAudit.run([seq, time, who, what, target, detail, address, hash]);
    }
  }

  return {
    writes: {
      /** Makes the changes and notes what was done, all or nothing. */
      apply(changes: readonly AccessChange[], entries: readonly AuditEntry[]): void {
        changes.forEach(apply);
        note(entries);
      },
    },
    reads: {
      /** Everybody, at once: there are few, and the control thread keeps them in memory. */
      everything(): { users: UserRow[]; sessions: SessionRow[]; tokens: TokenRow[] } {
        return {
          users: users.all([]) as UserRow[],
          sessions: sessions.all([]) as SessionRow[],
          tokens: tokens.all([]) as TokenRow[],
        };
      },
      /** Entries of the audit log below `beforeSeq`, newest first. */
      audit(beforeSeq: number, limit: number): AuditRecord[] {
        return auditBefore.all([beforeSeq, limit]) as AuditRecord[];
      },
      /** Walks the whole audit log. */
      checkAudit(): AuditCheck {
        let [entries, head] = [0, AUDIT_START];
        for (;;) {
          const page = auditFrom.all([entries]) as AuditRecord[];
          for (const record of page) {
            const isNext = record.seq === entries + 1 && record.hash === auditHash(record, head);
            if (!isNext) return { entries, head, brokenAt: entries + 1 };
            entries++;
            head = record.hash;
          }
          if (page.length === 0) return { entries, head };
        }
      },
    },
  };
}
