import type { Clock, Log } from '../base/index.js';
import { AccountBook, type AccessTable } from './account-book.js';
import { AuditLog } from './audit-log.js';
import { SetupCode } from './setup-code.js';
import { SignIn } from './sign-in.js';
import { Tokens } from './tokens.js';
import { Users } from './users.js';

/** Where accounts are kept. */
export interface AccountsOptions {
  readonly table: AccessTable;
  /** Where the setup code is written while there is no user. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Everything about who may use this server. */
export class Accounts {
  readonly audit: AuditLog;
  readonly signIn: SignIn;
  readonly users: Users;
  readonly tokens: Tokens;
  readonly #book: AccountBook;
  readonly #setupCode: SetupCode | undefined;

  private constructor(book: AccountBook, audit: AuditLog, setupCode: SetupCode | undefined) {
    this.#book = book;
    this.#setupCode = setupCode;
    this.audit = audit;
    this.signIn = new SignIn({ book, audit, setupCode });
    this.users = new Users({ book, audit });
    this.tokens = new Tokens({ book, audit });
    book.onChange(() => {
      if (this.hasUsers) void this.#setupCode?.end();
    });
  }

  /** Reads the accounts; makes a setup code when there is no user. @throws {AppError} `store/read-failed` and the like */
  static async open({ table, dataDir, clock, log }: AccountsOptions): Promise<Accounts> {
    const book = await AccountBook.open({ table, clock });
    const setupCode = book.users.size > 0 ? undefined : await SetupCode.create({ dataDir, clock });
    return new Accounts(book, new AuditLog({ table, clock, log }), setupCode);
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

  /** Takes the setup code away; the store is its owner's to close. */
  async close(): Promise<void> {
    await this.#setupCode?.end();
  }
}
