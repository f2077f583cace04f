import { errorOf, SightlineError } from './problem.js';
import { SseParser, type SseEvent } from './sse-parser.js';

/** The secret of a token, or what fetches one; in a page of Sightline's own origin the cookie does, and there is none. */
export type TokenSource = string | (() => string | Promise<string>);

/** How to reach a server. */
export interface Reach {
  /** Such as `https://sightline.lan`. */
  readonly url: string;
  readonly token?: TokenSource;
  /** In place of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

/** A refusal that coming back later may change. */
export class RefusedForNow extends SightlineError {
  /** What the server asked to wait, ms. */
  readonly retryAfterMs: number;

  constructor(error: SightlineError, retryAfterMs: number) {
    super(error.status, error.code, error.message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** `Authorization` of a request; empty without a token. */
export async function authorizationOf(token: TokenSource | undefined): Promise<Record<string, string>> {
  if (token === undefined) return {};
  return { authorization: `Bearer ${typeof token === 'string' ? token : await token()}` };
}

/**
 * One connection, until it ends or `signal` is aborted. Nothing is read ahead: while the caller works on what was read last, the server waits.
 *
 * @param silenceMs how long the server may say nothing (it beats every 15 s) while it is listened to
 * @throws {SightlineError} when the server refuses; `RefusedForNow` where one may try again
 */
export async function* connect(
  reach: Reach,
  query: URLSearchParams,
  signal: AbortSignal,
  silenceMs: number,
): AsyncGenerator<readonly SseEvent[], void, undefined> {
  const ended = new AbortController();
  const end = () => ended.abort();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    const headers = { accept: 'text/event-stream', ...(await authorizationOf(reach.token)) };
    const address = `${reach.url.replace(/\/+$/, '')}/api/v1/stream/sse?${query.toString()}`;
    const request = { headers, signal: ended.signal, cache: 'no-store' } as const;
    const response = await within(silenceMs, end, (reach.fetch ?? globalThis.fetch)(address, request));
    if (!response.ok) throw await refusalOf(response);
    if (response.body === null || !isEventStream(response))
      throw new SightlineError(response.status, 'client/no-event-stream', `${reach.url} answers, but not as Sightline`); // prettier-ignore
    const reader = response.body.getReader();
    const parser = new SseParser();
    for (;;) {
      const { done, value } = await within(silenceMs, end, reader.read());
      if (done) return;
      yield parser.push(value);
    }
  } finally {
    end();
    signal.removeEventListener('abort', end);
  }
}

function isEventStream(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
}

async function within<T>(limitMs: number, onLate: () => void, promise: Promise<T>): Promise<T> {
  const timer = setTimeout(onLate, limitMs);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

async function refusalOf(response: Response): Promise<SightlineError> {
  const error = await errorOf(response);
  if (response.status !== 429 && response.status < 500) return error;
  const seconds = Number(response.headers.get('retry-after'));
  return new RefusedForNow(error, Number.isFinite(seconds) ? seconds * 1000 : 0);
}
