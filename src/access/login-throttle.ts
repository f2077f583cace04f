import { isIP } from 'node:net';
import { AppError, messageOf, once, type Clock, type Log } from '../base/index.js';
import type { FailureRow } from '../store/index.js';
import type { AccessTable } from './account-book.js';
import { hashSecret } from './secret-value.js';

/** How many failures are borne before a key has to wait; the wait doubles with each further one. */
interface Limit {
  readonly failures: number;
  readonly waitFirstMs: number;
  readonly waitLastMs: number;
}

const WAIT_MAX_MS = 15 * 60_000;
const LIMITS = {
  /** One person at one machine. */
  pair: { failures: 5, waitFirstMs: 60_000, waitLastMs: WAIT_MAX_MS },
  /** One machine that tries many names. */
  address: { failures: 20, waitFirstMs: 60_000, waitLastMs: WAIT_MAX_MS },
  /** Many machines that try one name: a short wait, since it also keeps the owner out. */
  account: { failures: 100, waitFirstMs: 30_000, waitLastMs: 60_000 },
} satisfies Record<string, Limit>;
/** Failures are forgotten so long after the last one. */
const FORGET_MS = 15 * 60_000;
const KEYS_MAX = 20_000;

/** Times are monotonic: a wall clock that is set neither opens nor closes a door. */
interface Failures {
  count: number;
  lastMs: number;
  blockedUntilMs: number;
}

/**
 * Slows down guessing: counts failed logins by account, by address and by both. Bounded; the least recent are forgotten first. What is counted
 * is written behind, many at once, and read again at the start: a restart forgives nothing.
 */
export class LoginThrottle {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #table: AccessTable;
  /** By the hash of who is meant, the least recent first. */
  readonly #failures = new Map<string, Failures>();
  /** What the disk does not know yet. */
  #changed = new Set<string>();
  #saving: Promise<void> = Promise.resolve();
  #isSaving = false;

  private constructor({ clock, log, table }: { clock: Clock; log: Log; table: AccessTable }) {
    this.#clock = clock;
    this.#log = log;
    this.#table = table;
  }

  /** @throws {AppError} `store/read-failed` and the like */
  static async open(options: { clock: Clock; log: Log; table: AccessTable }): Promise<LoginThrottle> {
    const throttle = new LoginThrottle(options);
    const { clock, table } = options;
    await table.write('forgetFailures', clock.wallMs() - FORGET_MS);
    for (const row of (await table.read('failures', KEYS_MAX)).reverse()) throttle.#load(row);
    return throttle;
  }

