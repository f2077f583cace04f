import type { AccessChange, SessionRow, UserRow } from '../store/index.js';
import type { AccountBook } from './account-book.js';
import { hashSecret, newId, newSessionSecret } from './secret-value.js';

const IDLE_MS = 12 * 3600_000;
const LIFE_MS = 7 * 24 * 3600_000;
const SESSIONS_PER_USER_MAX = 20;
const AGENT_MAX = 200;

/** Where a request comes from. */
export interface Origin {
  readonly address: string;
  /** The browser, as it calls itself. */
  readonly agent: string;
}

/** How sessions begin and how long they last, however one signed in. A session is a random secret; what is kept of it is its hash. */
export class Sessions {
  readonly #book: AccountBook;

  constructor(book: AccountBook) {
    this.#book = book;
  }

  /** False once it was not used for twelve hours, or is seven days old. */
  isAlive({ createdMs, seenMs }: SessionRow): boolean {
    const nowMs = this.#book.clock.wallMs();
    return nowMs - seenMs < IDLE_MS && nowMs - createdMs < LIFE_MS;
  }

  /** A new session: the change that makes it, and its secret. */
  begin(user: UserRow, { address, agent }: Origin): { change: AccessChange; secret: string } {
    const secret = newSessionSecret();
    const nowMs = this.#book.clock.wallMs();
    const row: SessionRow = {
      id: newId(),
      hash: hashSecret(secret),
      userId: user.id,
      createdMs: nowMs,
      seenMs: nowMs,
      address,
      agent: agent.slice(0, AGENT_MAX),
    };
    return { change: { type: 'put-session', row }, secret };
  }

  /** What ends where a user begins one more: all that have ended by themselves, and the least used ones of a user who has very many. */
  surplusOf(userId: string): AccessChange[] {
    const all = [...this.#book.sessions.values()];
    const ended = all.filter((session) => !this.isAlive(session));
    const surplus = all
      .filter((session) => session.userId === userId && this.isAlive(session))
      .sort((one, other) => other.seenMs - one.seenMs)
      .slice(SESSIONS_PER_USER_MAX - 1);
    return this.#book.endingOf({ sessions: [...ended, ...surplus] });
  }
}
