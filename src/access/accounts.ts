import type { Clock, Log } from '../base/index.js';
import type { OidcConfig } from '../config/index.js';
import { AccountBook, type AccessTable } from './account-book.js';
import { AuditLog } from './audit-log.js';
import { LoginThrottle } from './login-throttle.js';
import { OidcSignIn } from './oidc/oidc-sign-in.js';
import { Sessions } from './sessions.js';
import { SetupCode } from './setup-code.js';
import { SignIn } from './sign-in.js';
import { Tokens } from './tokens.js';
import { Users } from './users.js';
import { WallLayouts } from './wall-layouts.js';

/** Where accounts are kept. */
export interface AccountsOptions {
  readonly table: AccessTable;
  /** Where the setup code is written while there is no user. */
  readonly dataDir: string;
  /** Where people may sign in who have no password here. */
  readonly oidc?: OidcConfig | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Everything about who may use this server. */
export class Accounts {
  readonly audit: AuditLog;
  readonly signIn: SignIn;
  /** Undefined where no provider is configured. */
  readonly oidc: OidcSignIn | undefined;
  readonly users: Users;
  readonly tokens: Tokens;
  readonly layouts: WallLayouts;
  readonly #book: AccountBook;
  readonly #setupCode: SetupCode | undefined;
  readonly #throttle: LoginThrottle;

  private constructor(parts: {
    book: AccountBook;
    table: AccessTable;
    audit: AuditLog;
    setupCode: SetupCode | undefined;
    throttle: LoginThrottle;
    signIn: SignIn;
    oidc: OidcSignIn | undefined;
  }) {
    const { book, audit } = parts;
    this.#book = book;
    this.#setupCode = parts.setupCode;
    this.#throttle = parts.throttle;
    this.audit = audit;
    this.signIn = parts.signIn;
    this.oidc = parts.oidc;
    this.users = new Users({ book, audit });
    this.tokens = new Tokens({ book, audit });
    this.layouts = new WallLayouts({ book, table: parts.table });
    book.onChange(() => {
      if (this.hasUsers) void this.#setupCode?.end();
    });
  }

  /**
   * Reads the accounts; makes a setup code when there is no user.
   *
   * @throws {AppError} `access/secret-file`, `store/read-failed` and the like
   */
  static async open({ table, dataDir, clock, log, oidc: config }: AccountsOptions): Promise<Accounts> {
    const book = await AccountBook.open({ table, clock });
    const audit = new AuditLog({ table, clock, log });
    const throttle = await LoginThrottle.open({ table, clock, log });
    const shared = { book, audit, sessions: new Sessions(book), throttle };
    const oidc = config === undefined ? undefined : await OidcSignIn.open(config, { ...shared, log });
    const setupCode = book.users.size > 0 ? undefined : await SetupCode.create({ dataDir, clock });
    const signIn = new SignIn({ ...shared, setupCode });
    return new Accounts({ book, table, audit, setupCode, throttle, signIn, oidc });
  }

  /** False until the first administrator was made. */
  get hasUsers(): boolean {
    return this.#book.users.size > 0;
  }

  /** The one-time code for the first administrator, while there is none. */
  get setupCode(): string | undefined {
    return this.hasUsers ? undefined : this.#setupCode?.value;
  }

  /** Called after every change of who may do what. Returns a function that ends it. */
  onChange(listener: () => void): () => void {
    return this.#book.onChange(listener);
  }

  /** Takes the setup code away and waits for what is counted of failed logins; the store is its owner's to close. */
  async close(): Promise<void> {
    await this.#throttle.close();
    await this.#setupCode?.end();
  }
}
