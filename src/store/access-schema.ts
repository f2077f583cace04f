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
