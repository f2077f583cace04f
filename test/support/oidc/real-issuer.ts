import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider, type Configuration } from 'oidc-provider';

/** People whom the issuer knows, by the name that they type there. */
const PEOPLE: Readonly<Record<string, { readonly name: string; readonly groups: readonly string[] }>> = {
  'ada-1': { name: 'ada', groups: ['staff', 'guards'] },
  'root-1': { name: 'root', groups: ['owners'] },
  'eve-1': { name: 'eve', groups: [] },
};

/**
 * `oidc-provider`, a certified implementation that is not ours, on `localhost`: another site than `127.0.0.1`, as real ones are.
 * Its own pages for trying it out ask for a name and take any password.
 */
export class RealIssuer {
  readonly #server: http.Server;
  readonly url: string;

  private constructor(server: http.Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** @param redirectUris the pages that it sends browsers back to, and no other */
  static async open(options: { clientSecret: string; redirectUris: () => string[] }): Promise<RealIssuer> {
    const server = http.createServer();
    server.listen(0, 'localhost');
    await once(server, 'listening');
    const url = `http://localhost:${(server.address() as AddressInfo).port}`;
    let listener: ReturnType<Provider['callback']> | undefined;
    // Made at the first request: the server that it sends browsers back to has a port by then.
    server.on('request', (request, response) => {
      listener ??= quietly(() => new Provider(url, configurationOf(options)).callback());
      void listener(request, response);
    });
    return new RealIssuer(server, url);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Does what a person does in a browser: signs in and agrees. Returns the address that the browser is sent back to. */
  async walk(address: string, login: string): Promise<URL> {
    const jar = new Map<string, string>();
    let [at, form]: [URL, string | undefined] = [new URL(address), undefined];
    for (let step = 0; step < 12; step++) {
      const response = await fetch(at, {
        redirect: 'manual',
        headers: {
          cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        ...(form !== undefined && { method: 'POST', body: form }),
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [name, value] = cookie.split(';')[0]!.split('=') as [string, string];
        if (value === '') jar.delete(name);
        else jar.set(name, value);
      }
      const location = response.headers.get('location');
      form = undefined;
      if (location !== null) {
        at = new URL(location, at);
        if (at.origin !== this.url) return at;
        continue;
      }
      const page = await response.text();
      const action = /action="([^"]+)"/.exec(page)?.[1];
      if (action === undefined) throw new Error(`the issuer says ${response.status}: ${page.slice(0, 2000)}`);
      at = new URL(action, at);
      form = page.includes('value="login"') ? `prompt=login&login=${login}&password=x` : 'prompt=consent';
    }
    throw new Error('the issuer never sends the browser back');
  }
}

function configurationOf(options: { clientSecret: string; redirectUris: () => string[] }): Configuration {
  const ttl = 600;
  return {
    clients: [
      { client_id: 'sightline', client_secret: options.clientSecret, redirect_uris: options.redirectUris() },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['preferred_username'], groups: ['groups'] },
    scopes: ['openid', 'profile', 'groups'],
    findAccount: (_context, id) => {
      const person = PEOPLE[id];
      if (person === undefined) return undefined;
      const claims = { sub: id, preferred_username: person.name, groups: [...person.groups] };
      return { accountId: id, claims: () => claims };
    },
    cookies: { keys: ['for tests'] },
    ttl: {
      Interaction: ttl,
      Session: ttl,
      Grant: ttl,
      AccessToken: ttl,
      IdToken: ttl,
      AuthorizationCode: ttl,
    },
  };
}

/** It warns of what is meant for tests alone. */
function quietly<Result>(make: () => Result): Result {
  const { warn, info } = console;
  Object.assign(console, { warn: () => undefined, info: () => undefined });
  try {
    return make();
  } finally {
    Object.assign(console, { warn, info });
  }
}
