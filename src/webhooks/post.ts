import http from 'node:http';
import https from 'node:https';
import type { Clock } from '../base/index.js';
import { checkHost, lookUpReceiver } from './receiver-address.js';

/** From the beginning of a request to the end of its answer. */
const TIMEOUT_MS = 10_000;
/** Answers are read so far, to use the connection again, and never kept. */
const ANSWER_BYTES_MAX = 64 * 1024;
/** Less than the 5 s after which many servers close. */
const SOCKET_IDLE_MS = 4000;
const STALE_CODES = new Set(['ECONNRESET', 'EPIPE']);

/** What is posted, and to where. */
export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What a receiver said. */
export interface Answer {
  readonly status: number;
  /** How long it asked to be left alone (`Retry-After`, RFC 9110, section 10.2.3), ms from now. */
  readonly retryAfterMs?: number;
}

/** One receiver's connection, kept open between messages. Redirects are answers like others: nothing follows them. */
export class Poster {
  readonly #agent: http.Agent;
  readonly #request: typeof http.request;

  constructor(protocol: string) {
    const { Agent, request } = protocol === 'https:' ? https : http;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1, timeout: SOCKET_IDLE_MS });
    this.#request = request;
  }

  /**
   * Posts, and resolves with the answer, but for its body.
   *
   * @throws {Error} when there was no answer within 10 s, or none at all; when `signal` aborts; AppError
   *   `webhooks/forbidden-address`
   */
  async post(post: Post): Promise<Answer> {
    checkHost(post.url.hostname);
    try {
      return await this.#send(post, this.#agent);
    } catch (error) {
      // The receiver closed the idle connection just now, as it may: that says nothing of the message.
      if (!(error instanceof StaleConnection) || post.signal.aborted) throw error;
      return await this.#send(post, undefined);
    }
  }

  /** Ends the connection. */
  close(): void {
    this.#agent.destroy();
  }

  #send({ url, headers, body, clock, signal }: Post, agent: http.Agent | undefined): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = this.#request(url, {
        method: 'POST',
        headers: { ...headers, 'Content-Length': String(body.length) },
        agent: agent ?? false,
        lookup: lookUpReceiver,
        signal,
      });
      let answer: Answer | undefined;
      const timeout = clock.after(TIMEOUT_MS, () =>
        request.destroy(new Error(`no whole answer within ${TIMEOUT_MS / 1000} s`)),
      );
      const end = (error?: Error) => {
        timeout.cancel();
        // Its status is the answer, whatever becomes of the rest.
        if (answer !== undefined) resolve(answer);
        else if (request.reusedSocket && STALE_CODES.has((error as NodeJS.ErrnoException).code ?? ''))
          reject(new StaleConnection('the connection was closed', { cause: error }));
        else reject(error ?? new Error('the connection was closed without an answer'));
      };
      request.on('error', end);
      request.on('response', (response) => {
        answer = answerOf(response, clock.wallMs());
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > ANSWER_BYTES_MAX) request.destroy();
        });
        response.on('error', end);
        response.on('close', () => end());
      });
      request.end(body);
    });
  }
}

function answerOf({ statusCode = 0, headers }: http.IncomingMessage, nowMs: number): Answer {
  const text = headers['retry-after'];
  if (text === undefined) return { status: statusCode };
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return ms > 0 ? { status: statusCode, retryAfterMs: ms } : { status: statusCode };
}

/** A connection that was open already broke before an answer came. */
class StaleConnection extends Error {}
