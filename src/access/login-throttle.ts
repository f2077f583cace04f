import { AppError, type Clock } from '../base/index.js';

/** How many failures are borne before a key has to wait; the wait doubles with each further one. */
interface Limit {
  readonly failures: number;
  readonly waitFirstMs: number;
  readonly waitLastMs: number;
}

const LIMITS = {
  /** One person at one machine. */
  pair: { failures: 5, waitFirstMs: 60_000, waitLastMs: 15 * 60_000 },
  /** One machine that tries many names. */
  address: { failures: 20, waitFirstMs: 60_000, waitLastMs: 15 * 60_000 },
  /** Many machines that try one name: a short wait, since it also keeps the owner out. */
  account: { failures: 100, waitFirstMs: 30_000, waitLastMs: 60_000 },
} satisfies Record<string, Limit>;
/** Failures are forgotten so long after the last one. */
const FORGET_MS = 15 * 60_000;
const KEYS_MAX = 20_000;

interface Failures {
  count: number;
  lastMs: number;
  blockedUntilMs: number;
}

/** Slows down guessing: counts failed logins by account, by address and by both. Bounded; the least recent are forgotten first. */
export class LoginThrottle {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failures>();

  constructor(options: { clock: Clock }) {
    this.#clock = options.clock;
  }

  /** Counts an attempt before it is looked at, so that attempts at the same time do not slip through. @throws {AppError} `access/too-many-attempts` */
  begin(account: string, address: string): void {
    const nowMs = this.#clock.monotonicMs();
    const keys = keysOf(account, address);
    const blockedUntilMs = Math.max(...keys.map(([key]) => this.#of(key, nowMs)?.blockedUntilMs ?? 0));
    if (blockedUntilMs > nowMs) throw tooMany(blockedUntilMs - nowMs);
    for (const [key, limit] of keys) this.#count(key, limit, nowMs);
  }

  /**
   * The attempt was right: what was counted against this person at this machine is forgotten. The other two only lose this attempt, or whoever
   * has an account could clear them between guesses at another.
   */
  succeed(account: string, address: string): void {
    for (const [key, limit] of keysOf(account, address)) {
      const failures = this.#failures.get(key);
      if (failures === undefined) continue;
      failures.count = limit === LIMITS.pair ? 0 : failures.count - 1;
      if (failures.count < limit.failures) failures.blockedUntilMs = 0;
      if (failures.count <= 0) this.#failures.delete(key);
    }
  }

  #of(key: string, nowMs: number): Failures | undefined {
    const failures = this.#failures.get(key);
    if (failures === undefined || nowMs - failures.lastMs < FORGET_MS) return failures;
    this.#failures.delete(key);
    return undefined;
  }

  #count(key: string, limit: Limit, nowMs: number): void {
    const failures = this.#of(key, nowMs) ?? { count: 0, lastMs: nowMs, blockedUntilMs: 0 };
    failures.count++;
    failures.lastMs = nowMs;
    const beyond = failures.count - limit.failures;
    if (beyond >= 0)
      failures.blockedUntilMs =
        nowMs + Math.min(limit.waitLastMs, limit.waitFirstMs * 2 ** Math.min(beyond, 20));
    this.#failures.delete(key);
    this.#failures.set(key, failures);
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= KEYS_MAX) break;
      this.#failures.delete(oldest);
    }
  }
}

function keysOf(account: string, address: string): [key: string, limit: Limit][] {
  return [
    [`pair ${address} ${account}`, LIMITS.pair],
    [`address ${address}`, LIMITS.address],
    [`account ${account}`, LIMITS.account],
  ];
}

function tooMany(waitMs: number): AppError {
  return new AppError(
    'access/too-many-attempts',
    'unauthorized',
    `too many failed attempts: try again in ${Math.ceil(waitMs / 1000)} seconds`,
  );
}
