import { auditHash, AUDIT_START, type AuditEntry, type AuditRecord } from './audit-chain.js';

/** The entry after which the log begins: the last one that was pruned. Before the first pruning its number is 0 and its hash all zeros. */
export interface AuditAnchor {
  readonly seq: number;
  readonly hash: string;
}

/** What comes out when the audit log is checked from its anchor to its last entry. */
export interface AuditCheck {
  /** How many entries follow the anchor, up to the first that is broken. */
  readonly entries: number;
  readonly anchor: AuditAnchor;
  /** Hash of the last entry: kept elsewhere, it shows later that nothing up to it was changed. */
  readonly head: string;
  /** The first entry that is not what it was, or that should follow the anchor and does not; absent when all is whole. */
  readonly brokenAt?: number;
}

/** Entries read at once. */
export const AUDIT_PAGE = 1000;
/** Entries deleted in one transaction: a commit must not have to wait long behind it. */
export const PRUNE_MAX = 500;
/** The log says itself where it was cut: an anchor that was moved by other hands is not the one that the last such entry names. */
const PRUNED = 'audit.prune';

/** A check under way: takes the log page by page, from its anchor on. */
export class AuditWalk {
  readonly #anchor: AuditAnchor;
  #seq: number;
  #head: string;
  #said = anchorText({ seq: 0, hash: AUDIT_START });

  constructor(anchor: AuditAnchor) {
    this.#anchor = anchor;
    this.#seq = anchor.seq;
    this.#head = anchor.hash;
  }

  /** Number of the last entry that was found whole: the next page begins after it. */
  get seq(): number {
    return this.#seq;
  }

  /** Takes the next entries, none at the end; gives the result once it is known. */
  take(page: readonly AuditRecord[]): AuditCheck | undefined {
    for (const record of page) {
      const isNext = record.seq === this.#seq + 1 && record.hash === auditHash(record, this.#head);
      if (!isNext) return this.#result(this.#seq + 1);
      if (record.what === PRUNED) this.#said = record.detail;
      [this.#seq, this.#head] = [record.seq, record.hash];
    }
    if (page.length > 0) return undefined;
    return this.#result(this.#said === anchorText(this.#anchor) ? undefined : this.#anchor.seq + 1);
  }

  #result(brokenAt?: number): AuditCheck {
    return {
      ...{ entries: this.#seq - this.#anchor.seq, anchor: this.#anchor, head: this.#head },
      ...(brokenAt !== undefined && { brokenAt }),
    };
  }
}

/** What of the oldest entries is pruned: those from before a time, and none beyond one that stays. */
export function prunable(oldest: readonly AuditRecord[], beforeTime: string): readonly AuditRecord[] {
  const kept = oldest.findIndex(({ time }) => time >= beforeTime);
  return kept === -1 ? oldest : oldest.slice(0, kept);
}

/** What the log says of a pruning. */
export function pruneEntry(by: Pick<AuditEntry, 'time' | 'who'>, anchor: AuditAnchor): AuditEntry {
  return { ...by, what: PRUNED, target: '', detail: anchorText(anchor), address: '' };
}

function anchorText({ seq, hash }: AuditAnchor): string {
  return `up to ${seq}, ${hash}`;
}
