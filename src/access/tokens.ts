import { AppError } from '../base/index.js';
import type { TokenRow } from '../store/index.js';
import { grantOf, type AccountBook } from './account-book.js';
import type { Actor, AuditLog } from './audit-log.js';
import type { Caller, CameraGrant } from './caller.js';
import { isAtLeast, PERMISSIONS_OF, type Permission, type Role } from './permissions.js';
import { hashSecret, newId, newTokenSecret } from './secret-value.js';
import { grantText, type CameraList } from './users.js';

const TOKENS_MAX = 1000;

/** A token as people see it: never its secret. */
export interface TokenView {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly cameras: CameraList;
  /** All that its role may do, unless it is narrowed to these. */
  readonly only?: readonly Permission[];
  /** Name of the user who made it; absent for the command line. */
  readonly owner?: string;
  readonly createdAt: string;
  readonly expiresAt?: string;
}

/** What a new token is made of. */
export interface NewToken {
  readonly name: string;
  readonly role: Role;
  readonly cameras: CameraList;
  readonly only?: readonly Permission[] | undefined;
  /** Absent: it does not expire. */
  readonly days?: number | undefined;
}

/** Tokens for programs. A token never may more than the user who made it may now. */
export class Tokens {
  readonly #book: AccountBook;
  readonly #audit: AuditLog;

  constructor(options: { book: AccountBook; audit: AuditLog }) {
    this.#book = options.book;
    this.#audit = options.audit;
  }

  /** Who has this token, if it is one and has not expired. */
  callerOf(secret: string): Caller | undefined {
    const row = this.#book.tokens.get(hashSecret(secret));
    if (row === undefined || (row.expiresMs !== null && row.expiresMs <= this.#book.clock.wallMs()))
      return undefined;
    const owner = row.ownerId === null ? undefined : this.#book.users.get(row.ownerId);
    if (row.ownerId !== null && owner === undefined) return undefined;
    const only = row.only === null ? undefined : new Set(JSON.parse(row.only) as Permission[]);
    const mayOwner = PERMISSIONS_OF[owner?.role ?? 'admin'];
    const permissions = [...PERMISSIONS_OF[row.role]].filter(
      // A token is no person: it has no password to change, and makes no further tokens.
      (permission) => permission !== 'account' && mayOwner.has(permission) && (only?.has(permission) ?? true),
    );
    return {
      kind: 'token',
      credentialId: row.id,
      ...(owner === undefined ? {} : { userId: owner.id }),
      name: owner === undefined ? `token ${row.name}` : `token ${row.name} of ${owner.name}`,
      role: lowerRole(row.role, owner?.role ?? 'admin'),
      permissions: new Set<Permission>(['health', 'dashboard', 'session', ...permissions]),
      cameras: intersect(grantOf(row.cameras), owner === undefined ? '*' : grantOf(owner.cameras)),
    };
  }

  /** The tokens that a caller may see: one's own, or all for those who look after accounts. */
  list(caller: Caller): TokenView[] {
    return [...this.#book.tokens.values()]
      .filter((row) => mayManage(caller, row))
      .sort((one, other) => one.createdMs - other.createdMs)
      .map((row) => this.#viewOf(row));
  }

  /**
   * Makes a token.
   *
   * @returns its secret, which is not kept and cannot be shown again, and what it may do
   * @throws {AppError} `access/beyond-own-rights`, `access/bad-grant`, `access/too-many`
   */
  async create(
    given: NewToken,
    actor: Actor & { caller: Caller },
  ): Promise<{ secret: string; token: TokenView }> {
    const { caller } = actor;
    const may = PERMISSIONS_OF[caller.role ?? 'viewer'];
    const isBeyond =
      !isAtLeast(caller.role ?? 'viewer', given.role) ||
      (given.only ?? []).some((permission) => !may.has(permission)) ||
      (caller.cameras !== '*' &&
        given.cameras !== '*' &&
        given.cameras.some((id) => !(caller.cameras as ReadonlySet<string>).has(id)));
    if (isBeyond)
      throw new AppError(
        'access/beyond-own-rights',
        'unauthorized',
        'a token may not do more than you may: take a lower role, or fewer cameras',
      );
    const cameras = grantText(given.role, given.cameras);
    return await this.#book.alone(async () => {
      if (this.#book.tokens.size >= TOKENS_MAX)
        throw new AppError(
          'access/too-many',
          'conflict',
          `there are ${TOKENS_MAX} tokens already: revoke some`,
        );
      const secret = newTokenSecret();
      const nowMs = this.#book.clock.wallMs();
      const row: TokenRow = {
        id: newId(),
        hash: hashSecret(secret),
        name: given.name,
        role: given.role,
        cameras,
        only: given.only === undefined ? null : JSON.stringify(given.only),
        ownerId: caller.userId ?? null,
        createdMs: nowMs,
        expiresMs: given.days === undefined ? null : nowMs + given.days * 86_400_000,
      };
      const detail = `${given.only?.join(' ') ?? given.role}, cameras ${cameras}, ${given.days === undefined ? 'no expiry' : `${given.days} days`}`;
      const entry = this.#audit.entry(actor, { what: 'token.create', target: given.name, detail });
      await this.#book.commit([{ type: 'put-token', row }], [entry]);
      return { secret, token: this.#viewOf(row) };
    });
  }

  /** Ends a token at once. @throws {AppError} `access/not-found`, also for those of others */
  async revoke(id: string, actor: Actor & { caller: Caller }): Promise<void> {
    await this.#book.alone(async () => {
      const row = [...this.#book.tokens.values()].find(
        (token) => token.id === id && mayManage(actor.caller, token),
      );
      if (row === undefined)
        throw new AppError(
          'access/not-found',
          'not-found',
          'there is no such token: see /api/v1/tokens or `sightline token list`',
        );
      const entry = this.#audit.entry(actor, { what: 'token.revoke', target: row.name });
      await this.#book.commit([{ type: 'remove-token', id }], [entry]);
    });
  }

  #viewOf({ id, name, role, cameras, only, ownerId, createdMs, expiresMs }: TokenRow): TokenView {
    const owner = ownerId === null ? undefined : this.#book.users.get(ownerId)?.name;
    return {
      id,
      name,
      role,
      cameras: JSON.parse(cameras) as CameraList,
      ...(only === null ? {} : { only: JSON.parse(only) as Permission[] }),
      ...(owner === undefined ? {} : { owner }),
      createdAt: new Date(createdMs).toISOString(),
      ...(expiresMs === null ? {} : { expiresAt: new Date(expiresMs).toISOString() }),
    };
  }
}

function mayManage(caller: Caller, row: TokenRow): boolean {
  return caller.permissions.has('accounts') || (caller.userId !== undefined && row.ownerId === caller.userId);
}

function lowerRole(one: Role, other: Role): Role {
  return isAtLeast(one, other) ? other : one;
}

function intersect(one: CameraGrant, other: CameraGrant): CameraGrant {
  if (one === '*') return other;
  return other === '*' ? one : new Set([...one].filter((camera) => other.has(camera)));
}
