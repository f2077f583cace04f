import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../support/fake-clock.js';
import { waitFor } from '../support/wait-for.js';
import { frame, range, ServerUnderTest, status } from './server-under-test.js';
import { setUp, signedIn, signIn, tokenOf } from './signed-in.js';
import { SseReader } from './sse-reader.js';

const SSE = '/api/v1/stream/sse';
const statuses = (from: number, to: number) => range(from, to).map((n) => status(String(n)));

let under: ServerUnderTest;
let readers: SseReader[] = [];
const read = async (query = '', headers: Record<string, string> = {}) => {
  const reader = await SseReader.open(under, SSE + query, headers);
  readers.push(reader);
  return reader;
};
beforeEach(async () => {
  under = await ServerUnderTest.open();
});
afterEach(async () => {
  for (const reader of readers) await reader.close();
  readers = [];
  await under.tearDown();
});

describe('server-sent events', () => {
  it('say hello, replay since a number in order with ids, and go on live', async () => {
    await under.tell(...statuses(1, 450));
    const reader = await read('?since=7');
    for (let n = 0; n < 20; n++) await under.tell(status(`live ${n}`));
    await reader.untilSeq(470);
    expect(reader.response.headers['content-type']).toBe('text/event-stream');
    expect(reader.received.slice(0, 2).map(({ type }) => type)).toEqual(['hello', 'subscribed']);
    expect(reader.seqs).toEqual(range(8, 470));
    expect(reader.ids).toEqual(range(8, 470));
  });

  it('go on after Last-Event-ID rather than after since, as a browser that comes back asks', async () => {
    await under.tell(...statuses(1, 20));
    const reader = await read('?since=2', { 'last-event-id': '15' });
    await reader.untilSeq(20);
    expect(reader.seqs).toEqual(range(16, 20));
  });

  it('tell only the cameras and topics asked for, all but frames by default', async () => {
    const some = await read('?camera=gate&topic=camera&topic=frame');
    const all = await read();
    for (const reader of [some, all]) await reader.next('subscribed');
    under.server.publishFrame(frame(1, { camera: 'yard' }));
    under.server.publishFrame(frame(2));
    await under.tell(status('a', 'yard'), status('b'));
    for (const reader of [some, all]) await reader.untilSeq(2);
    expect(some.received.slice(2)).toEqual([frame(2), expect.objectContaining({ seq: 2 })]);
    expect(all.seqs).toEqual([1, 2]);
    expect(all.received.some(({ type }) => type === 'frame')).toBe(false);
  });

  it('say which past is gone', async () => {
    await under.tearDown();
    under = await ServerUnderTest.open({ retentionCount: 10 });
    await under.tell(...statuses(1, 30));
    const reader = await read('?since=5');
    await reader.untilSeq(30);
    expect(await reader.next('gap')).toEqual({ type: 'gap', from: 6, to: 20, reason: 'retention' });
  });

  it.each([
    ['?topic=all', {}],
    ['?camera=../x', {}],
    ['?since=-1', {}],
    ['?unknown=1', {}],
    ['', { 'last-event-id': 'abc' }],
  ])('refuse %s %o', async (query, headers: Record<string, string>) => {
    const response = await under.fetch(SSE + query, { headers });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'server/bad-query' });
  });

  it('end in good order, at once, when the server stops', async () => {
    const reader = await read();
    await reader.next('subscribed');
    const startedMs = performance.now();
    await under.stop();
    await reader.closed;
    expect(performance.now() - startedMs).toBeLessThan(1500);
    expect(reader.comments).toEqual(['the server stops']);
    await under.start();
  });

  it('beat every 15 s with the number up to which nothing is missing, though nothing concerned the client', async () => {
    await under.tearDown();
    const clock = new FakeClock();
    under = await ServerUnderTest.open({ clock });
    const reader = await read('?topic=event');
    await reader.next('subscribed');
    await under.tell(...statuses(1, 3));
    await waitFor(
      () => {
        clock.advance(5_000);
        return reader.ids.length > 0;
      },
      { timeoutMs: 10_000, what: 'a beat' },
    );
    expect(reader.ids[0]).toBe(3);
    expect(reader.seqs).toEqual([]);
  });

  it('close a client that does not read, which resumes and misses nothing', async () => {
    await under.tearDown();
    const clock = new FakeClock();
    under = await ServerUnderTest.open({ clock });
    const reader = await read('?topic=camera&topic=frame');
    await reader.next('subscribed');
    reader.response.pause();
    const text = 'x'.repeat(8_000);
    // The sockets of both sides hold some megabytes before anything waits in the server.
    for (let n = 0; n < 40; n++) {
      under.server.publishFrame(frame(n));
      await under.tell(...range(1, 50).map(() => status(text)));
    }
    clock.advance(11_000);
    await waitFor(async () => (await clients()) === 0, { timeoutMs: 10_000, what: 'the end of the stream' });
    reader.response.resume();
    await reader.closed;
    const got = reader.seqs.at(-1)!;
    expect(got).toBeLessThan(2_000);
    const again = await read('?topic=camera', { 'last-event-id': String(got) });
    await again.untilSeq(2_000);
    expect([...reader.seqs, ...again.seqs]).toEqual(range(1, 2_000));
  }, 60_000);
});

/** Open streams, as the server knows. */
async function clients(): Promise<number> {
  const { clients: count } = (await (await under.fetch('/api/v1/system')).json()) as { clients: number };
  return count;
}

describe('server-sent events and access', () => {
  it('need a session or token, tell only granted cameras, and end when the token is revoked', async () => {
    await setUp(under);
    expect((await under.fetch(SSE)).status).toBe(401);
    expect((await under.fetch(`${SSE}?token=abc`)).status).toBe(400);
    const cookie = await signedIn(under, 'vera', 'viewer', ['gate']);
    const secret = await tokenOf(under, { cameras: ['gate'] });
    const bySession = await read('', { cookie });
    const byToken = await read('', { authorization: `Bearer ${secret}` });
    for (const reader of [bySession, byToken]) await reader.next('subscribed');
    await under.tell(status('a', 'yard'), status('b'));
    for (const reader of [bySession, byToken]) await reader.untilSeq(2);
    expect([bySession.seqs, byToken.seqs]).toEqual([[2], [2]]);

    await under.fetch('/api/v1/logout', {
      method: 'POST',
      headers: { cookie, origin: under.server.url, 'content-type': 'application/json' },
      body: '{}',
    });
    await bySession.closed;
    expect(bySession.comments).toEqual(['sign in again']);
    expect(byToken.isClosed).toBe(false);
    const headers = { cookie: await signIn(under, 'ada'), origin: under.server.url };
    const { tokens } = (await (await under.fetch('/api/v1/tokens', { headers })).json()) as {
      tokens: { id: string }[];
    };
    await under.fetch(`/api/v1/tokens/${tokens[0]!.id}`, { method: 'DELETE', headers });
    await byToken.closed;
    expect(byToken.comments).toEqual(['sign in again']);
  });

  it('are refused to pages of other origins', async () => {
    const response = await under.fetch(SSE, { headers: { origin: 'https://evil.example' } });
    expect(response.status).not.toBe(200);
    await response.body?.cancel();
  });

  it('count with the WebSockets of one token: twenty in all', async () => {
    await setUp(under);
    const authorization = `Bearer ${await tokenOf(under)}`;
    for (let n = 0; n < 20; n++) await (await read('', { authorization })).next('hello');
    const response = await under.fetch(SSE, { headers: { authorization } });
    expect(response.status).toBe(429);
    expect(await response.json()).toMatchObject({ code: 'server/too-many-sockets' });
  });
});
