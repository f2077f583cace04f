import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import net, { type AddressInfo, type Socket } from 'node:net';
import { ChaosProxy } from '../support/chaosproxy.js';
import { delay, waitFor } from '../support/wait-for.js';

/** Sends back what it gets. */
let echo: net.Server;
let proxy: ChaosProxy;
let client: Socket;
let received: Buffer;
/** How the client's connection ended: `end`, an error code, or undefined while it is open. */
let ending: string | undefined;

beforeEach(async () => {
  echo = net.createServer((socket) => void socket.on('error', () => undefined).pipe(socket));
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  proxy = await ChaosProxy.open({ port: (echo.address() as AddressInfo).port });
  await connect();
});

afterEach(async () => {
  client.destroy();
  await proxy.close();
  await new Promise((resolve) => echo.close(resolve));
});

async function connect(): Promise<void> {
  received = Buffer.alloc(0);
  ending = undefined;
  client = net.connect(proxy.port, '127.0.0.1');
  client.on('data', (chunk: Buffer) => (received = Buffer.concat([received, chunk])));
  client.on('end', () => (ending ??= 'end'));
  client.on('error', (error: NodeJS.ErrnoException) => (ending ??= error.code));
  await waitFor(() => !client.connecting, { timeoutMs: 5000, what: 'the connection' });
}

const until = (condition: () => boolean, what: string) => waitFor(condition, { timeoutMs: 5000, what });

describe('ChaosProxy', () => {
  it('passes megabytes both ways unaltered', async () => {
    const sent = Buffer.alloc(5_000_000, 'sightline');
    client.end(sent);
    await until(() => ending === 'end', 'the end of the connection');
    expect(received.equals(sent)).toBe(true);
  });

  it('resets open and new connections', async () => {
    proxy.set({ kind: 'rst' });
    await until(() => ending === 'ECONNRESET', 'a reset');
    await connect();
    await until(() => ending === 'ECONNRESET', 'a reset of the new connection');
    expect(proxy.connections).toBe(2);
  });

  it('ends connections in good order', async () => {
    proxy.set({ kind: 'fin' });
    await until(() => ending === 'end', 'the end');
  });

  it('swallows everything in a blackhole and loses nothing once healed', async () => {
    client.write('before ');
    await until(() => received.length === 7, 'the first bytes');
    proxy.set({ kind: 'blackhole' });
    client.write('after');
    await delay(150);
    expect(received.toString()).toBe('before ');
    expect(ending).toBeUndefined();
    proxy.set({ kind: 'pass' });
    await until(() => received.toString() === 'before after', 'the rest');
  });

  it('lets a byte through at a time when it drips', async () => {
    proxy.set({ kind: 'drip', bytesPerSecond: 20 });
    const startedMs = performance.now();
    client.write('0123456789');
    await until(() => received.length === 10, 'all ten bytes');
    expect(performance.now() - startedMs).toBeGreaterThan(350);
    expect(received.toString()).toBe('0123456789');
  });

  it('alters about the share of bytes asked for, and no byte more or less arrives', async () => {
    proxy.set({ kind: 'corrupt', share: 0.1 });
    client.write(Buffer.alloc(100_000));
    await until(() => received.length === 100_000, 'all bytes');
    const altered = received.reduce((count, byte) => count + (byte === 0 ? 0 : 1), 0);
    expect(altered).toBeGreaterThan(8_000);
    expect(altered).toBeLessThan(12_000);
  });

  it('delays bytes without changing their order, also when the delay ends', async () => {
    proxy.set({ kind: 'delay', delayMs: 150 });
    const startedMs = performance.now();
    client.write('slow ');
    await delay(30);
    proxy.set({ kind: 'pass' });
    client.write('fast');
    await until(() => received.toString() === 'slow fast', 'both');
    expect(performance.now() - startedMs).toBeGreaterThan(140);
  });

  it('puts itself into an address in place of host and port, credentials kept', () => {
    expect(proxy.through('rtsp://u:p@10.0.0.1:554/cam?x=1')).toBe(
      `rtsp://u:p@127.0.0.1:${proxy.port}/cam?x=1`,
    );
  });
});
