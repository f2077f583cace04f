import type { AuditCheck } from '../store/index.js';
import type { Accounts } from './accounts.js';
import { CONSOLE } from './caller.js';
import { AppError } from '../base/index.js';
import type { NewToken, TokenView } from './tokens.js';
import type { NewUser, UserView } from './users.js';

/** What the command line does with accounts, in the server that runs or on its data directory. */
export interface AccountDesk {
  readonly listUsers: () => Promise<UserView[]>;
  readonly addUser: (given: NewUser) => Promise<UserView>;
  /** @throws {AppError} `access/not-found`, `access/last-admin` */
  readonly removeUser: (name: string) => Promise<void>;
  /** Ends all sessions and tokens of the user. @throws {AppError} `access/not-found`, `access/weak-password` */
  readonly setPassword: (name: string, password: string) => Promise<void>;
  readonly listTokens: () => Promise<TokenView[]>;
  readonly createToken: (given: NewToken) => Promise<{ secret: string; token: TokenView }>;
  /** @throws {AppError} `access/not-found` */
  readonly revokeToken: (id: string) => Promise<void>;
  readonly checkAudit: () => Promise<AuditCheck>;
}

/** A desk at the accounts themselves. Whoever may read the data directory may do everything here. */
export function deskOf(accounts: Accounts): AccountDesk {
  const actor = { caller: CONSOLE, address: '' };
  const idOf = (name: string) => {
    const user = accounts.users.list().find((one) => one.name === name.toLowerCase());
    if (user !== undefined) return user.id;
    throw new AppError(
      'access/not-found',
      'not-found',
      `there is no user ${name}: see \`sightline user list\``,
    );
  };
  return {
    listUsers: () => Promise.resolve(accounts.users.list()),
    addUser: (given) => accounts.users.add(given, actor),
    removeUser: async (name) => accounts.users.remove(idOf(name), actor),
    setPassword: async (name, password) =>
      void (await accounts.users.change(idOf(name), { password }, actor)),
    listTokens: () => Promise.resolve(accounts.tokens.list(CONSOLE)),
    createToken: (given) => accounts.tokens.create(given, actor),
    revokeToken: (id) => accounts.tokens.revoke(id, actor),
    checkAudit: () => accounts.audit.check(),
  };
}
