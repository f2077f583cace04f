import type { IncomingMessage } from 'node:http';
import {
  NOBODY,
  VISITOR,
  type Accounts,
  type Caller,
  type Origin,
  type Permission,
} from '../access/index.js';
import { AppError } from '../base/index.js';
import { clientAddress } from './client-address.js';
import type { ClientMessage } from './protocol.js';
import type { Reach } from './reach.js';
import type { SessionCookie } from './session-cookie.js';

/** The permission that each message of the event stream needs. */
export const MESSAGE_PERMISSIONS: Readonly<Record<ClientMessage['type'], Permission>> = {
  subscribe: 'stream',
  unsubscribe: 'stream',
  ping: 'stream',
};

const BEARER = /^Bearer +([\x21-\x7e]{1,256})$/i;
const TOKEN_PARAMETERS = ['token', 'access_token', 'auth_token', 'api_key', 'apikey', 'session'];

/** Decides who may do what. */
export interface Access {
  readonly cookie: SessionCookie;
  /** Kept while somebody signs in elsewhere. */
  readonly awayCookie: SessionCookie;
  /** Who asks. Never throws: whoever is not known is nobody. */
  identify(request: IncomingMessage): Caller;
  /**
   * Passed by every request, upgrade and WebSocket message before anything else is done for it.
   *
   * @throws {AppError} `server/foreign-host`, `server/foreign-origin`, `server/token-in-query`, `server/access-closed`, `server/auth-required`,
   *   `server/forbidden`
   */
  authorise(request: IncomingMessage, permission: Permission): Caller;
  /** Where a request comes from, for the audit log and the login throttle. */
  originOf(request: IncomingMessage): Origin;
}

/** What decides about access. */
export interface AccessOptions {
  readonly accounts: Accounts;
  readonly reach: Reach;
  readonly cookie: SessionCookie;
  readonly awayCookie: SessionCookie;
  /** Addresses of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
}

/**
 * The access model, see `design/access.md`. From the first user on, everything but health, the pages' files and signing in needs a session or
 * a token, on loopback too. Before, a visitor on this machine may look (the demo shows itself), and from elsewhere nobody may anything but set up.
 */
export function createAccess({ accounts, reach, cookie, awayCookie, trustedProxies }: AccessOptions): Access {
  function identify(request: IncomingMessage): Caller {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const token = BEARER.exec(authorization)?.[1];
      return (token === undefined ? undefined : accounts.tokens.callerOf(token)) ?? NOBODY;
    }
    const secret = cookie.read(request);
    const caller = secret === undefined ? undefined : accounts.signIn.callerOf(secret);
    if (caller !== undefined) return caller;
    return !accounts.hasUsers && isLocalVisitor(request, reach) ? VISITOR : NOBODY;
  }

  function checkAddressing(request: IncomingMessage, permission: Permission): void {
    if (reach.isExposed && permission !== 'health')
      throw new AppError(
        'server/access-closed',
        'unauthorized',
        'this server can be reached from other machines without TLS: give it a certificate (server.tls), or name the https address of the proxy in front of it (server.publicUrl), or bind server.host to 127.0.0.1',
      );
    // Probes come by whatever address; health tells them nothing but that.
    const isProbe = permission === 'health' && !reach.isLoopback;
    if (!isProbe && !reach.isOwnName(request.headers.host))
      throw new AppError(
        'server/foreign-host',
        'input',
        reach.isLoopback
          ? 'this server is bound to loopback: call it as localhost, 127.0.0.1 or [::1], or name its address in server.publicUrl'
          : 'this server does not go by that name: call it by a name of its certificate, or as server.publicUrl says',
      );
  }

  return {
    cookie,
    awayCookie,
    identify,
    authorise(request, permission) {
      checkAddressing(request, permission);
      refuseTokenInQuery(request);
      if (permission !== 'health' && permission !== 'dashboard') checkOrigin(request, reach);
      const caller = identify(request);
      if (caller.kind === 'session') requireOwnPage(request, reach);
      if (NOBODY.permissions.has(permission) || caller.permissions.has(permission)) return caller;
      if (caller.kind === 'nobody' || caller.kind === 'visitor') throw authRequired(accounts.hasUsers);
      throw new AppError(
        'server/forbidden',
        'unauthorized',
        `this needs the permission "${permission}", which you do not have`,
      );
    },
    originOf: (request) => ({
      address: clientAddress(request, trustedProxies),
      agent: request.headers['user-agent'] ?? '',
    }),
  };
}

/** Whoever comes by way of a proxy is not on this machine, whatever its address says. */
function isLocalVisitor({ headers, socket }: IncomingMessage, reach: Reach): boolean {
  const isProxied = ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via'].some(
    (name) => name in headers,
  );
  const isLocal = /^(::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '');
  return reach.isLoopback && !reach.isSecure && isLocal && !isProxied;
}

/**
 * Refuses what a foreign web page asks for. Browsers say where a request comes from; a caller that says nothing is no browser.
 *
 * @throws {AppError} `server/foreign-origin`
 */
function checkOrigin({ headers }: IncomingMessage, reach: Reach): void {
  const site = headers['sec-fetch-site'];
  const isForeign =
    (headers.origin !== undefined && !reach.isOwnOrigin(headers.origin, headers.host)) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none');
  if (isForeign) throw foreignOrigin();
}

/**
 * What a cookie grants is given to our own pages only: to change something or to open a WebSocket, the browser must say that the
 * request comes from one.
 *
 * @throws {AppError} `server/foreign-origin`
 */
function requireOwnPage({ headers, method }: IncomingMessage, reach: Reach): void {
  const isReading = (method === 'GET' || method === 'HEAD') && headers.upgrade === undefined;
  const isSaid = headers.origin !== undefined && reach.isOwnOrigin(headers.origin, headers.host);
  const isMarked = headers['sec-fetch-site'] === 'same-origin' && headers.upgrade === undefined;
  if (!isReading && !isSaid && !isMarked) throw foreignOrigin();
}

/** Addresses end up in histories and logs. @throws {AppError} `server/token-in-query` */
function refuseTokenInQuery(request: IncomingMessage): void {
  const query = (request.url ?? '').split('?')[1];
  if (query === undefined) return;
  const parameters = new URLSearchParams(query);
  if (TOKEN_PARAMETERS.some((name) => parameters.has(name)))
    throw new AppError(
      'server/token-in-query',
      'input',
      'a token does not belong into an address: send it as the header "Authorization: Bearer …", and revoke this one, since addresses are logged',
    );
}

function authRequired(hasUsers: boolean): AppError {
  return new AppError(
    'server/auth-required',
    'unauthorized',
    hasUsers
      ? 'sign in, or send a token as the header "Authorization: Bearer …"'
      : 'this server has no users yet: open its page and make the first administrator with the setup code that stands on its console',
  );
}

/** The answer to what is not asked by a page of ours. */
export function foreignOrigin(): AppError {
  return new AppError(
    'server/foreign-origin',
    'unauthorized',
    'a page of another origin may not ask for this: open the dashboard of this server instead',
  );
}
