import { AppError } from '../base/index.js';
import type { AccessChange, UserRow } from '../store/index.js';
import { type AccountBook } from './account-book.js';
import type { Actor, AuditLog } from './audit-log.js';
import { hashPassword } from './password.js';
import { checkPassword } from './password-rules.js';
import type { Role } from './permissions.js';
import { newId } from './secret-value.js';

const NAME = /^[a-z0-9][a-z0-9._@-]{0,62}$/;
const USERS_MAX = 1000;

/** The cameras that are given to somebody: all, or those named. */
export type CameraList = '*' | readonly string[];

/** A user as administrators see one. */
export interface UserView {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly cameras: CameraList;
  readonly createdAt: string;
}

/** What a new user is made of. */
export interface NewUser {
  readonly name: string;
  readonly password: string;
  readonly role: Role;
  readonly cameras: CameraList;
}

/** What may be changed of a user. */
export interface UserChange {
  readonly role?: Role | undefined;
  readonly cameras?: CameraList | undefined;
  /** Set by an administrator: all of the user's sessions and tokens end. */
  readonly password?: string | undefined;
}

/** Adding, changing and removing users. */
export class Users {
  readonly #book: AccountBook;
  readonly #audit: AuditLog;

  constructor(options: { book: AccountBook; audit: AuditLog }) {
    this.#book = options.book;
    this.#audit = options.audit;
  }

  /** All users, by name. */
  list(): UserView[] {
    return [...this.#book.users.values()].map(viewOf).sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** @throws {AppError} `access/not-found` */
  get(id: string): UserView {
    return viewOf(this.#row(id));
  }

  /** @throws {AppError} `access/bad-name`, `access/name-taken`, `access/weak-password`, `access/bad-grant`, `access/first-is-admin`, `access/too-many` */
  async add(given: NewUser, actor: Actor): Promise<UserView> {
    const row = await newUser(given, this.#book);
    return await this.#book.alone(async () => {
      if (this.#book.userNamed(row.name) !== undefined)
        throw new AppError(
          'access/name-taken',
          'conflict',
          `there is a user ${row.name} already: choose another name`,
        );
      if (this.#book.users.size === 0 && row.role !== 'admin')
        throw new AppError(
          'access/first-is-admin',
          'conflict',
          'the first user must be an administrator: give the role admin',
        );
      if (this.#book.users.size >= USERS_MAX)
        throw new AppError(
          'access/too-many',
          'conflict',
          `there are ${USERS_MAX} users already: remove some`,
        );
      const detail = `${row.role}, cameras ${row.cameras}`;
      await this.#book.commit(
        [{ type: 'put-user', row }],
        [this.#audit.entry(actor, { what: 'user.add', target: row.name, detail })],
      );
      return viewOf(row);
    });
  }

  /** @throws {AppError} `access/not-found`, `access/last-admin`, `access/weak-password`, `access/bad-grant` */
  async change(id: string, change: UserChange, actor: Actor): Promise<UserView> {
    const before = this.#row(id);
    if (change.password !== undefined) checkPassword(change.password, before.name);
    const password = change.password === undefined ? undefined : await hashPassword(change.password);
    return await this.#book.alone(async () => {
      const now = this.#row(id);
      const role = change.role ?? now.role;
      if (role !== 'admin') this.#refuseLastAdmin(now);
      const cameras =
        role === 'admin'
          ? '"*"'
          : change.cameras === undefined
            ? now.cameras
            : grantText(role, change.cameras);
      const row: UserRow = { ...now, role, cameras, password: password ?? now.password };
      const changes: AccessChange[] = [{ type: 'put-user', row }];
      if (password !== undefined) changes.push(...this.#endingOf(id));
      const detail = `${role}, cameras ${cameras}${password === undefined ? '' : ', new password'}`;
      await this.#book.commit(changes, [
        this.#audit.entry(actor, { what: 'user.change', target: now.name, detail }),
      ]);
      return viewOf(row);
    });
  }

  /** Removes a user with all sessions and tokens. @throws {AppError} `access/not-found`, `access/last-admin` */
  async remove(id: string, actor: Actor): Promise<void> {
    await this.#book.alone(async () => {
      const row = this.#row(id);
      this.#refuseLastAdmin(row);
      await this.#book.commit(
        [{ type: 'remove-user', id }, ...this.#endingOf(id)],
        [this.#audit.entry(actor, { what: 'user.remove', target: row.name })],
      );
    });
  }

  #endingOf(userId: string): AccessChange[] {
    const sessions = [...this.#book.sessions.values()].filter((session) => session.userId === userId);
    const tokens = [...this.#book.tokens.values()].filter((token) => token.ownerId === userId);
    return this.#book.endingOf({ sessions, tokens });
  }

  #row(id: string): UserRow {
    const row = this.#book.users.get(id);
    if (row !== undefined) return row;
    throw new AppError(
      'access/not-found',
      'not-found',
      'there is no such user: see /api/v1/users or `sightline user list`',
    );
  }

  #refuseLastAdmin(row: UserRow): void {
    if (
      row.role !== 'admin' ||
      [...this.#book.users.values()].some(({ id, role }) => role === 'admin' && id !== row.id)
    )
      return;
    throw new AppError(
      'access/last-admin',
      'conflict',
      `${row.name} is the last administrator: make another one first`,
    );
  }
}

/** A row for a new user, with the password hashed. @throws {AppError} `access/bad-name`, `access/weak-password`, `access/bad-grant` */
export async function newUser(given: NewUser, book: AccountBook): Promise<UserRow> {
  const name = given.name.toLowerCase();
  if (!NAME.test(name))
    throw new AppError(
      'access/bad-name',
      'input',
      'a name has 1 to 63 letters a to z, digits and . _ @ -, and starts with a letter or digit',
    );
  const cameras = grantText(given.role, given.cameras);
  checkPassword(given.password, name);
  const password = await hashPassword(given.password);
  return { id: newId(), name, role: given.role, cameras, password, createdMs: book.clock.wallMs() };
}

/** Cameras as kept. Administrators see all: they could give themselves the rest. @throws {AppError} `access/bad-grant` */
export function grantText(role: Role, cameras: CameraList): string {
  if (role === 'admin' && cameras !== '*')
    throw new AppError(
      'access/bad-grant',
      'input',
      'an administrator sees all cameras: leave "cameras" out, or choose another role',
    );
  return JSON.stringify(cameras === '*' ? '*' : [...new Set(cameras)].sort());
}

function viewOf({ id, name, role, cameras, createdMs }: UserRow): UserView {
  return {
    id,
    name,
    role,
    cameras: JSON.parse(cameras) as CameraList,
    createdAt: new Date(createdMs).toISOString(),
  };
}
