import * as client from 'openid-client';
import { AppError, messageOf, type Clock, type Log } from '../../base/index.js';
import type { OidcConfig } from '../../config/index.js';
import { claimOf, type Claims } from './claims.js';

const TIMEOUT_SECONDS = 5;
/** How far the issuer's clock may be from ours. */
const CLOCK_TOLERANCE_SECONDS = 30;
/** What discovery said is believed so long; keys are read anew when one is not known. */
const DISCOVERY_LIFE_MS = 3600_000;
/** An issuer that did not answer is left alone so long. */
const FAILURE_LIFE_MS = 5000;

/** What is remembered of a sign-in that has begun; all of it is secret. */
export interface Begun {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

/**
 * An OpenID Connect provider: authorisation code with PKCE (RFC 7636), state and nonce; the signature of the ID token is checked against the
 * issuer's keys although it comes over TLS. Tokens are read and dropped; nothing of them is logged.
 */
export class Issuer {
  readonly #config: OidcConfig;
  readonly #secret: string | undefined;
  readonly #clock: Clock;
  readonly #log: Log;
  #found: { readonly atMs: number; readonly configuration: Promise<client.Configuration> } | undefined;
  #failedMs = -Infinity;

  /** @param options.secret of the client; absent where it has none */
  constructor(options: { config: OidcConfig; secret: string | undefined; clock: Clock; log: Log }) {
    this.#config = options.config;
    this.#secret = options.secret;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  /**
   * Where to send the browser, and what to remember meanwhile.
   *
   * @param redirectUri the page of ours that the browser comes back to
   * @throws {AppError} `access/oidc-unreachable`
   */
  async begin(redirectUri: string): Promise<{ address: string; begun: Begun }> {
    const configuration = await this.#configuration();
    const begun = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
      redirectUri,
    };
    const address = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: ['openid', ...this.#config.scopes].join(' '),
      state: begun.state,
      nonce: begun.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(begun.verifier),
      code_challenge_method: 'S256',
    });
    return { address: address.href, begun };
  }

  /**
   * What the issuer says of whoever came back.
   *
   * @param answer the query that the browser came back with
   * @throws {AppError} `access/oidc-refused`, `access/oidc-unreachable`
   */
  async finish(
    { redirectUri, state, nonce, verifier }: Begun,
    answer: string,
  ): Promise<Claims & { sub: string }> {
    const configuration = await this.#configuration();
    const address = new URL(redirectUri);
    address.search = answer;
    try {
      const tokens = await client.authorizationCodeGrant(configuration, address, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims()!;
      const { nameClaim, rolesClaim } = this.#config;
      const isWhole = [nameClaim, rolesClaim].every((name) => claimOf(claims, name) !== undefined);
      if (isWhole || configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
      return { ...(await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)), ...claims };
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async #configuration(): Promise<client.Configuration> {
    const nowMs = this.#clock.monotonicMs();
    if (this.#found === undefined && nowMs - this.#failedMs < FAILURE_LIFE_MS) throw this.#unreachable();
    if (this.#found === undefined || nowMs - this.#found.atMs > DISCOVERY_LIFE_MS)
      this.#found = { atMs: nowMs, configuration: this.#discover() };
    try {
      return await this.#found.configuration;
    } catch (error) {
      this.#found = undefined;
      this.#failedMs = nowMs;
      this.#log.warn(
        { issuer: this.#config.issuer, cause: causeOf(error) },
        'the issuer cannot be asked how to sign in',
      );
      throw this.#unreachable();
    }
  }

  async #discover(): Promise<client.Configuration> {
    const issuer = new URL(this.#config.issuer);
    const configuration = await client.discovery(
      issuer,
      this.#config.clientId,
      { [client.clockTolerance]: CLOCK_TOLERANCE_SECONDS },
      authenticationWith(this.#secret),
      {
        timeout: TIMEOUT_SECONDS,
        // The configuration lets plain HTTP be on this machine alone.
        execute: issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [],
      },
    );
    client.enableNonRepudiationChecks(configuration);
    return configuration;
  }

  #failure(error: unknown): AppError {
    const { name, issuer } = this.#config;
    this.#log.warn({ issuer, cause: causeOf(error) }, 'a sign-in at the issuer was refused');
    if (isOfNetwork(error)) return this.#unreachable();
    const why =
      error instanceof client.AuthorizationResponseError && error.error === 'access_denied'
        ? `${name} says that it was not allowed, or was cancelled`
        : `the answer of ${name} is not the one that was asked for`;
    return new AppError(
      'access/oidc-refused',
      'unauthorized',
      `${why}: begin again; the server's log says more`,
    );
  }

  #unreachable(): AppError {
    return new AppError(
      'access/oidc-unreachable',
      'unavailable',
      `${this.#config.name} cannot be reached: try again in a moment, or sign in with a name and password of this server`,
    );
  }
}

/** As the issuer takes it: in the header where it can, as RFC 6749 asks, or else in the body. */
function authenticationWith(secret: string | undefined): client.ClientAuth {
  if (secret === undefined) return client.None();
  const [basic, post] = [client.ClientSecretBasic(secret), client.ClientSecretPost(secret)];
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (methods.includes('client_secret_basic') ? basic : post)(server, ...rest);
  };
}

/** Code and message alone: what such errors carry besides may be tokens. */
function causeOf(error: unknown): string {
  const { code, error: told } = error as { code?: unknown; error?: unknown };
  const words = [told, code].filter((one) => typeof one === 'string');
  const word = words.find((one) => /^[\w.-]{1,64}$/.test(one));
  return word === undefined ? messageOf(error) : `${messageOf(error)} (${word})`;
}

/** Whether the issuer did not answer, as `fetch` tells it; the library puts it into errors of its own. */
function isOfNetwork(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: unknown };
  return code === 'OAUTH_TIMEOUT' || message === 'fetch failed' || isOfNetwork(cause);
}
