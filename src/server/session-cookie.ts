import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';

const LIFE_SECONDS = 7 * 24 * 3600;

/** How a browser keeps its session. */
export interface SessionCookie {
  /** The secret that a request brings; undefined when it brings none, or several. */
  read(request: IncomingMessage): string | undefined;
  set(response: Response, secret: string): void;
  clear(response: Response): void;
}

/**
 * Over TLS the cookie is called `__Host-sightline`, which browsers take from this very host only, never from a sibling or a plain page.
 * Over plain HTTP, which is served to this machine alone, not all browsers take `Secure` cookies: there it is `sightline`, without
 * the prefix. Scripts never see it, and no other site's page sends it along.
 */
export function sessionCookie(isSecure: boolean): SessionCookie {
  const name = isSecure ? '__Host-sightline' : 'sightline';
  const write = (response: Response, value: string, maxAgeSeconds: number) =>
    response.append(
      'Set-Cookie',
      `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`,
    );
  return {
    read(request) {
      const values = (request.headers.cookie ?? '')
        .split(';')
        .map((pair) => pair.trim())
        .filter((pair) => pair.startsWith(`${name}=`));
      const [only] = values;
      return values.length === 1 ? only!.slice(name.length + 1) : undefined;
    },
    set: (response, secret) => void write(response, secret, LIFE_SECONDS),
    clear: (response) => void write(response, '', 0),
  };
}
