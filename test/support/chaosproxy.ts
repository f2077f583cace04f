import net, { type AddressInfo, type Socket } from 'node:net';
import { once } from '../../src/base/index.js';
import { resetSocket } from './reset-socket.js';

/** What becomes of the bytes. All but `pass` hold for open and new connections alike, until the next `set`. */
export type ChaosMode =
  | { readonly kind: 'pass' }
  /** Connections are reset, new ones as soon as they are made. */
  | { readonly kind: 'rst' }
  /** Connections are ended in good order, new ones as soon as they are made. */
  | { readonly kind: 'fin' }
  /** Nothing passes any more, not even the end of a connection; what waits goes on when healed, as TCP does. */
  | { readonly kind: 'blackhole' }
  /** The client gets so many bytes a second; its own bytes pass. */
  | { readonly kind: 'drip'; readonly bytesPerSecond: number }
  /** This share (0–1) of the bytes that go to the client is altered at random. */
  | { readonly kind: 'corrupt'; readonly share: number }
  /** Bytes arrive later, in both directions, in order. */
  | { readonly kind: 'delay'; readonly delayMs: number };

const DRIP_TICK_MS = 100;

/** A TCP proxy on loopback that ill-treats what passes through. */
export class ChaosProxy {
  readonly port: number;
  readonly #server: net.Server;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #pipes = new Set<ChaosPipe>();
  readonly #sockets = new Set<Socket>();
  #mode: ChaosMode = { kind: 'pass' };
  #connections = 0;

  private constructor(server: net.Server, target: { host: string; port: number }) {
    this.#server = server;
    this.#target = target;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (client) => this.#accept(client));
  }

  static async open(target: { readonly host?: string; readonly port: number }): Promise<ChaosProxy> {
    // Half-open connections stay so: each side's end is passed on only when the mode lets it.
    const server = net.createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return new ChaosProxy(server, { host: '127.0.0.1', ...target });
  }

  /** Connections accepted so far. */
  get connections(): number {
    return this.#connections;
  }

  /** The same address with this proxy's host and port in place of the target's. */
  through(url: string): string {
    return url.replace(/^([a-z]+:\/\/(?:[^@/]*@)?)[^/]*/, `$1127.0.0.1:${this.port}`);
  }

  set(mode: ChaosMode): void {
    this.#mode = mode;
    if (mode.kind === 'rst') this.#sockets.forEach(resetSocket);
    if (mode.kind === 'fin') this.#sockets.forEach((socket) => socket.end());
    this.#pipes.forEach((pipe) => pipe.apply(mode));
  }

  readonly close = once(async () => {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#sockets.forEach((socket) => socket.destroy());
    await closed;
  });

  #accept(client: Socket): void {
    this.#connections++;
    if (this.#mode.kind === 'rst') return resetSocket(client.on('error', () => undefined));
    if (this.#mode.kind === 'fin') return void client.on('error', () => undefined).end();
    const target = net.connect({ ...this.#target, allowHalfOpen: true });
    this.#join(client, target, 'to-target');
    this.#join(target, client, 'to-client');
  }

  #join(from: Socket, to: Socket, direction: 'to-client' | 'to-target'): void {
    const pipe = new ChaosPipe(from, to, direction);
    pipe.apply(this.#mode);
    this.#pipes.add(pipe);
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('close', () => {
      this.#pipes.delete(pipe);
      this.#sockets.delete(from);
    });
  }
}

/** One direction of a proxied connection. */
class ChaosPipe {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #direction: 'to-client' | 'to-target';
  #mode: ChaosMode = { kind: 'pass' };
  #queue: { readonly bytes: Buffer; readonly dueMs: number }[] = [];
  #hasEnded = false;
  #dripCredit = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(from: Socket, to: Socket, direction: 'to-client' | 'to-target') {
    this.#from = from;
    this.#to = to;
    this.#direction = direction;
    from.on('data', (chunk: Buffer) => this.#take(chunk));
    from.on('end', () => {
      this.#hasEnded = true;
      this.#flush();
    });
    from.on('error', () => resetSocket(to));
    from.on('close', () => {
      clearTimeout(this.#timer);
      if (!this.#hasEnded) to.destroy();
    });
    to.on('drain', () => this.apply(this.#mode));
  }

  apply(mode: ChaosMode): void {
    this.#mode = mode;
    clearTimeout(this.#timer);
    if (mode.kind === 'blackhole') return void this.#from.pause();
    this.#from.resume();
    this.#flush();
  }

  #take(chunk: Buffer): void {
    const mode = this.#mode;
    const isCorrupted = mode.kind === 'corrupt' && this.#direction === 'to-client';
    const delayMs = mode.kind === 'delay' ? mode.delayMs : 0;
    const bytes = isCorrupted ? corrupt(chunk, mode.share) : chunk;
    this.#queue.push({ bytes, dueMs: performance.now() + delayMs });
    if (this.#queue.length === 1) this.#flush();
  }

  /** Passes on what is due; order holds, since nothing overtakes the head of the queue. */
  #flush(): void {
    clearTimeout(this.#timer);
    const mode = this.#mode;
    if (mode.kind === 'blackhole') return;
    if (mode.kind === 'drip' && this.#direction === 'to-client') return this.#drip(mode.bytesPerSecond);
    for (let head = this.#queue[0]; head; head = this.#queue[0]) {
      const waitMs = head.dueMs - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#flush(), waitMs);
        return;
      }
      this.#queue.shift();
      if (!this.#to.destroyed && !this.#to.write(head.bytes)) this.#from.pause();
    }
    this.#endWhenEmpty();
  }

  /** Sends one tick's worth and comes again; the source is read no faster than that. */
  #drip(bytesPerSecond: number): void {
    this.#timer = setTimeout(() => {
      this.#dripCredit += (bytesPerSecond * DRIP_TICK_MS) / 1000;
      const head = this.#queue[0];
      const count = Math.min(Math.floor(this.#dripCredit), head?.bytes.length ?? 0);
      if (head !== undefined && count > 0 && !this.#to.destroyed) {
        this.#dripCredit -= count;
        this.#to.write(head.bytes.subarray(0, count));
        if (head.bytes.length === count) this.#queue.shift();
        else this.#queue[0] = { ...head, bytes: head.bytes.subarray(count) };
      }
      if (this.#queue.length > 1) this.#from.pause();
      else this.#from.resume();
      this.#endWhenEmpty();
      this.#drip(bytesPerSecond);
    }, DRIP_TICK_MS);
  }

  #endWhenEmpty(): void {
    if (this.#hasEnded && this.#queue.length === 0 && !this.#to.writableEnded) this.#to.end();
  }
}

function corrupt(chunk: Buffer, share: number): Buffer {
  const altered = Buffer.from(chunk);
  for (let at = 0; at < altered.length; at++) {
    if (Math.random() < share) altered[at] = Math.floor(Math.random() * 256);
  }
  return altered;
}
