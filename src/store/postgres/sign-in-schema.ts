/**
 * Migration "sign-in": users whom an issuer of OpenID Connect vouches for; the anchor after which the audit log begins, which moves forward
 * only, from entry to entry, and up to which alone the log may be deleted; and failed logins.
 */
export const SIGN_IN = `ALTER TABLE users ADD COLUMN issuer text, ADD COLUMN subject text;
CREATE UNIQUE INDEX users_by_identity ON users (issuer, subject) WHERE issuer IS NOT NULL;
CREATE TABLE audit_anchor (
  id   integer PRIMARY KEY CHECK (id = 1),
  seq  bigint NOT NULL,
  hash text NOT NULL
);
INSERT INTO audit_anchor VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
CREATE FUNCTION refuse_anchor_loss() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit log keeps its anchor'; END $$;
CREATE TRIGGER audit_anchor_stays BEFORE DELETE OR TRUNCATE ON audit_anchor
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_anchor_loss();
CREATE FUNCTION check_anchor_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.id = 1 AND NEW.seq > OLD.seq AND EXISTS (SELECT FROM audit WHERE seq = NEW.seq AND hash = NEW.hash) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the anchor of the audit log moves to a later entry only';
END $$;
CREATE TRIGGER audit_anchor_moves_forward BEFORE UPDATE ON audit_anchor
  FOR EACH ROW EXECUTE FUNCTION check_anchor_move();
DROP TRIGGER audit_is_only_added_to ON audit;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
CREATE FUNCTION check_audit_cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF EXISTS (SELECT FROM gone WHERE seq > coalesce((SELECT max(seq) FROM audit_anchor), 0)) THEN
    RAISE EXCEPTION 'the audit log is only ever added to';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER audit_is_not_shortened AFTER DELETE ON audit
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION check_audit_cut();
CREATE TABLE login_failures (
  key              text PRIMARY KEY,
  count            bigint NOT NULL,
  last_ms          bigint NOT NULL,
  blocked_until_ms bigint NOT NULL
);
CREATE INDEX login_failures_by_age ON login_failures (last_ms)`;

/** Migration "wall-layouts": which cameras each user likes to see side by side, as a JSON list. It goes with the user. */
export const WALL_LAYOUTS = `CREATE TABLE wall_layouts (
  user_id text PRIMARY KEY,
  layouts text NOT NULL
)`;
