import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** How a mirror delivers its content. */
export interface Delivery {
  /** Sent as ETag; quoted here. */
  readonly etag?: string;
  /** Whether it knows ranges; true when absent. */
  readonly ranges?: boolean;
  /** Whether it sends a range although the ETag in `If-Range` is not its own, as no server should. */
  readonly ignoresIfRange?: boolean;
  /** The connection breaks after this many bytes of the answer. */
  readonly breaksAfterBytes?: number;
}

/** A web server on loopback that plays a mirror, well or badly. */
export class MirrorServer {
  /** Requests in order, each as its path and the headers that matter. */
  readonly requests: { readonly path: string; readonly range?: string; readonly ifRange?: string }[] = [];
  /** Bytes of bodies that were handed to the network. */
  sentBytes = 0;
  readonly #server: http.Server;
  readonly #sockets = new Set<Socket>();
  readonly #answers = new Map<string, Answer>();

  private constructor(server: http.Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (request, response) => {
      const { range, 'if-range': ifRange } = request.headers;
      const path = request.url ?? '';
      this.requests.push({
        path,
        ...(range === undefined ? {} : { range }),
        ...(typeof ifRange === 'string' ? { ifRange } : {}),
      });
      const answer = this.#answers.get(path);
      if (answer === undefined) response.writeHead(404).end();
      else answer(request, response);
    });
  }

  static async open(): Promise<MirrorServer> {
    const server = http.createServer();
    const mirror = new MirrorServer(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return mirror;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Answers `path` in any way. */
  on(path: string, answer: Answer): void {
    this.#answers.set(path, answer);
  }

  /** Answers `path` with a file, as web servers do. */
  deliver(path: string, content: Buffer, delivery: Delivery = {}): void {
    this.on(path, (request, response) => {
      const etag = `"${delivery.etag ?? 'one'}"`;
      const from = wantedFrom(request, etag, delivery);
      const rest = content.subarray(from);
      response.writeHead(from === 0 ? 200 : 206, {
        etag,
        'content-length': rest.length,
        ...(from === 0 ? {} : { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
      });
      const { breaksAfterBytes } = delivery;
      const sent = breaksAfterBytes === undefined ? rest : rest.subarray(0, breaksAfterBytes);
      this.sentBytes += sent.length;
      if (sent.length === rest.length) response.end(sent);
      // Half-closing lets the client read all that was sent before it sees the end.
      else response.write(sent, () => response.socket?.end());
    });
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function wantedFrom(request: IncomingMessage, etag: string, delivery: Delivery): number {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (delivery.ranges === false) return 0;
  const ifRange = request.headers['if-range'];
  const isChanged = ifRange !== undefined && ifRange !== etag;
  return isChanged && delivery.ignoresIfRange !== true ? 0 : from;
}
