import { AppError, type Clock, type Log } from '../../base/index.js';
import type { OidcConfig } from '../../config/index.js';
import type { AccessChange, AuditEntry, UserRow } from '../../store/index.js';
import type { AccountBook } from '../account-book.js';
import type { AuditLog } from '../audit-log.js';
import type { LoginThrottle } from '../login-throttle.js';
import type { Role } from '../permissions.js';
import { hashSecret, newId, newSessionSecret } from '../secret-value.js';
import type { Origin, Sessions } from '../sessions.js';
import type { SignInOptions } from '../sign-in.js';
import { grantText, USERS_MAX } from '../users.js';
import { nameOf, roleOf, type Claims } from './claims.js';
import { clientSecretOf } from './client-secret.js';
import { Issuer, type Begun } from './issuer.js';

/** A person has so long to sign in at the issuer. */
const PATIENCE_MS = 10 * 60_000;
/** Sign-ins that have begun; the oldest are forgotten. */
const BEGUN_MAX = 10_000;

/** Signing in at an OpenID Connect provider. Who comes back gets a session like any other; nothing of the issuer's tokens is kept. */
export class OidcSignIn {
  readonly #config: OidcConfig;
  readonly #issuer: Issuer;
  readonly #book: AccountBook;
  readonly #audit: AuditLog;
  readonly #sessions: Sessions;
  readonly #throttle: LoginThrottle;
  readonly #clock: Clock;
  /** By the hash of the secret that the browser keeps meanwhile, which binds what comes back to the browser that began. */
  readonly #begun = new Map<string, Begun & { readonly atMs: number }>();

  private constructor(config: OidcConfig, issuer: Issuer, options: SignInOptions) {
    this.#config = config;
    this.#issuer = issuer;
    this.#book = options.book;
    this.#audit = options.audit;
    this.#sessions = options.sessions;
    this.#throttle = options.throttle;
    this.#clock = options.book.clock;
  }

  /** The issuer is asked when somebody signs in, not now: the server starts without it. @throws {AppError} `access/secret-file` */
  static async open(config: OidcConfig, options: SignInOptions & { log: Log }): Promise<OidcSignIn> {
    const secret = await clientSecretOf(config);
    const issuer = new Issuer({ config, secret, clock: options.book.clock, log: options.log });
    return new OidcSignIn(config, issuer, options);
  }

  /** What people call the provider. */
  get name(): string {
    return this.#config.name;
  }

