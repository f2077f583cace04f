import type { AuditEntry } from './audit-chain.js';
import { auditStatements } from './audit-rows.js';
import { failureStatements } from './failure-rows.js';
import type { StoreDatabase } from './store-database.js';

/** A user as kept. */
export interface UserRow {
  readonly id: string;
  /** Unique, in small letters. */
  readonly name: string;
  readonly role: 'viewer' | 'operator' | 'admin';
  /** Ids of the cameras as a JSON list, or `"*"`. */
  readonly cameras: string;
  /** scrypt, with parameters and salt; empty of those whom an issuer vouches for. */
  readonly password: string;
  /** The issuer of OpenID Connect that vouches for this user, and what it calls them; both null for users of our own. */
  readonly issuer: string | null;
  readonly subject: string | null;
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

/** Users, sessions and tokens, and the log of who did what, to which is only ever added. */
export function accessTable({ connection }: StoreDatabase) {
  const insertUser = connection.prepare(
    `INSERT INTO users (id, name, role, cameras, password, issuer, subject, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
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
  // Of a user who is still there: what is kept later than that would stay for ever.
  const insertLayouts = connection.prepare(
    `INSERT INTO wall_layouts (user_id, layouts) SELECT id, ? FROM users WHERE id = ?
     ON CONFLICT (user_id) DO UPDATE SET layouts = excluded.layouts`,
  );
  const layoutsOf = connection.prepare('SELECT layouts FROM wall_layouts WHERE user_id = ?');
  const removeLayouts = connection.prepare('DELETE FROM wall_layouts WHERE user_id = ?');
  const audit = auditStatements(connection);
  const failures = failureStatements(connection);
  const users = connection.prepare(
    'SELECT id, name, role, cameras, password, issuer, subject, created_ms AS createdMs FROM users',
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
        const { id, name, role, cameras, password, issuer, subject, createdMs } = change.row;
        insertUser.run([id, name, role, cameras, password, issuer, subject, createdMs]);
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
        removeLayouts.run([change.id]);
        removals[change.type].run([change.id]);
        break;
      case 'remove-session':
      case 'remove-token':
        removals[change.type].run([change.id]);
    }
  }

  return {
    writes: {
      /** Makes the changes and notes what was done, all or nothing. */
      apply(changes: readonly AccessChange[], entries: readonly AuditEntry[]): void {
        changes.forEach(apply);
        audit.note(entries);
      },
      /** Keeps a user's layouts of the wall, a JSON list, in the place of those before. */
      keepLayouts(userId: string, layouts: string): void {
        insertLayouts.run([layouts, userId]);
      },
      pruneAudit: audit.prune,
      keepFailures: failures.keep,
      forgetFailures: failures.forget,
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
      /** A user's layouts of the wall, a JSON list; undefined: none were kept. */
      layouts(userId: string): string | undefined {
        return (layoutsOf.get([userId]) as { layouts: string } | undefined)?.layouts;
      },
      audit: audit.before,
      checkAudit: audit.check,
      failures: failures.newest,
    },
  };
}
