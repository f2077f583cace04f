import { once } from 'node:events';
import net from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/server/index.js';
import { waitFor } from '../support/wait-for.js';
import { setUp, tokenOf } from './signed-in.js';
import { ServerUnderTest, StreamReader } from './server-under-test.js';

// The titles name the rows of the attack matrix in design/access.md: what is too much, too slow, or ours to be ashamed of.
let under: ServerUnderTest;
let admin: string;
beforeEach(async () => {
  under = await ServerUnderTest.open();
  admin = await setUp(under);
});
afterEach(() => under.tearDown());

describe('limits', () => {
  it('W10: a subscription names a thousand cameras at most', async () => {
    const headers = { authorization: `Bearer ${await tokenOf(under)}` };
    const reader = new StreamReader(under.webSocket('/api/v1/stream', [], { headers }));
    await reader.next('hello');
    const ids = (count: number) => Array.from({ length: count }, (_, n) => `c${n}`);
    reader.send({ type: 'subscribe', cameras: ids(5000), topics: ['camera'] });
    expect(await reader.next('error')).toMatchObject({
      code: 'server/bad-message',
      message: expect.stringContaining('1000 at most') as unknown,
    });
    reader.send({ type: 'subscribe', cameras: ids(1000), topics: ['camera'] });
    await reader.next('subscribed');
  });

  it('D2: a body that does not come is given up after half a minute with 408', async () => {
    const socket = await under.raw();
    let answer = '';
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
    const startedMs = performance.now();
    socket.write(
      'POST /api/v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    const closed = once(socket, 'close');
    expect((await under.fetch('/livez')).status).toBe(200);
    await closed;
    expect(performance.now() - startedMs).toBeLessThan(40_000);
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(answer).toContain('server/request-timeout');
  }, 60_000);

  it('D5: a thousand connections are borne, the next is closed, and others come in when some have left', async () => {
    const connect = () => {
      const socket = net.connect(under.server.port, '127.0.0.1');
      under.sockets.push(socket);
      socket.on('error', () => undefined);
      // Unread, it would not learn that it was closed.
      return socket.resume();
    };
    // Those of the set-up may still be open.
    const sockets: net.Socket[] = [];
    // Not all at once: what does not fit into the queue of a listening socket is tried again after seconds only.
    for (let hundred = 0; hundred < 11; hundred++) {
      const some = Array.from({ length: 100 }, connect);
      sockets.push(...some);
      await Promise.all(some.map((socket) => once(socket, 'connect')));
    }
    await waitFor(() => sockets.filter(({ destroyed }) => destroyed).length >= 100, {
      timeoutMs: 8000,
      what: 'a hundred to be closed',
    });
    expect(sockets.filter(({ destroyed }) => destroyed).length).toBeLessThan(120);
    for (const socket of sockets) socket.destroy();
    await waitFor(async () => (await under.fetch('/livez').catch(() => undefined))?.status === 200, {
      timeoutMs: 10_000,
      what: 'an answer',
    });
  }, 60_000);
});

describe('what is told', () => {
  it('L4: no path, agent or id that somebody makes up becomes a series of the metrics', async () => {
    const headers = { authorization: `Bearer ${await tokenOf(under, { role: 'admin' })}` };
    /** Those of Node itself come as collections of garbage do. */
    const series = async () => {
      const text = await (await under.fetch('/metrics', { headers })).text();
      const names = text.split('\n').map((line) => line.split(' ')[0]!);
      return names.filter((name) => name.startsWith('sightline_')).sort();
    };
    await under.fetch('/x', { headers });
    const before = await series();
    expect(before.length).toBeGreaterThan(10);
    for (let round = 0; round < 20; round++)
      await Promise.all(
        Array.from({ length: 50 }, async (_, n) => {
          const made = `${round}-${n}`;
          const address = [`/${made}.php`, `/api/v1/cameras/c${made}`, `/api/v1/tracks/t${made}`, `/api/v1/events/${made}/clip.mp4`][n % 4]!; // prettier-ignore
          await (await under.fetch(address, { headers: { ...headers, 'user-agent': made } })).text();
        }),
      );
    expect(await series()).toEqual(before);
  }, 60_000);

  it('L6: a fault of ours says nothing of what is within', async () => {
    under.snapshot = () => Promise.reject(new Error('ENOENT /var/lib/sightline/secret SELECT * FROM users'));
    const response = await under.fetch('/api/v1/cameras/gate/snapshot.jpg', { headers: { cookie: admin } });
    const text = await response.text();
    expect([response.status, (JSON.parse(text) as Problem).code]).toEqual([500, 'internal/unexpected']);
    expect(text).not.toMatch(/ENOENT|secret|SELECT|at |\.ts/);
    under.snapshot = () => Promise.resolve(Buffer.from('a picture'));
    const next = await under.fetch('/api/v1/cameras/gate/snapshot.jpg', { headers: { cookie: admin } });
    expect(next.status).toBe(200);
  });
});