  /**
   * Counts an attempt before it is looked at, so that attempts at the same time do not slip through.
   *
   * @param account undefined where another program looks at who it is: the address alone counts
   * @throws {AppError} `access/too-many-attempts`
   */
  begin(account: string | undefined, address: string): void {
    const nowMs = this.#clock.monotonicMs();
    const keys = keysOf(account, address);
    const blockedUntilMs = Math.max(
      ...keys.map(([key]) => this.#of(key, nowMs)?.blockedUntilMs ?? -Infinity),
    );
    if (blockedUntilMs > nowMs) throw tooMany(blockedUntilMs - nowMs);
    for (const [key, limit] of keys) this.#count(key, limit, nowMs);
    this.#save();
  }

  /**
   * The attempt was right: what was counted against this person at this machine is forgotten. The other two only lose this attempt, or whoever
   * has an account could clear them between guesses at another.
   */
  succeed(account: string | undefined, address: string): void {
    for (const [key, limit] of keysOf(account, address)) {
      const failures = this.#failures.get(key);
      if (failures === undefined) continue;
      failures.count = limit === LIMITS.pair ? 0 : failures.count - 1;
      if (failures.count < limit.failures) failures.blockedUntilMs = -Infinity;
      if (failures.count <= 0) this.#failures.delete(key);
      this.#changed.add(key);
    }
    this.#save();
  }

  /** Waits until the disk knows all that was counted. */
  readonly close = once(async () => {
    while (this.#isSaving) await this.#saving;
  });

  #of(key: string, nowMs: number): Failures | undefined {
    const failures = this.#failures.get(key);
    if (failures === undefined || nowMs - failures.lastMs < FORGET_MS) return failures;
    this.#forget(key);
    return undefined;
  }

  #count(key: string, limit: Limit, nowMs: number): void {
    const failures = this.#of(key, nowMs) ?? { count: 0, lastMs: nowMs, blockedUntilMs: -Infinity };
    failures.count++;
    failures.lastMs = nowMs;
    const beyond = failures.count - limit.failures;
    if (beyond >= 0)
      failures.blockedUntilMs =
        nowMs + Math.min(limit.waitLastMs, limit.waitFirstMs * 2 ** Math.min(beyond, 20));
    this.#failures.delete(key);
    this.#failures.set(key, failures);
    this.#changed.add(key);
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= KEYS_MAX) break;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#failures.delete(key);
    this.#changed.add(key);
  }

  /** A clock that was set back meanwhile makes nobody wait longer than they would have had to. */
  #load({ key, count, lastMs, blockedUntilMs }: FailureRow): void {
    const [nowMs, wallMs] = [this.#clock.monotonicMs(), this.#clock.wallMs()];
    const waitMs = Math.min(blockedUntilMs - wallMs, WAIT_MAX_MS);
    const agoMs = Math.max(0, wallMs - lastMs);
    this.#failures.set(key, { count, lastMs: nowMs - agoMs, blockedUntilMs: nowMs + waitMs });
  }

  /** One write at a time takes up all that has changed since the one before. */
  #save(): void {
    if (this.#isSaving || this.#changed.size === 0) return;
    this.#isSaving = true;
    this.#saving = this.#saveAll().finally(() => {
      this.#isSaving = false;
    });
  }

  async #saveAll(): Promise<void> {
    while (this.#changed.size > 0) {
      const keys = [...this.#changed];
      this.#changed = new Set();
      const rows = keys.flatMap((key) => this.#rowOf(key) ?? []);
      const removed = keys.filter((key) => !this.#failures.has(key));
      await this.#table.write('keepFailures', rows, removed).catch((error: unknown) => {
        this.#log.error(
          { cause: messageOf(error) },
          'failed logins could not be stored: until they can, a restart forgets them',
        );
      });
    }
  }

  #rowOf(key: string): FailureRow | undefined {
    const failures = this.#failures.get(key);
    if (failures === undefined) return undefined;
    const offsetMs = this.#clock.wallMs() - this.#clock.monotonicMs();
    const wallOf = (ms: number) => (ms === -Infinity ? 0 : Math.round(ms + offsetMs));
    const { count, lastMs, blockedUntilMs } = failures;
    return { key, count, lastMs: wallOf(lastMs), blockedUntilMs: wallOf(blockedUntilMs) };
  }
}

function keysOf(account: string | undefined, address: string): [key: string, limit: Limit][] {
  const network = networkOf(address);
  const ofAddress: [key: string, limit: Limit] = [hashSecret(`address ${network}`), LIMITS.address];
  if (account === undefined) return [ofAddress];
  return [
    [hashSecret(`pair ${network} ${account}`), LIMITS.pair],
    ofAddress,
    [hashSecret(`account ${account}`), LIMITS.account],
  ];
}

/** Of an IPv6 address its first 64 bits: whoever has one address of such a network has all of them. */
function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [left = '', right] = address.split('%')[0]!.split('::');
  const groupsOf = (text: string | undefined) => (text === undefined || text === '' ? [] : text.split(':'));
  const [head, tail] = [groupsOf(left), groupsOf(right)];
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0');
  const groups = [...head, ...zeros, ...tail].slice(0, 4);
  return `${groups.map((group) => parseInt(group, 16).toString(16)).join(':')}::/64`;
}

function tooMany(waitMs: number): AppError {
  return new AppError(
    'access/too-many-attempts',
    'unauthorized',
    `too many failed attempts: try again in ${Math.ceil(waitMs / 1000)} seconds`,
  );
}
