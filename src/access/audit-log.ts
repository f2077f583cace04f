import { messageOf, type Clock, type Log } from '../base/index.js';
import type { AuditCheck, AuditEntry, AuditRecord } from '../store/index.js';
import type { AccessTable } from './account-book.js';
import type { Caller } from './caller.js';

/** Looking at the same camera again within this time is one look. */
const SAME_LOOK_MS = 10 * 60_000;
const LOOKS_MAX = 10_000;
/** Entries that may wait for the disk. */
const WAITING_MAX = 1000;
const TEXT_MAX = 200;

/** Who did something, and from where. */
export interface Actor {
  readonly caller: Pick<Caller, 'name'>;
  /** Empty for the machine itself. */
  readonly address: string;
}

/** What the audit log is told, apart from who and when. */
export interface Deed {
  readonly what: string;
  readonly target?: string;
  readonly detail?: string;
}

/** The log of who looked, took away and changed: added to only, each entry chained to the one before. */
export class AuditLog {
  readonly #table: AccessTable;
  readonly #clock: Clock;
  readonly #log: Log;
  /** When somebody was last noted to look at something. */
  readonly #looks = new Map<string, number>();
  #waiting = 0;
  #lost = 0;

  constructor(options: { table: AccessTable; clock: Clock; log: Log }) {
    this.#table = options.table;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  /** An entry, to be committed together with the change that it is about. */
  entry({ caller, address }: Actor, { what, target = '', detail = '' }: Deed): AuditEntry {
    const time = new Date(this.#clock.wallMs()).toISOString();
    return { time, who: short(caller.name), what, target: short(target), detail: short(detail), address };
  }

  /** Notes something that is over already. Entries that cannot be stored are told in the server's log. */
  note(actor: Actor, deed: Deed): void {
    if (this.#waiting >= WAITING_MAX) {
      this.#lost++;
      return;
    }
    const lost =
      this.#lost === 0 ? [] : [this.entry(actor, { what: 'audit.lost', detail: `${this.#lost} entries` })];
    this.#lost = 0;
    this.#waiting++;
    this.#table
      .write('apply', [], [...lost, this.entry(actor, deed)])
      .catch((error: unknown) =>
        this.#log.error(
          { cause: messageOf(error), ...deed, who: actor.caller.name },
          'an audit entry could not be stored',
        ),
      )
      .finally(() => this.#waiting--);
  }

  /** Notes that somebody looks at something, once in ten minutes. */
  noteLook(actor: Actor, deed: Deed): void {
    const key = JSON.stringify([actor.caller.name, actor.address, deed.what, deed.target]);
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - (this.#looks.get(key) ?? -Infinity) < SAME_LOOK_MS) return;
    this.#looks.delete(key);
    this.#looks.set(key, nowMs);
    for (const oldest of this.#looks.keys()) {
      if (this.#looks.size <= LOOKS_MAX) break;
      this.#looks.delete(oldest);
    }
    this.note(actor, deed);
  }

  /** The entries below `beforeSeq`, newest first. @throws {AppError} `store/read-failed` and the like */
  read(options: { beforeSeq: number; limit: number }): Promise<AuditRecord[]> {
    return this.#table.read('audit', options.beforeSeq, options.limit);
  }

  /**
   * Deletes a few of the entries from before a time, the oldest first; the log notes it, and begins after the last of them.
   *
   * @returns how many are gone: 0 when there are no more
   * @throws {AppError} `store/write-failed` and the like
   */
  prune(beforeMs: number): Promise<number> {
    const time = (ms: number) => new Date(ms).toISOString();
    const by = { time: time(this.#clock.wallMs()), who: 'retention' };
    return this.#table.write('pruneAudit', time(beforeMs), by);
  }

  /** Recomputes the whole chain. @throws {AppError} `store/read-failed` and the like */
  check(): Promise<AuditCheck> {
    return this.#table.read('checkAudit');
  }
}

const short = (text: string) => (text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX - 1)}…`);
