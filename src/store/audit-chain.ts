import { createHash } from 'node:crypto';

/** Something that somebody did, to be kept for good. */
export interface AuditEntry {
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Name of the user, token or command line. */
  readonly who: string;
  /** What was done: a closed set of words with dots, such as `login` or `picture.view`. */
  readonly what: string;
  /** To what: a camera, a user, a file; empty when it is plain. */
  readonly target: string;
  /** How, in a few words; never a secret. */
  readonly detail: string;
  /** Network address that it came from; empty for the machine itself. */
  readonly address: string;
}

/** An entry in the chain. */
export interface AuditRecord extends AuditEntry {
  /** Rises by one per entry, from 1. */
  readonly seq: number;
  /** SHA-256 over the entry and the hash before it: no entry can be changed or taken away without all later hashes changing. */
  readonly hash: string;
}

/** Stands before the first entry. */
export const AUDIT_START = '0'.repeat(64);

/** The hash of an entry that follows one with `previousHash`. */
export function auditHash(entry: AuditEntry & { readonly seq: number }, previousHash: string): string {
  const { seq, time, who, what, target, detail, address } = entry;
  const text = JSON.stringify([previousHash, seq, time, who, what, target, detail, address]);
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
