/** Migration "access": users, sessions, tokens, and an audit log that SQLite itself lets nobody change. */
export const ACCESS_SCHEMA = `
CREATE TABLE users (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE,
  role       TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  cameras    TEXT NOT NULL,
  password   TEXT NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE sessions (
  id         TEXT PRIMARY KEY,
  hash       TEXT NOT NULL UNIQUE,
  user_id    TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  seen_ms    INTEGER NOT NULL,
  address    TEXT NOT NULL,
  agent      TEXT NOT NULL
) STRICT;
CREATE TABLE tokens (
  id               TEXT PRIMARY KEY,
  hash             TEXT NOT NULL UNIQUE,
  name             TEXT NOT NULL,
  role             TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  cameras          TEXT NOT NULL,
  only_permissions TEXT,
  owner_id         TEXT,
  created_ms       INTEGER NOT NULL,
  expires_ms       INTEGER
) STRICT;
CREATE TABLE audit (
  seq     INTEGER PRIMARY KEY,
  time    TEXT NOT NULL,
  who     TEXT NOT NULL,
  what    TEXT NOT NULL,
  target  TEXT NOT NULL,
  detail  TEXT NOT NULL,
  address TEXT NOT NULL,
  hash    TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;
`;

/**
 * Migration "sign-in": users whom an issuer of OpenID Connect vouches for, who have no password; the anchor after which the audit log begins,
 * which moves forward only, from entry to entry; and failed logins, so that a restart forgives none.
 */
export const SIGN_IN_SCHEMA = `
ALTER TABLE users ADD COLUMN issuer TEXT;
ALTER TABLE users ADD COLUMN subject TEXT;
CREATE UNIQUE INDEX users_by_identity ON users (issuer, subject) WHERE issuer IS NOT NULL;
CREATE TABLE audit_anchor (
  id   INTEGER PRIMARY KEY CHECK (id = 1),
  seq  INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;
INSERT INTO audit_anchor (id, seq, hash) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
CREATE TRIGGER audit_anchor_stays BEFORE DELETE ON audit_anchor
  BEGIN SELECT RAISE(ABORT, 'the audit log keeps its anchor'); END;
CREATE TRIGGER audit_anchor_moves_forward BEFORE UPDATE ON audit_anchor
  WHEN NEW.id <> 1 OR NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND hash = NEW.hash AND seq > OLD.seq)
  BEGIN SELECT RAISE(ABORT, 'the anchor of the audit log moves to a later entry only'); END;
DROP TRIGGER audit_is_not_shortened;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
  WHEN OLD.seq > (SELECT seq FROM audit_anchor WHERE id = 1)
  BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;
CREATE TABLE login_failures (
  key              TEXT PRIMARY KEY,
  count            INTEGER NOT NULL,
  last_ms          INTEGER NOT NULL,
  blocked_until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX login_failures_by_age ON login_failures (last_ms);
`;

/** Migration "wall-layouts": which cameras each user likes to see side by side, as a JSON list. It goes with the user. */
export const WALL_LAYOUTS_SCHEMA = `
CREATE TABLE wall_layouts (
  user_id TEXT PRIMARY KEY,
  layouts TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
