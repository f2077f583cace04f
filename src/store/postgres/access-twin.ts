import type { AccessChange, SessionRow, TokenRow, UserRow } from '../access-table.js';
import { auditStatements } from './audit-statements.js';
import { failureStatements } from './failure-statements.js';
import type { Queryable } from './queryable.js';
import type { TwinOf } from './twin.js';

/** Users, sessions and tokens, and the log of who did what, to which is only ever added. */
export function accessTwin(db: Queryable): TwinOf<'access'> {
  const audit = auditStatements(db);
  const failures = failureStatements(db);

  async function apply(change: AccessChange): Promise<void> {
    switch (change.type) {
      case 'put-user': {
        const { id, name, role, cameras, password, issuer, subject, createdMs } = change.row;
        await db.query(
          `INSERT INTO users (id, name, role, cameras, password, issuer, subject, created_ms)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
           ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, cameras = excluded.cameras,
             password = excluded.password`,
          [id, name, role, cameras, password, issuer, subject, createdMs],
        );
        break;
      }
      case 'put-session': {
        const { id, hash, userId, createdMs, seenMs, address, agent } = change.row;
        await db.query(
          `INSERT INTO sessions (id, hash, user_id, created_ms, seen_ms, address, agent) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
          [id, hash, userId, createdMs, seenMs, address, agent],
        );
        break;
      }
      case 'touch-session':
        await db.query('UPDATE sessions SET seen_ms = $1 WHERE id = $2', [change.seenMs, change.id]);
        break;
      case 'put-token': {
        const { id, hash, name, role, cameras, only, ownerId, createdMs, expiresMs } = change.row;
        await db.query(
          `INSERT INTO tokens (id, hash, name, role, cameras, only_permissions, owner_id, created_ms, expires_ms)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          [id, hash, name, role, cameras, only, ownerId, createdMs, expiresMs],
        );
        break;
      }
      case 'remove-user':
        await db.query('DELETE FROM wall_layouts WHERE user_id = $1', [change.id]);
        await db.query('DELETE FROM users WHERE id = $1', [change.id]);
        break;
      case 'remove-session':
        await db.query('DELETE FROM sessions WHERE id = $1', [change.id]);
        break;
      case 'remove-token':
        await db.query('DELETE FROM tokens WHERE id = $1', [change.id]);
    }
  }

  return {
    writes: {
      async apply(changes, entries) {
        for (const change of changes) await apply(change);
        if (entries.length > 0) await audit.note(entries);
      },
      async keepLayouts(userId, layouts) {
        await db.query(
          `INSERT INTO wall_layouts (user_id, layouts) SELECT id, $1::text FROM users WHERE id = $2
           ON CONFLICT (user_id) DO UPDATE SET layouts = excluded.layouts`,
          [layouts, userId],
        );
      },
      pruneAudit: audit.prune,
      keepFailures: failures.keep,
      forgetFailures: failures.forget,
    },
    reads: {
      async everything() {
        const users = await db.query<UserRow>(
          'SELECT id, name, role, cameras, password, issuer, subject, created_ms AS "createdMs" FROM users',
        );
        const sessions = await db.query<SessionRow>(
          `SELECT id, hash, user_id AS "userId", created_ms AS "createdMs", seen_ms AS "seenMs", address, agent FROM sessions`,
        );
        const tokens = await db.query<TokenRow>(
          `SELECT id, hash, name, role, cameras, only_permissions AS "only", owner_id AS "ownerId",
             created_ms AS "createdMs", expires_ms AS "expiresMs" FROM tokens`,
        );
        return { users: users.rows, sessions: sessions.rows, tokens: tokens.rows };
      },
      async layouts(userId) {
        const kept = await db.query<{ layouts: string }>(
          'SELECT layouts FROM wall_layouts WHERE user_id = $1',
          [userId],
        );
        return kept.rows[0]?.layouts;
      },
      audit: audit.before,
      checkAudit: audit.check,
      failures: failures.newest,
    },
  };
}
