import { AppError } from '../base/index.js';
import type { AccessChange, UserRow } from '../store/index.js';
import { type AccountBook } from './account-book.js';
import type { Actor, AuditLog } from './audit-log.js';
import { hashPassword } from './password.js';
import { checkPassword } from './password-rules.js';
import type { Role } from './permissions.js';
import { newId } from './secret-value.js';

/** What a user may be called. */
export const USER_NAME = /^[a-z0-9][a-z0-9._@-]{0,62}$/;
/** So many users there may be. */
export const USERS_MAX = 1000;

/** The cameras that are given to somebody: all, or those named. */
export type CameraList = '*' | readonly string[];

/** A user as administrators see one. */
export interface UserView {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly cameras: CameraList;
  /** The issuer that signs this user in, in place of a password. */
  readonly issuer?: string;
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

  /**
   * @param check is given the user as the change would find them, and may refuse
   * @throws {AppError} `access/not-found`, `access/last-admin`, `access/weak-password`, `access/bad-grant`, `access/of-issuer`, what `check` throws
   */
  async change(id: string, change: UserChange, actor: Actor, check = keep): Promise<UserView> {
    const before = this.#row(id);
    if (change.role !== undefined || change.password !== undefined) refuseOfIssuer(before);
    if (change.password !== undefined) checkPassword(change.password, before.name);
    const password = change.password === undefined ? undefined : await hashPassword(change.password);
    return await this.#book.alone(async () => {
      const now = this.#row(id);
      check(viewOf(now));
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
      if (password !== undefined) changes.push(...this.#book.endingOfUser(id));
      const detail = `${role}, cameras ${cameras}${password === undefined ? '' : ', new password'}`;
      await this.#book.commit(changes, [
        this.#audit.entry(actor, { what: 'user.change', target: now.name, detail }),
      ]);
      return viewOf(row);
    });
  }

  /**
   * Removes a user with all sessions and tokens.
   * @param check as of {@link change}
   * @throws {AppError} `access/not-found`, `access/last-admin`, what `check` throws
   */
  async remove(id: string, actor: Actor, check = keep): Promise<void> {
    await this.#book.alone(async () => {
      const row = this.#row(id);
      check(viewOf(row));
      this.#refuseLastAdmin(row);
      await this.#book.commit(
        [{ type: 'remove-user', id }, ...this.#book.endingOfUser(id)],
        [this.#audit.entry(actor, { what: 'user.remove', target: row.name })],
      );
    });
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
  if (!USER_NAME.test(name))
    throw new AppError(
      'access/bad-name',
      'input',
      'a name has 1 to 63 letters a to z, digits and . _ @ -, and starts with a letter or digit',
    );
  const cameras = grantText(given.role, given.cameras);
  checkPassword(given.password, name);
  const password = await hashPassword(given.password);
  const local = { issuer: null, subject: null };
  return { id: newId(), name, role: given.role, cameras, password, ...local, createdMs: book.clock.wallMs() };
}

/** @throws {AppError} `access/of-issuer` where role and password of a user are not ours to set */
export function refuseOfIssuer({ name, issuer }: Pick<UserRow, 'name' | 'issuer'>): void {
  if (issuer === null) return;
  throw new AppError(
    'access/of-issuer',
    'conflict',
    `${name} signs in at ${issuer}, which says the role and keeps the password: change them there`,
  );
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

const keep = (_: UserView): void => undefined;

function viewOf({ id, name, role, cameras, issuer, createdMs }: UserRow): UserView {
  return {
    id,
    name,
    role,
    cameras: JSON.parse(cameras) as CameraList,
    ...(issuer !== null && { issuer }),
    createdAt: new Date(createdMs).toISOString(),
  };
}
