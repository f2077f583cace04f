import { once } from 'node:events';
import type http from 'node:http';
import path from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../support/fake-clock.js';
import { delay, waitFor } from '../support/wait-for.js';
import { frame, range, ServerUnderTest, status, StreamReader } from './server-under-test.js';

let under: ServerUnderTest;
beforeEach(async () => {
  under = await ServerUnderTest.open();
});
afterEach(() => under.tearDown());

const statuses = (from: number, to: number) => range(from, to).map((n) => status(String(n)));

describe('event stream', () => {
  it('says hello with its version and the last number, and speaks sightline.v1', async () => {
    await under.tell(...statuses(1, 3));
    const reader = await under.stream();
    expect(reader.socket.protocol).toBe('sightline.v1');
    expect(reader.received[0]).toEqual({ type: 'hello', v: 1, server: 'sightline/0.1.0', lastSeq: 3 });
  });

  it('says nothing of what happens before a subscription or after its end', async () => {
    const reader = await under.stream();
    await under.tell(status('before'));
    await reader.subscribe();
    await under.tell(status('within'));
    await reader.untilSeq(2);
    reader.send({ type: 'unsubscribe' });
    await reader.next('unsubscribed');
    await under.tell(status('after'));
    reader.send({ type: 'ping' });
    await reader.next('pong');
    expect(reader.seqs).toEqual([2]);
  });

  it('sends only the cameras and topics asked for, and config.changed to all of topic camera', async () => {
    const reader = await under.stream();
    await reader.subscribe({ cameras: ['gate'], topics: ['camera', 'frame'] });
    under.server.publishFrame(frame(1, { camera: 'yard' }));
    under.server.publishFrame(frame(2));
    await under.tell(status('a', 'yard'), status('b'), {
      v: 1,
      type: 'config.changed',
      camera: '*',
      time: '2026-05-04T09:30:12.480Z',
      cameras: { added: [], removed: [], changed: [] },
    });
    await reader.untilSeq(3);
    expect(reader.seqs).toEqual([2, 3]);
    expect(reader.received.filter(({ type }) => type === 'frame')).toEqual([frame(2)]);
  });

  it('tells everything else of all cameras where frames of some only are asked for', async () => {
    const reader = await under.stream();
    await reader.subscribe({ cameras: '*', topics: ['camera', 'frame'], frames: ['gate'] });
    under.server.publishFrame(frame(1, { camera: 'yard' }));
    under.server.publishFrame(frame(2));
    await under.tell(status('a', 'yard'), status('b'));
    await reader.untilSeq(2);
    expect(reader.seqs).toEqual([1, 2]);
    expect(reader.received.filter(({ type }) => type === 'frame')).toEqual([frame(2)]);
  });

  it('replays since a number in order and goes on live, also over a restart of the server', async () => {
    await under.tell(...statuses(1, 450));
    await under.stop();
    await under.start();
    const reader = await under.stream();
    await reader.subscribe({ since: 7 });
    for (let n = 0; n < 20; n++) await under.tell(status(`live ${n}`));
    await reader.untilSeq(470);
    expect(reader.seqs).toEqual(range(8, 470));
  });

  it('fills the hole from the journal when messages are published in the wrong order', async () => {
    const reader = await under.stream();
    await reader.subscribe();
    const told = await Promise.all(statuses(1, 6).map((message) => under.store.journal.append(message)));
    for (const index of [0, 2, 1, 5, 3, 4]) under.server.publish(told[index]!);
    await reader.untilSeq(6);
    expect(reader.seqs).toEqual(range(1, 6));
  });

  it('says which past is gone', async () => {
    await under.tearDown();
    under = await ServerUnderTest.open({ retentionCount: 10 });
    await under.tell(...statuses(1, 30));
    const reader = await under.stream();
    await reader.subscribe({ since: 5 });
    await reader.untilSeq(30);
    expect(await reader.next('gap')).toEqual({ type: 'gap', from: 6, to: 20, reason: 'retention' });
    expect(reader.seqs).toEqual(range(21, 30));
  });

  it('says which messages are missing in between, where a database was repaired', async () => {
    await under.tell(...statuses(1, 700));
    await under.stop();
    const database = new Database(path.join(under.dir, 'data', 'sightline.db'));
    database.exec('DELETE FROM journal WHERE seq BETWEEN 11 AND 20 OR seq = 512 OR seq >= 699');
    database.close();
    await under.start();
    const reader = await under.stream();
    await reader.subscribe({ since: 5 });
    await under.tell(status('next'));
    await reader.untilSeq(701);
    const gaps = reader.received.filter(({ type }) => type === 'gap');
    expect(gaps.map((gap) => 'from' in gap && [gap.from, gap.to])).toEqual([[11, 20], [512, 512], [699, 700]]); // prettier-ignore
    expect(reader.seqs).toEqual([...range(6, 10), ...range(21, 511), ...range(513, 698), 701]);
  });

  it('tells a client from the future of the replaced store, and goes on', async () => {
    await under.tell(status('1'));
    const reader = await under.stream();
    await reader.subscribe({ since: 5000 });
    expect(await reader.next('error')).toMatchObject({ code: 'server/since-ahead' });
    await under.tell(status('2'));
    await reader.untilSeq(2);
  });

  it('loses and repeats nothing for a client that is cut off 50 times', async () => {
    let stop = false;
    const published = (async () => {
      let last = 0;
      while (!stop) last = (await under.tell(...statuses(1, 5))).at(-1)!.seq;
      return last;
    })();
    const seqs: number[] = [];
    for (let round = 0; round < 50; round++) {
      const reader = await under.stream();
      await reader.subscribe({ since: seqs.at(-1) ?? 0 });
      await waitFor(() => reader.seqs.length >= 3, { timeoutMs: 20_000, what: 'some messages' });
      reader.socket.terminate();
      await reader.closed;
      seqs.push(...reader.seqs);
    }
    stop = true;
    const last = await published;
    const reader = await under.stream();
    await reader.subscribe({ since: seqs.at(-1)! });
    if (seqs.at(-1) !== last) await reader.untilSeq(last);
    expect([...seqs, ...reader.seqs]).toEqual(range(1, last));
  }, 90_000);

  it('ends a replay when the client subscribes anew', async () => {
    await under.tell(...statuses(1, 1000));
    const reader = await under.stream();
    reader.send({ type: 'subscribe', cameras: '*', topics: ['camera'], since: 0 });
    reader.send({ type: 'subscribe', cameras: '*', topics: ['camera'], since: 990 });
    await reader.untilSeq(1000);
    await under.tell(status('live'));
    await reader.untilSeq(1001);
    expect(reader.seqs.slice(-11)).toEqual(range(991, 1001));
    expect(reader.seqs.length).toBeLessThan(1000);
  });
});

