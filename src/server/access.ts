import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { AppError } from '../base/index.js';
import type { ClientMessage } from './protocol.js';

/** What a caller may do. Every route and every WebSocket message type declares one. */
export type Permission =
  | 'health' // whether the server lives and is ready: for probes, always allowed
  | 'dashboard' // the pages themselves, which hold no data
  | 'metrics'
  | 'cameras'
  | 'live' // pictures
  | 'stream' // what was seen
  | 'system';

/** The permission that each message of the event stream needs. */
export const MESSAGE_PERMISSIONS: Readonly<Record<ClientMessage['type'], Permission>> = {
  subscribe: 'stream',
  unsubscribe: 'stream',
  ping: 'stream',
};

/** Decides who may do what. */
export interface Access {
  /** True when the server can be reached from this machine only. */
  readonly isLoopback: boolean;
  /**
   * Passed by every request, upgrade and WebSocket message before anything else is done for it.
   *
   * @throws {AppError} `server/foreign-host`, `server/access-closed`
   */
  authorise(request: IncomingMessage, permission: Permission): void;
}

/** How the server is to be reached. */
export interface AccessOptions {
  readonly host: string;
  /** Lets everyone who can reach a non-loopback address in: there are no users yet. */
  readonly allowOpenAccess?: boolean;
}

/**
 * The access model before there are users and tokens, which will be decided here. Bound to loopback, whoever
 * can connect is on this machine and may do everything; the `Host` header must name loopback, since a foreign
 * name that resolves to 127.0.0.1 is a web page attacking through its visitor's browser (DNS rebinding).
 * Bound to any other address, everything but health is refused, unless the server was opened deliberately.
 */
export function createAccess({ host, allowOpenAccess = false }: AccessOptions): Access {
  const isLoopback = isLoopbackName(host);
  return {
    isLoopback,
    authorise(request, permission) {
      if (isLoopback && !isLoopbackName(hostnameOf(request.headers.host)))
        throw new AppError(
          'server/foreign-host',
          'input',
          'this server is bound to loopback: call it as localhost, 127.0.0.1 or [::1]',
        );
      if (isLoopback || allowOpenAccess || permission === 'health') return;
      throw new AppError(
        'server/access-closed',
        'unauthorized',
        `server.host ${host} can be reached from other machines, and there are no users yet: bind server.host to 127.0.0.1, or open it to everyone with server.allowOpenAccess: true`,
      );
    },
  };
}

/**
 * Refuses a WebSocket that a foreign web page opens: browsers send cookies with it, and no CORS check. A caller
 * without `Origin` is no browser, and is let in as long as nothing is granted by cookie.
 *
 * @throws {AppError} `server/foreign-origin`
 */
export function checkOrigin(request: IncomingMessage): void {
  const { origin, host } = request.headers;
  if (origin === undefined) return;
  if (URL.canParse(origin) && new URL(origin).host === host?.toLowerCase()) return;
  throw new AppError(
    'server/foreign-origin',
    'unauthorized',
    'a page of another origin may not connect: open the dashboard of this server instead',
  );
}

function hostnameOf(hostHeader: string | undefined): string {
  const url = `http://${hostHeader ?? ''}`;
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, '$1') : '';
}

function isLoopbackName(name: string): boolean {
  if (name === 'localhost' || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}
