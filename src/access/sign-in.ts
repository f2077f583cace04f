import { AppError } from '../base/index.js';
import type { AccessChange } from '../store/index.js';
import { grantOf, type AccountBook } from './account-book.js';
import type { AuditLog } from './audit-log.js';
import type { Caller } from './caller.js';
import type { LoginThrottle } from './login-throttle.js';
import { checkPassword } from './password-rules.js';
import { hashPassword, isPassword } from './password.js';
import { PERMISSIONS_OF } from './permissions.js';
import { hashSecret } from './secret-value.js';
import type { Origin, Sessions } from './sessions.js';
import type { SetupCode } from './setup-code.js';
import { newUser, refuseOfIssuer } from './users.js';

/** How old what is on the disk about a session's last use may be. */
const TOUCH_MS = 10 * 60_000;

/** A session as its user sees it. */
export interface SessionView {
  readonly id: string;
  readonly createdAt: string;
  readonly seenAt: string;
  readonly address: string;
  readonly agent: string;
}

/** What signing in works on. */
export interface SignInOptions {
  readonly book: AccountBook;
  readonly audit: AuditLog;
  readonly sessions: Sessions;
  readonly throttle: LoginThrottle;
}

/** Signing in and out with a password. A session is a random secret; what is kept of it is its hash. */
export class SignIn {
  readonly #book: AccountBook;
  readonly #audit: AuditLog;
  readonly #throttle: LoginThrottle;
  readonly #sessions: Sessions;
  readonly #setupCode: SetupCode | undefined;

  constructor(options: SignInOptions & { setupCode: SetupCode | undefined }) {
    this.#book = options.book;
    this.#audit = options.audit;
    this.#setupCode = options.setupCode;
    this.#sessions = options.sessions;
    this.#throttle = options.throttle;
  }

  /** Who has this session, if it is one and has not ended. */
  callerOf(secret: string): Caller | undefined {
    const session = this.#book.sessions.get(hashSecret(secret));
    const user = session === undefined ? undefined : this.#book.users.get(session.userId);
    if (session === undefined || user === undefined || !this.#sessions.isAlive(session)) return undefined;
    const nowMs = this.#book.clock.wallMs();
    if (nowMs - session.seenMs > TOUCH_MS)
      // A failure is told by the store; what it costs is that the session may count as idle after a restart.
      this.#book.touch({ ...session, seenMs: nowMs }).catch(() => undefined);
    return {
      kind: 'session',
      credentialId: session.id,
      userId: user.id,
      name: user.name,
      role: user.role,
      permissions: PERMISSIONS_OF[user.role],
      cameras: grantOf(user.cameras),
    };
  }

  /**
   * Makes the first administrator.
   *
   * @returns the secret of the new session
   * @throws {AppError} `access/setup-done`, `access/wrong-setup-code`, `access/weak-password`, `access/bad-name`, `access/too-many-attempts`
   */
  async setup(given: { code: string; name: string; password: string }, from: Origin): Promise<string> {
    this.#refuseSecondSetup();
    this.#throttle.begin('', from.address);
    if (this.#setupCode?.accepts(given.code) !== true)
      throw new AppError(
        'access/wrong-setup-code',
        'unauthorized',
        'this is not the setup code, or its 60 minutes are over: a restart of the server makes another, and `sightline user add NAME --role admin` needs none',
      );
    this.#throttle.succeed('', from.address);
    const user = await newUser({ ...given, role: 'admin', cameras: '*' }, this.#book);
    return await this.#book.alone(async () => {
      this.#refuseSecondSetup();
      const { change, secret } = this.#sessions.begin(user, from);
      const actor = { caller: user, address: from.address };
      await this.#book.commit(
        [{ type: 'put-user', row: user }, change],
        [this.#audit.entry(actor, { what: 'setup' })],
      );
      return secret;
    });
  }

  /**
   * Starts a session. Costs the same time whether or not there is such a user.
   *
   * @returns the secret of the session
   * @throws {AppError} `access/wrong-login`, `access/too-many-attempts`, `access/busy`
   */
  async signIn(given: { name: string; password: string }, from: Origin): Promise<string> {
    const name = given.name.toLowerCase();
    this.#throttle.begin(name, from.address);
    const user = this.#book.userNamed(name);
    const isRight = await isPassword(given.password, user?.password);
    const actor = { caller: { name }, address: from.address };
    if (user === undefined || !isRight) {
      this.#audit.note(actor, { what: 'login.failed' });
      throw wrongLogin();
    }
    this.#throttle.succeed(name, from.address);
    return await this.#book.alone(async () => {
      // The password was looked at before: it may have been changed meanwhile.
      if (this.#book.users.get(user.id)?.password !== user.password) throw wrongLogin();
      const { change, secret } = this.#sessions.begin(user, from);
      const over = this.#sessions.surplusOf(user.id);
      await this.#book.commit([...over, change], [this.#audit.entry(actor, { what: 'login' })]);
      return secret;
    });
  }

