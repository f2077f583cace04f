import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '../../src/base/index.js';
import type { PushTarget } from '../../src/server/dependencies.js';
import { setUp, signedIn } from './signed-in.js';
import { waitFor } from '../support/wait-for.js';
import { ServerUnderTest } from './server-under-test.js';

type Pusher = Parameters<PushTarget['open']>[0];

let under: ServerUnderTest;
let headers: Record<string, string>;
let pushers: Pusher[];
let got: string[];
beforeEach(async () => {
  under = await ServerUnderTest.open();
  headers = { cookie: await setUp(under), origin: under.server.url };
  pushers = [];
  got = [];
  under.pushTarget = {
    open(pusher) {
      pushers.push(pusher);
      return { write: (bytes) => got.push(bytes.toString()), close: () => got.push('(closed)') };
    },
  };
});
afterEach(() => under.tearDown());

async function push() {
  const socket = under.webSocket('/api/v1/cameras/gate/push', [], { headers });
  await once(socket, 'open');
  await waitFor(() => pushers.length > 0, { timeoutMs: 10_000, what: 'the camera to be told' });
  return { socket, pusher: pushers[0]! };
}
async function closing(socket: Awaited<ReturnType<typeof push>>['socket']) {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return [code, reason.toString()] as const;
}

describe('the WebSocket on which a browser sends a camera its pictures', () => {
  it('hands on what comes, in order, until it closes, and notes who sends', async () => {
    const { socket } = await push();
    for (const piece of ['one', 'two', 'three']) socket.send(Buffer.from(piece));
    socket.close();
    await waitFor(() => got.at(-1) === '(closed)', { timeoutMs: 10_000, what: 'the end' });
    expect(got).toEqual(['one', 'two', 'three', '(closed)']);
    const noted = async () => {
      const { entries } = (await (await under.fetch('/api/v1/audit', { headers })).json()) as {
        entries: { what: string; target: string }[];
      };
      return entries.some(({ what, target }) => what === 'webcam.send' && target === 'gate');
    };
    await waitFor(noted, { timeoutMs: 10_000, what: 'an entry of the audit log' });
  });

  it('reads nothing of a pusher that is paused, until it goes on', async () => {
    const { socket, pusher } = await push();
    pusher.setPaused(true);
    pusher.setPaused(true);
    // More than the kernel keeps for a connection: were it read, the browser would be rid of it.
    for (let n = 0; n < 400; n++) socket.send(Buffer.alloc(60_000, 97));
    const other = under.webSocket('/api/v1/cameras/gate/live', [], { headers });
    await once(other, 'open');
    expect(got.length).toBeLessThan(5);
    expect(socket.bufferedAmount).toBeGreaterThan(0);
    pusher.setPaused(false);
    await waitFor(() => got.length === 400, { timeoutMs: 20_000, what: 'all of it' });
  });

  it.each([
    ['too-fast', 1013],
    ['idle', 4408],
    ['over', 1013],
  ] as const)('is closed by a camera for which it is %s, with %i', async (why, code) => {
    const { socket, pusher } = await push();
    pusher.setPaused(true);
    pusher.end(why);
    expect((await closing(socket))[0]).toBe(code);
  });

  it('is closed with 1009 over a message that is too large, and with 1008 over text', async () => {
    const { socket } = await push();
    socket.send(Buffer.alloc(64 * 1024 + 1));
    expect((await closing(socket))[0]).toBe(1009);
    const second = await push();
    second.socket.send('text');
    expect((await closing(second.socket))[0]).toBe(1008);
    const told = () => got.filter((one) => one === '(closed)').length;
    await waitFor(() => told() === 2, { timeoutMs: 10_000, what: 'the camera to be told of both' });
  });

  it.each([
    ['ingest/push-taken', 'conflict', 4409],
    ['ingest/push-not-now', 'unavailable', 1013],
  ] as const)('says %s as it closes, where the camera does not take it', async (code, kind, closeCode) => {
    under.pushTarget = {
      open() {
        throw new AppError(code, kind, 'words for people');
      },
    };
    const socket = under.webSocket('/api/v1/cameras/gate/push', [], { headers });
    expect(await closing(socket)).toEqual([closeCode, 'words for people']);
  });

  it('is refused before it opens by a camera that has its pictures from elsewhere', async () => {
    under.pushTarget = undefined;
    const socket = under.webSocket('/api/v1/cameras/gate/push', [], { headers });
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(409);
    expect((await under.fetch('/api/v1/cameras/gate/push', { headers })).status).toBe(426);
  });

  it('ends with the session of who sends', async () => {
    const cookie = await signedIn(under, 'olga', 'operator');
    const own = { cookie, origin: under.server.url };
    const socket = under.webSocket('/api/v1/cameras/gate/push', [], { headers: own });
    await once(socket, 'open');
    const [closed] = await Promise.all([
      closing(socket),
      under.fetch('/api/v1/logout', { method: 'POST', headers: { ...own, 'content-type': 'application/json' }, body: '{}' }), // prettier-ignore
    ]);
    expect(closed[0]).toBe(4401);
    await waitFor(() => got.includes('(closed)'), { timeoutMs: 10_000, what: 'the camera to be told' });
  });
});

describe('POST webcams', () => {
  it('names a source that no other camera has', async () => {
    const ask = async () =>
      (await (
        await under.fetch('/api/v1/webcams', {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: '{}',
        })
      ).json()) as { source: string };
    const [one, two] = [await ask(), await ask()];
    expect(one.source).toMatch(/^webcam:[0-9a-f-]{36}$/);
    expect(one.source).not.toBe(two.source);
  });
});
