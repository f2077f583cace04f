import type { Clock } from '../base/index.js';
import { authorization } from './http-auth.js';
import { FORMATS, type InputFormat } from './input-format.js';
import { lookUp } from './name-lookup.js';
import { withDeadline } from './preflight-deadline.js';
import { RtspClient, type RtspResponse } from './rtsp-client.js';
import { videoOfSdp } from './sdp.js';
import { refusalOf, sourceUnsupported } from './source-error.js';
import { credentialsOf, maskSource } from './source.js';

/** FFmpeg is done sooner at 14 frames a second and more: it looks at seven to learn their order. */
const DESCRIBED_ANALYSE_MS = 500;

/** What an RTSP server offers at a URL. */
export interface RtspStream {
  /** By FFmpeg's name. */
  readonly codec: string;
  readonly format: InputFormat;
}

/**
 * Asks an RTSP server for its stream before FFmpeg does, since FFmpeg follows redirects and tells refusals
 * badly apart: OPTIONS and DESCRIBE over one connection (two when the server closes it after its challenge).
 *
 * @param options.url with credentials, if needed
 * @throws {AppError} `media/source-` `unauthorized`, `not-found`, `redirect`, `dns`, `timeout`, `unreachable`
 *   or `unsupported`
 */
export function preflightRtsp(options: {
  readonly url: string;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}): Promise<RtspStream> {
  const where = maskSource(options.url);
  return withDeadline({ ...options, where }, (signal) => preflight(options.url, where, signal));
}

async function preflight(text: string, where: string, signal: AbortSignal): Promise<RtspStream> {
  const isSecure = /^rtsps:/i.test(text);
  // Read by the rules of http, since URL does not take other schemes' hosts apart.
  const url = new URL(text.replace(/^rtsps?:/i, 'http:'));
  const port = Number(
    /:(\d+)$/.exec(text.replace(/^[^:]+:\/\/(?:[^@/]*@)?/, '').split(/[/?#]/)[0] ?? '')?.[1] ??
      (isSecure ? 322 : 554),
  );
  const host = await lookUp(url.hostname.replace(/^\[|\]$/g, ''), where);
  signal.throwIfAborted();
  const exchange = new Exchange({ text, url, where, signal, connection: { host, port, isSecure } });
  try {
    const options = await exchange.ask('OPTIONS', {});
    if (options.status >= 300 && options.status < 400) throwRefusal(options, where);
    const description = await exchange.ask('DESCRIBE', { Accept: 'application/sdp' });
    throwRefusal(description, where);
    const video = videoOfSdp(description.body);
    if (video === undefined)
      throw sourceUnsupported(where, 'has no video: choose another stream of the camera');
    return {
      codec: video.codec,
      format: video.isDescribed ? { ...FORMATS.rtsp, analyseMs: DESCRIBED_ANALYSE_MS } : FORMATS.rtsp,
    };
  } finally {
    exchange.close();
  }
}

function throwRefusal(response: RtspResponse, where: string): void {
  const refusal = refusalOf(response.status, where);
  if (refusal !== undefined) throw refusal;
}

interface ExchangeOptions {
  readonly text: string;
  readonly url: URL;
  readonly where: string;
  readonly signal: AbortSignal;
  readonly connection: { readonly host: string; readonly port: number; readonly isSecure: boolean };
}

/** Requests to one server, which answer its challenge and connect anew when it hangs up after that. */
class Exchange {
  readonly #options: ExchangeOptions;
  readonly #uri: string;
  #client: RtspClient | undefined;
  #challenges: readonly string[] = [];

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#uri = options.text.replace(/^([^:]+:\/\/)[^/?#]*@/, '$1');
  }

  async ask(method: string, headers: Readonly<Record<string, string>>): Promise<RtspResponse> {
    const response = await this.#send(method, headers);
    const hadAnswered = this.#challenges.length > 0;
    if (response.status !== 401 || hadAnswered) return response;
    this.#challenges = response.headers.get('www-authenticate') ?? [];
    return this.#authorization(method) === undefined ? response : this.#send(method, headers);
  }

  close(): void {
    this.#client?.close();
  }

  async #send(method: string, headers: Readonly<Record<string, string>>): Promise<RtspResponse> {
    const { connection, where, signal } = this.#options;
    if (this.#client === undefined || this.#client.isClosed) {
      this.#client = await RtspClient.open({ ...connection, where, signal });
    }
    const authorized = this.#authorization(method);
    return this.#client.request(
      method,
      this.#uri,
      authorized === undefined ? headers : { ...headers, Authorization: authorized },
    );
  }

  #authorization(method: string): string | undefined {
    const credentials = credentialsOf(this.#options.url);
    return credentials && authorization(this.#challenges, credentials, { method, uri: this.#uri });
  }
}
