import { z } from 'zod';
import type { Accounts } from '../access/index.js';
import { AppError } from '../base/index.js';
import { foreignOrigin, type Access } from './access.js';
import { readBody } from './json-body.js';
import type { OidcStart } from './protocol.js';
import type { Route } from './route.js';

/** Body of `POST oidc/finish`: the query with which the browser came back. */
export const oidcFinishBody = z.strictObject({ answer: z.string().min(1).max(16_384) });

/**
 * Signing in at an OpenID Connect provider. The page of ours begins it and finishes it by POST, so that nothing is changed by following a link,
 * and both cookies are never sent with requests of other sites. The browser comes back to `/`: there is no address to choose.
 */
export function oidcRoutes({ accounts, access }: { accounts: Accounts; access: Access }): Route[] {
  const oidcOf = () => {
    if (accounts.oidc !== undefined) return accounts.oidc;
    throw new AppError(
      'access/oidc-off',
      'not-found',
      'no OpenID Connect provider is configured: sign in with a name and password',
    );
  };
  return [
    {
      method: 'POST',
      path: '/api/v1/oidc/start',
      permission: 'session',
      answer: async (request, response) => {
        const oidc = oidcOf();
        // That it is one of ours was looked at before anything else.
        const { origin } = request.headers;
        if (origin === undefined) throw foreignOrigin();
        const { address, secret } = await oidc.begin(`${origin}/`);
        access.awayCookie.set(response, secret);
        response.status(201).json({ address } satisfies OidcStart);
      },
    },
    {
      method: 'POST',
      path: '/api/v1/oidc/finish',
      permission: 'session',
      answer: async (request, response) => {
        const oidc = oidcOf();
        const { answer } = readBody(request, oidcFinishBody);
        const away = access.awayCookie.read(request);
        access.awayCookie.clear(response);
        access.cookie.set(response, await oidc.finish(away, answer, access.originOf(request)));
        response.status(204).end();
      },
    },
  ];
}
