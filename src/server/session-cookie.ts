import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';

const LIFE_SECONDS = 7 * 24 * 3600;
const AWAY_SECONDS = 10 * 60;

/** How a browser keeps a secret of ours. */
export interface SessionCookie {
  readonly name: string;
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
  return cookieNamed('sightline', LIFE_SECONDS, isSecure);
}

/** What a browser keeps while somebody is away to sign in at an OpenID Connect provider. */
export function awayCookie(isSecure: boolean): SessionCookie {
  return cookieNamed('sightline-away', AWAY_SECONDS, isSecure);
}

function cookieNamed(plainName: string, lifeSeconds: number, isSecure: boolean): SessionCookie {
  const name = isSecure ? `__Host-${plainName}` : plainName;
  const write = (response: Response, value: string, maxAgeSeconds: number) =>
    response.append(
      'Set-Cookie',
      `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`,
    );
  return {
    name,
    read(request) {
      const values = (request.headers.cookie ?? '')
        .split(';')
        .map((pair) => pair.trim())
        .filter((pair) => pair.startsWith(`${name}=`));
      const [only] = values;
      return values.length === 1 ? only!.slice(name.length + 1) : undefined;
    },
    set: (response, secret) => void write(response, secret, lifeSeconds),
    clear: (response) => void write(response, '', 0),
  };
}