describe('event stream, misused', () => {
  it.each([
    ['no JSON', '{'],
    ['no object', '[1]'],
    ['an unknown type', '{"type":"shout"}'],
    ['no topics', '{"type":"subscribe","cameras":"*","topics":[]}'],
    ['an unknown topic', '{"type":"subscribe","cameras":"*","topics":["all"]}'],
    ['a camera id that cannot be', '{"type":"subscribe","cameras":["../x"],"topics":["frame"]}'],
    ['a broken number', '{"type":"subscribe","cameras":"*","topics":["track"],"since":1.5}'],
  ])('answers %s with an error and stays open', async (_what, text) => {
    const reader = await under.stream();
    reader.socket.send(text);
    expect(await reader.next('error')).toMatchObject({ code: 'server/bad-message' });
    reader.send({ type: 'ping' });
    await reader.next('pong');
  });

  it('W7: answers binary messages with an error', async () => {
    const reader = await under.stream();
    reader.socket.send(Buffer.from('{"type":"ping"}'));
    expect(await reader.next('error')).toMatchObject({ code: 'server/bad-message' });
  });

  it('W7: is closed with 1008 at the tenth junk message within 10 s', async () => {
    const reader = await under.stream();
    for (let n = 0; n < 10; n++) reader.socket.send('junk');
    expect(await reader.closed).toMatchObject({ code: 1008 });
  });

  it('W8: is closed with 1008 at more than 20 messages in a second', async () => {
    const reader = await under.stream();
    for (let n = 0; n < 45; n++) reader.send({ type: 'ping' });
    expect(await reader.closed).toMatchObject({ code: 1008 });
  });

  it('W4: is closed with 1009 by a message over 64 KiB, and not by one just under', async () => {
    const reader = await under.stream();
    reader.socket.send('x'.repeat(64 * 1024));
    await reader.next('error');
    reader.socket.send('x'.repeat(64 * 1024 + 1));
    expect(await reader.closed).toMatchObject({ code: 1009 });
  });

  it('W5: is closed by a message in very many pieces', async () => {
    const reader = await under.stream();
    for (let n = 0; n < 100; n++) reader.socket.send('x', { fin: false });
    expect((await reader.closed).code).toBeGreaterThan(1001);
  });

  it('W4: buffers nothing of a 100 MB message announced by its header', async () => {
    const socket = await under.rawStream();
    let answer = Buffer.alloc(0);
    socket.on('data', (part: Buffer) => (answer = Buffer.concat([answer, part])));
    const header = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0x06, 0x40, 0, 0, 1, 2, 3, 4]);
    const before = process.memoryUsage().rss;
    socket.write(header);
    const part = Buffer.alloc(1024 * 1024);
    let highest = 0;
    for (let n = 0; n < 100 && !socket.destroyed; n++) {
      if (!socket.write(part))
        await Promise.race([once(socket, 'drain'), once(socket, 'close'), delay(1000)]);
      highest = Math.max(highest, process.memoryUsage().rss);
    }
    await waitFor(() => answer.includes(Buffer.from([0x88, 0x02, 0x03, 0xf1])), {
      timeoutMs: 10_000,
      what: 'close frame 1009',
    });
    // Client and server share this process: the client's own megabytes are in the figure, too.
    expect(highest - before).toBeLessThan(32 * 1024 * 1024);
    expect((await under.fetch('/livez')).status).toBe(200);
  });

  it('W1: refuses a page of another origin with 403, and takes its own', async () => {
    for (const [origin, allowed] of [
      ['http://evil.example', false],
      ['null', false],
      [under.server.url.replace('http', 'https').replace(/:\d+$/, ''), false],
      [under.server.url, true],
    ] as const) {
      const socket = under.webSocket('/api/v1/stream', ['sightline.v1'], { origin });
      if (allowed) await once(socket, 'open');
      else expect(await refusal(socket)).toMatchObject({ status: 403, code: 'server/foreign-origin' });
    }
  });

  it('D6: refuses a foreign Host, an unknown address, camera or subprotocol before any 101', async () => {
    const foreign = under.webSocket('/api/v1/stream', [], { headers: { Host: 'evil.example' } });
    expect(await refusal(foreign)).toMatchObject({ status: 421, code: 'server/foreign-host' });
    expect(await refusal(under.webSocket('/api/v1/x'))).toMatchObject({
      status: 404,
      code: 'server/not-found',
    });
    const camera = under.webSocket('/api/v1/cameras/none/live');
    expect(await refusal(camera)).toMatchObject({ status: 404, code: 'server/no-such-camera' });
    const protocol = under.webSocket('/api/v1/stream', ['mqtt']);
    expect(await refusal(protocol)).toMatchObject({ status: 400, code: 'server/unknown-subprotocol' });
    await once(under.webSocket('/api/v1/stream'), 'open');
  });

  it('W9: refuses the 501st client with 503, and takes one again when another has left', async () => {
    for (let n = 0; n < 500; n++) under.webSocket('/api/v1/stream');
    await waitFor(() => under.clients.every((client) => client.readyState === client.OPEN), {
      timeoutMs: 25_000,
      what: '500 clients',
    });
    expect(await refusal(under.webSocket('/api/v1/stream'))).toMatchObject({
      status: 503,
      code: 'server/too-many-clients',
    });
    under.clients[0]!.terminate();
    await waitFor(
      async () => {
        const socket = under.webSocket('/api/v1/stream');
        return await Promise.race([
          once(socket, 'open'),
          once(socket, 'unexpected-response').then(() => false),
        ]);
      },
      { timeoutMs: 10_000, what: 'a place' },
    );
  }, 60_000);
});

