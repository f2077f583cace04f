import { AppError, type Clock } from '../base/index.js';
import type {
  AccessChange,
  AuditEntry,
  SessionRow,
  TableClient,
  TableOf,
  TokenRow,
  UserRow,
} from '../store/index.js';
import type { CameraGrant } from './caller.js';

/** Where accounts are kept. */
export type AccessTable = TableClient<TableOf<'access'>>;

/** A wait of so many changes means that the disk is gone. */
const WAITING_MAX = 100;

/**
 * All users, sessions and tokens, in memory and in the store. The server is the only one that writes them (it holds the data directory),
 * so that what is in memory is always true: whoever asks is known without asking the disk, and a right that is taken is gone at once.
 */
export class AccountBook {
  readonly clock: Clock;
  readonly users = new Map<string, UserRow>();
  /** By the hash of their secret, as all secrets are looked up: a `Map`, since an object would know `constructor`. */
  readonly sessions = new Map<string, SessionRow>();
  readonly tokens = new Map<string, TokenRow>();
  readonly #table: AccessTable;
  readonly #listeners = new Set<() => void>();
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  private constructor(table: AccessTable, clock: Clock) {
    this.#table = table;
    this.clock = clock;
  }

  /** @throws {AppError} `store/read-failed` and the like */
  static async open(options: { table: AccessTable; clock: Clock }): Promise<AccountBook> {
    const book = new AccountBook(options.table, options.clock);
    const { users, sessions, tokens } = await options.table.read('everything');
    for (const user of users) book.users.set(user.id, user);
    for (const session of sessions) book.sessions.set(session.hash, session);
    for (const token of tokens) book.tokens.set(token.hash, token);
    return book;
  }

  /** Called after every change of who may do what. Returns a function that ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The user of a name, in whatever case. */
  userNamed(name: string): UserRow | undefined {
    const wanted = name.toLowerCase();
    return [...this.users.values()].find((user) => user.name === wanted);
  }

  /**
   * Runs `task` alone: what it finds stays true until it ends. Without this, two administrators who remove each other at the same
   * moment would leave none.
   *
   * @throws {AppError} `access/busy`
   */
  alone<T>(task: () => Promise<T>): Promise<T> {
    if (this.#waiting >= WAITING_MAX)
      return Promise.reject(
        new AppError(
          'access/busy',
          'unavailable',
          'too many changes of accounts wait for the disk: try again',
        ),
      );
    this.#waiting++;
    const run = this.#last.then(task).finally(() => this.#waiting--);
    this.#last = run.catch(() => undefined);
    return run;
  }

  /**
   * Makes changes, with what the audit log says of them: on the disk first, then here.
   *
   * @throws {AppError} `store/write-failed` and the like; nothing is changed then
   */
  async commit(changes: readonly AccessChange[], entries: readonly AuditEntry[] = []): Promise<void> {
    await this.#table.write('apply', changes, entries);
    for (const change of changes) this.#apply(change);
    if (changes.length > 0) for (const listener of this.#listeners) listener();
  }

  /** Notes that a session is in use. Nobody's rights change by it. */
  async touch(session: SessionRow): Promise<void> {
    this.sessions.set(session.hash, session);
    await this.#table.write('apply', [{ type: 'touch-session', id: session.id, seenMs: session.seenMs }], []);
  }

  /** The changes that end sessions and tokens. */
  endingOf(rows: { sessions?: Iterable<SessionRow>; tokens?: Iterable<TokenRow> }): AccessChange[] {
    return [
      ...[...(rows.sessions ?? [])].map(({ id }) => ({ type: 'remove-session', id }) as const),
      ...[...(rows.tokens ?? [])].map(({ id }) => ({ type: 'remove-token', id }) as const),
    ];
  }

  /** The changes that end all sessions and tokens of a user. */
  endingOfUser(userId: string): AccessChange[] {
    const sessions = [...this.sessions.values()].filter((session) => session.userId === userId);
    const tokens = [...this.tokens.values()].filter((token) => token.ownerId === userId);
    return this.endingOf({ sessions, tokens });
  }

  #apply(change: AccessChange): void {
    switch (change.type) {
      case 'put-user':
        this.users.set(change.row.id, change.row);
        break;
      case 'put-session':
        this.sessions.set(change.row.hash, change.row);
        break;
      case 'put-token':
        this.tokens.set(change.row.hash, change.row);
        break;
      case 'touch-session': // see `touch`
        break;
      case 'remove-user':
        this.users.delete(change.id);
        break;
      case 'remove-session':
        removeById(this.sessions, change.id);
        break;
      case 'remove-token':
        removeById(this.tokens, change.id);
    }
  }
}

function removeById(rows: Map<string, { readonly id: string }>, id: string): void {
  for (const [hash, row] of rows) if (row.id === id) rows.delete(hash);
}

/** Reads the cameras of a row. */
export function grantOf(cameras: string): CameraGrant {
  const parsed = JSON.parse(cameras) as '*' | string[];
  return parsed === '*' ? '*' : new Set(parsed);
}
