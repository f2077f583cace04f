import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import { networkError, sourceUnsupported } from './source-error.js';

/** An answer of an RTSP server. */
export interface RtspResponse {
  readonly status: number;
  /** Every value of a header, its name in lower case. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

/** A description of a stream is a few KiB; FFmpeg has had overflows with large ones. */
const RESPONSE_BYTES_MAX = 64 * 1024;

/** One RTSP connection for requests one after another. */
export class RtspClient {
  readonly #socket: Socket;
  readonly #where: string;
  #received: Buffer = Buffer.alloc(0);
  #sequence = 0;
  #wake: () => void = () => undefined;
  #ended: Error | undefined;

  private constructor(socket: Socket, where: string, signal: AbortSignal) {
    this.#socket = socket;
    this.#where = where;
    const end = (error: Error) => {
      this.#ended ??= error;
      this.#wake();
    };
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    socket.on('error', end);
    socket.on('close', () => end(new Error('the connection was closed')));
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
  }

  /**
   * Connects.
   * @param options.signal ends the connection, at any time
   * @throws {AppError} of `media/source-…`
   */
  static open(options: {
    readonly host: string;
    readonly port: number;
    readonly isSecure: boolean;
    /** The address without secrets, for messages. */
    readonly where: string;
    readonly signal: AbortSignal;
  }): Promise<RtspClient> {
    const { host, port, where, signal } = options;
    return new Promise((resolve, reject) => {
      // As FFmpeg does, and as cameras with certificates of their own need it, the certificate is not checked.
      const socket = options.isSecure
        ? tls.connect({
            host,
            port,
            rejectUnauthorized: false,
            ...(net.isIP(host) === 0 && { servername: host }),
          })
        : net.connect({ host, port });
      const client = new RtspClient(socket, where, signal);
      socket.once('error', (error) => reject(networkError(error, where)));
      socket.once('close', () => reject(networkError(new Error('the connection was closed'), where)));
      socket.once(options.isSecure ? 'secureConnect' : 'connect', () => resolve(client));
    });
  }

  /**
   * Sends a request and waits for its response.
   * @throws {AppError} of `media/source-…`
   */
  async request(
    method: string,
    uri: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<RtspResponse> {
    const lines = [`${method} ${uri} RTSP/1.0`, `CSeq: ${++this.#sequence}`, 'User-Agent: Sightline'];
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    this.#socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    for (;;) {
      const response = this.#takeResponse();
      if (response !== undefined) return response;
      if (this.#ended !== undefined) throw networkError(this.#ended, this.#where);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Whether the other side has ended the connection. */
  get isClosed(): boolean {
    return this.#ended !== undefined;
  }

  close(): void {
    this.#socket.destroy();
  }

  #takeResponse(): RtspResponse | undefined {
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0) {
      if (this.#received.length > RESPONSE_BYTES_MAX)
        throw sourceUnsupported(this.#where, 'sends no end of its answer');
      return undefined;
    }
    const [statusLine = '', ...headerLines] = this.#received.toString('latin1', 0, headEnd).split('\r\n');
    const status = /^RTSP\/\d\.\d (\d{3})/.exec(statusLine)?.[1];
    if (status === undefined) throw sourceUnsupported(this.#where, 'does not speak RTSP');
    const headers = parseHeaders(headerLines);
    const bodyBytes = Number(headers.get('content-length')?.[0] ?? 0);
    if (!(bodyBytes >= 0 && bodyBytes <= RESPONSE_BYTES_MAX)) {
      throw sourceUnsupported(
        this.#where,
        `announces an answer of ${bodyBytes} bytes (${RESPONSE_BYTES_MAX} are allowed)`,
      );
    }
    const end = headEnd + 4 + bodyBytes;
    if (this.#received.length < end) return undefined;
    const body = this.#received.toString('utf8', headEnd + 4, end);
    this.#received = this.#received.subarray(end);
    return { status: Number(status), headers, body };
  }
}

function parseHeaders(lines: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return headers;
}