describe('heartbeat', () => {
  it('keeps a client that answers pings, and cuts off one that is silent for 30 s', async () => {
    await under.tearDown();
    const clock = new FakeClock();
    under = await ServerUnderTest.open({ clock });
    const reader = await under.stream();
    const silent = new StreamReader(under.webSocket('/api/v1/stream', [], { autoPong: false }));
    await silent.next('hello');
    let pings = 0;
    reader.socket.on('ping', () => pings++);
    for (let seconds = 5; seconds <= 60; seconds += 5) {
      clock.advance(5_000);
      if (seconds % 15 === 0)
        await waitFor(() => pings === seconds / 15, { timeoutMs: 10_000, what: `ping ${seconds / 15}` });
      await delay(30); // the pong's way back
      if (seconds === 25) expect(silent.isClosed).toBe(false);
      if (seconds === 30) expect(await silent.closed).toMatchObject({ code: 1006 });
    }
    expect(reader.isClosed).toBe(false);
  });
});

/** How an upgrade was refused. */
async function refusal(socket: StreamReader['socket']): Promise<{ status: number; code: string }> {
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, http.IncomingMessage];
  let body = '';
  for await (const part of response) body += String(part);
  expect(response.headers['content-type']).toContain('application/problem+json');
  return { status: response.statusCode ?? 0, code: (JSON.parse(body) as { code: string }).code };
}
