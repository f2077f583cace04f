import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

/** What an ID token is made of; what a test leaves out is right. */
export interface IdToken {
  readonly claims?: Readonly<Record<string, unknown>>;
  /** `none`: not signed. `foreign`: by a key that is not the issuer's, under the name of one that is. `hs256`: with the public client's secret. */
  readonly signed?: 'right' | 'none' | 'foreign' | 'hs256';
  /** Takes the place of the whole token. */
  readonly text?: string;
}

/**
 * An issuer that says what a test wants it to say, also what no issuer should. Everything else is as the specifications have it, so that each
 * test is about the one thing that is wrong.
 */
export class ScriptedIssuer {
  /** What the token endpoint is asked, as parameters and headers. */
  readonly asked: { readonly form: URLSearchParams; readonly authorization: string | undefined }[] = [];
  idToken: IdToken = {};
  userinfo: Record<string, unknown> = {};
  /** Called instead of answering the token endpoint. */
  onToken: ((response: ServerResponse) => void) | undefined;
  discovery: Record<string, unknown> = {};
  readonly #server: http.Server;
  readonly #keys: KeyPair;
  readonly #foreign: KeyPair;
  /** The nonce of each code. */
  readonly #nonces = new Map<string, string>();

  private constructor(keys: KeyPair, foreign: KeyPair) {
    this.#keys = keys;
    this.#foreign = foreign;
    this.#server = http.createServer((request, response) => void this.#answer(request, response));
  }

  static async open(): Promise<ScriptedIssuer> {
    const pairs = await Promise.all([0, 1].map(() => generateKeyPair('ES256', { extractable: true })));
    const issuer = new ScriptedIssuer(pairs[0]!, pairs[1]!);
    issuer.#server.listen(0, '127.0.0.1');
    await once(issuer.#server, 'listening');
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The query that the browser is sent back with; takes up what the address of the authorisation endpoint asks. */
  comeBack(address: string, more: Record<string, string | undefined> = {}): string {
    const asked = new URL(address).searchParams;
    const code = `the-code-${this.#nonces.size}`;
    this.#nonces.set(code, asked.get('nonce') ?? '');
    const query: Record<string, string | undefined> = {
      code,
      state: asked.get('state') ?? '',
      iss: this.url,
      ...more,
    };
    const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return new URLSearchParams(given).toString();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (body: unknown) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    switch (request.url ?? '') {
      case '/.well-known/openid-configuration':
        return void send({
          issuer: this.url,
          authorization_endpoint: `${this.url}/authorize`,
          token_endpoint: `${this.url}/token`,
          userinfo_endpoint: `${this.url}/userinfo`,
          jwks_uri: `${this.url}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['ES256'],
          token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
          authorization_response_iss_parameter_supported: true,
          ...this.discovery,
        });
      case '/jwks':
        return void send({
          keys: [{ ...(await exportJWK(this.#keys.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }],
        });
      case '/userinfo':
        return void send({ sub: 'ada-1', ...this.userinfo });
      case '/token': {
        let body = '';
        for await (const part of request) body += String(part);
        const form = new URLSearchParams(body);
        this.asked.push({ form, authorization: request.headers.authorization });
        if (this.onToken !== undefined) return this.onToken(response);
        return void send({
          access_token: 'the-access-token',
          token_type: 'Bearer',
          expires_in: 60,
          id_token: await this.#token(this.#nonces.get(form.get('code') ?? '') ?? ''),
        });
      }
      default:
        response.writeHead(404).end();
    }
  }

  async #token(nonce: string): Promise<string> {
    const { claims, signed = 'right', text } = this.idToken;
    if (text !== undefined) return text;
    const nowSeconds = Math.floor(Date.now() / 1000);
    const payload = {
      ...{ iss: this.url, sub: 'ada-1', aud: 'sightline', iat: nowSeconds, exp: nowSeconds + 300 },
      ...{ nonce, preferred_username: 'ada', groups: ['guards'], ...claims },
    };
    if (signed === 'none') return new UnsecuredJWT(payload).encode();
    const token = new SignJWT(payload);
    if (signed === 'hs256')
      return await token.setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from('the-client-secret'));
    const key = (signed === 'right' ? this.#keys : this.#foreign).privateKey;
    return await token.setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(key);
  }
}