  /**
   * Begins a sign-in.
   *
   * @param redirectUri the page of ours that the browser comes back to; not of the caller's choice
   * @returns the address at the issuer, and a secret for the browser to keep until `finish`
   * @throws {AppError} `access/oidc-unreachable`
   */
  async begin(redirectUri: string): Promise<{ address: string; secret: string }> {
    const { address, begun } = await this.#issuer.begin(redirectUri);
    const secret = newSessionSecret();
    this.#begun.set(hashSecret(secret), { ...begun, atMs: this.#clock.monotonicMs() });
    for (const oldest of this.#begun.keys()) {
      if (this.#begun.size <= BEGUN_MAX) break;
      this.#begun.delete(oldest);
    }
    return { address, secret };
  }

  /**
   * Ends a sign-in: once for each that began, in the browser that began it.
   *
   * @param secret as `begin` gave it to the browser
   * @param answer the query that the browser came back with
   * @returns the secret of the session
   * @throws {AppError} `access/oidc-refused`, `access/oidc-unreachable`, `access/no-role`, `access/name-taken`, `access/first-is-admin`,
   *   `access/too-many`, `access/too-many-attempts`
   */
  async finish(secret: string | undefined, answer: string, from: Origin): Promise<string> {
    const begun = this.#take(secret);
    this.#throttle.begin(undefined, from.address);
    let claims;
    try {
      claims = await this.#issuer.finish(begun, answer);
    } catch (error) {
      // That it cannot be reached is not the doing of whoever tries.
      if (error instanceof AppError && error.kind === 'unavailable')
        this.#throttle.succeed(undefined, from.address);
      this.#audit.note(
        { caller: { name: this.#config.name }, address: from.address },
        { what: 'login.failed', detail: error instanceof AppError ? error.code : '' },
      );
      throw error;
    }
    this.#throttle.succeed(undefined, from.address);
    return await this.#admit(claims, from);
  }

  #take(secret: string | undefined): Begun {
    const key = hashSecret(secret ?? '');
    const begun = this.#begun.get(key);
    this.#begun.delete(key);
    if (begun !== undefined && this.#clock.monotonicMs() - begun.atMs < PATIENCE_MS) return begun;
    throw new AppError(
      'access/oidc-refused',
      'unauthorized',
      `this sign-in was not begun in this browser within the last ten minutes: begin again with "Sign in with ${this.name}"`,
    );
  }

  async #admit(claims: Claims & { sub: string }, from: Origin): Promise<string> {
    const role = roleOf(claims, this.#config);
    return await this.#book.alone(async () => {
      const known = this.#userOf(claims.sub);
      const name = known?.name ?? nameOf(claims, this.#config);
      const entry = (what: string, detail: string): AuditEntry =>
        this.#audit.entry({ caller: { name }, address: from.address }, { what, detail });
      if (role === undefined) {
        // What was theirs while they had a role ends with it.
        const ending = known === undefined ? [] : this.#book.endingOfUser(known.id);
        await this.#book.commit(ending, [entry('login.failed', `${this.name}: no role`)]);
        throw new AppError(
          'access/no-role',
          'unauthorized',
          `${this.name} knows you as ${name}, but gives you no role here: ask an administrator of this server`,
        );
      }
      const user = known === undefined ? this.#newUser(claims.sub, name, role) : this.#withRole(known, role);
      const changes: AccessChange[] = user === known ? [] : [{ type: 'put-user', row: user }];
      const entries =
        user === known
          ? []
          : [entry(known === undefined ? 'user.add' : 'user.change', `${role}, by ${this.name}`)];
      const { change, secret } = this.#sessions.begin(user, from);
      await this.#book.commit(
        [...changes, ...this.#sessions.surplusOf(user.id), change],
        [...entries, entry('login', `by ${this.name}`)],
      );
      return secret;
    });
  }

  #userOf(subject: string): UserRow | undefined {
    const { issuer } = this.#config;
    return [...this.#book.users.values()].find((user) => user.issuer === issuer && user.subject === subject);
  }

  #newUser(subject: string, name: string, role: Role): UserRow {
    // Never the same person because of the same name: whoever may choose names at the issuer would become anybody here.
    if (this.#book.userNamed(name) !== undefined)
      throw new AppError(
        'access/name-taken',
        'conflict',
        `${this.name} knows you as ${name}, and there is another user ${name} here: an administrator must remove that one first`,
      );
    if (this.#book.users.size === 0 && role !== 'admin')
      throw new AppError(
        'access/first-is-admin',
        'conflict',
        'this server has no administrator yet: the first who signs in must be one',
      );
    if (this.#book.users.size >= USERS_MAX)
      throw new AppError('access/too-many', 'conflict', `there are ${USERS_MAX} users already: remove some`);
    return {
      ...{ id: newId(), name, role, cameras: this.#cameras(role), password: '' },
      ...{ issuer: this.#config.issuer, subject, createdMs: this.#clock.wallMs() },
    };
  }

  /** The same row where nothing changes. Grants stay, but for who becomes an administrator, or is one no more. */
  #withRole(user: UserRow, role: Role): UserRow {
    if (user.role === role) return user;
    const changesGrant = role === 'admin' || user.role === 'admin';
    return { ...user, role, cameras: changesGrant ? this.#cameras(role) : user.cameras };
  }

  #cameras(role: Role): string {
    return grantText(role, role === 'admin' ? '*' : this.#config.cameras);
  }
}
