import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import net, { type AddressInfo, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { once } from '../../src/base/index.js';

const run = promisify(execFile);

/**
 * A TLS server on loopback that hands everything on to a plain port, and shows what a camera shows out of the box: a
 * certificate of its own for the name `camera`, which no authority has signed. Wants the program `openssl`.
 */
export class TlsFront {
  readonly port: number;
  readonly #server: tls.Server;
  readonly #sockets = new Set<Socket>();
  #handshakes = 0;

  private constructor(server: tls.Server, targetPort: number) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('secureConnection', (socket) => this.#join(socket, targetPort));
  }

  /** @param options.port the plain port behind it, on 127.0.0.1 */
  static async open(options: { readonly port: number }): Promise<TlsFront> {
    const server = tls.createServer(await makeCertificate());
    // A client that does not like the certificate hangs up, which is its right.
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TlsFront(server, options.port);
  }

  /** Connections whose handshake was completed so far. */
  get handshakes(): number {
    return this.#handshakes;
  }

  /** The address of something behind this front: with an `s` to its scheme, and this port. */
  through(url: string): string {
    return url.replace(/^(\w+):/, '$1s:').replace(/:\d+\//, `:${this.port}/`);
  }

  readonly close = once(async () => {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#sockets.forEach((socket) => socket.destroy());
    await closed;
  });

  #join(client: Socket, targetPort: number): void {
    this.#handshakes++;
    const target = net.connect(targetPort, '127.0.0.1');
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      this.#sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}

async function makeCertificate(): Promise<{ readonly key: Buffer; readonly cert: Buffer }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sightline-tls-'));
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  try {
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    await run('openssl', ['req', '-x509', ...kind, '-subj', '/CN=camera', '-keyout', key, '-out', cert]);
    return { key: await readFile(key), cert: await readFile(cert) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
