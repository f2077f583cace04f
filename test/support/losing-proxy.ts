import net from 'node:net';

/** The simple query that ends a transaction, as it stands on the wire: Q, its length, the text, NUL. */
const COMMIT = Buffer.from('Q\0\0\0\x0bCOMMIT\0', 'latin1');

/**
 * What becomes of a commit: `answer` is lost (it took place), the `request` is lost (it did not), or the request is held back while the
 * server still believes in the connection (`held`), and passed on after a while (`late`), when the client has long come again.
 */
export type Loss = 'answer' | 'request' | 'held' | 'late';

/** A way to a PostgreSQL server on which the connection is lost at the worst moment. */
export class LosingProxy {
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  /** Asked at each commit. */
  loss: () => Loss | undefined = () => undefined;
  /** How long a late one takes. */
  lateMs: () => number = () => 0;
  lost = 0;

  private constructor(targetPort: number) {
    this.#server = net.createServer((client) => this.#connect(client, targetPort));
  }

  static async start(targetPort: number): Promise<LosingProxy> {
    const proxy = new LosingProxy(targetPort);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #connect(client: net.Socket, port: number): void {
    const server = net.connect(port, '127.0.0.1');
    let isDeaf = false;
    let isKept = false;
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        if (!isKept) other.destroy();
      });
    }
    client.on('data', (bytes) => {
      const loss = bytes.includes(COMMIT) ? this.loss() : undefined;
      if (loss === undefined) return void server.write(bytes);
      this.lost++;
      isDeaf = true;
      if (loss === 'answer') return void server.write(bytes);
      isKept = loss !== 'request';
      client.destroy();
      if (loss === 'late') setTimeout(() => server.write(bytes), this.lateMs()).unref();
    });
    server.on('data', (bytes) => {
      // The answer to the commit has come, and goes no further.
      if (isDeaf) client.destroy();
      else client.write(bytes);
    });
  }
}