  /** Ends the caller's session. */
  async signOut(caller: Caller, from: Origin): Promise<void> {
    await this.#end(caller, caller.credentialId, 'logout', from);
  }

  /** The caller's sessions that have not ended, newest use first. */
  sessionsOf(caller: Caller): SessionView[] {
    return [...this.#book.sessions.values()]
      .filter((session) => session.userId === caller.userId && this.#sessions.isAlive(session))
      .sort((one, other) => other.seenMs - one.seenMs)
      .map(({ id, createdMs, seenMs, address, agent }) => ({
        id,
        createdAt: new Date(createdMs).toISOString(),
        seenAt: new Date(seenMs).toISOString(),
        address,
        agent,
      }));
  }

  /** Ends one of the caller's own sessions. @throws {AppError} `access/not-found` */
  async endSession(caller: Caller, id: string, from: Origin): Promise<void> {
    await this.#end(caller, id, 'session.end', from);
  }

  /**
   * Changes the caller's own password; all of the user's other sessions end, and all tokens that the user made.
   *
   * @throws {AppError} `access/current-password-required`, `access/weak-password`, `access/too-many-attempts`, `access/of-issuer`
   */
  async changePassword(
    caller: Caller,
    given: { current: string; next: string },
    from: Origin,
  ): Promise<void> {
    const user = this.#book.users.get(caller.userId ?? '');
    if (user === undefined || caller.kind !== 'session') throw currentPasswordRequired();
    refuseOfIssuer(user);
    this.#throttle.begin(user.name, from.address);
    if (!(await isPassword(given.current, user.password))) throw currentPasswordRequired();
    this.#throttle.succeed(user.name, from.address);
    checkPassword(given.next, user.name);
    const password = await hashPassword(given.next);
    await this.#book.alone(async () => {
      const now = this.#book.users.get(user.id);
      if (now?.password !== user.password) throw currentPasswordRequired();
      const sessions = [...this.#book.sessions.values()].filter(
        ({ userId, id }) => userId === user.id && id !== caller.credentialId,
      );
      const tokens = [...this.#book.tokens.values()].filter(({ ownerId }) => ownerId === user.id);
      const changes: AccessChange[] = [{ type: 'put-user', row: { ...now, password } }];
      const entry = this.#audit.entry(
        { caller, address: from.address },
        { what: 'password.change', target: user.name },
      );
      await this.#book.commit([...changes, ...this.#book.endingOf({ sessions, tokens })], [entry]);
    });
  }

  async #end(caller: Caller, id: string, what: string, { address }: Origin): Promise<void> {
    await this.#book.alone(async () => {
      const sessions = [...this.#book.sessions.values()].filter(
        (session) => session.id === id && session.userId === caller.userId,
      );
      if (sessions.length === 0)
        throw new AppError(
          'access/not-found',
          'not-found',
          'you have no such session: see /api/v1/me/sessions',
        );
      await this.#book.commit(this.#book.endingOf({ sessions }), [
        this.#audit.entry({ caller, address }, { what }),
      ]);
    });
  }

  #refuseSecondSetup(): void {
    if (this.#book.users.size === 0) return;
    throw new AppError('access/setup-done', 'conflict', 'this server has its first user already: sign in');
  }
}

function wrongLogin(): AppError {
  return new AppError('access/wrong-login', 'unauthorized', 'name or password is wrong');
}

function currentPasswordRequired(): AppError {
  return new AppError(
    'access/current-password-required',
    'unauthorized',
    'the current password is missing or wrong: give it as "current"',
  );
}
