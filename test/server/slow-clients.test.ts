import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { delay, waitFor } from '../support/wait-for.js';
import { frame, range, ServerUnderTest, status, type StreamReader } from './server-under-test.js';

let under: ServerUnderTest;
beforeEach(async () => {
  under = await ServerUnderTest.open();
});
afterEach(() => under.tearDown());

const MIB = 1024 * 1024;
const PADDING = 'x'.repeat(10_000);

/** A text frame as a client sends it. */
function masked(message: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(message));
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]);
}

const SUBSCRIBE = { type: 'subscribe', cameras: '*', topics: ['camera', 'frame'] };

describe('a slow client', () => {
  it('misses frames, is told how many, gets the latest, and no durable message is lost', async () => {
    const reader = await under.stream();
    await reader.subscribe();
    reader.socket.pause();
    let sent = 0;
    let durable = 0;
    for (let n = 0; n < 60; n++) {
      for (let i = 0; i < 20; i++) under.server.publishFrame(frame(++sent, { padding: PADDING }));
      await under.tell(status(String(++durable)));
    }
    reader.socket.resume();
    await reader.untilSeq(durable);
    await waitFor(() => frames(reader).at(-1)?.ptsMs === sent, {
      timeoutMs: 20_000,
      what: 'the latest frame',
    });
    expect(reader.seqs).toEqual(range(1, durable));
    const got = frames(reader);
    const missed = got.reduce((sum, { dropped = 0 }) => sum + dropped, 0);
    expect(missed).toBeGreaterThan(0);
    expect(got.length + missed).toBe(sent);
  });

  it('that cannot take durable messages is closed with 1013 and resumes without a loss', async () => {
    const reader = await under.stream();
    await reader.subscribe();
    reader.socket.pause();
    let last = 0;
    // The kernel's buffers take some megabytes before ours begin to fill.
    for (let n = 0; n < 60; n++)
      last = (await under.tell(...range(1, 20).map(() => status(PADDING)))).at(-1)!.seq;
    reader.socket.resume();
    expect(await reader.closed).toMatchObject({ code: 1013 });
    const again = await under.stream();
    await again.subscribe({ since: reader.seqs.at(-1) ?? 0 });
    await again.untilSeq(last);
    expect([...reader.seqs, ...again.seqs]).toEqual(range(1, last));
  }, 60_000);

  it('that replays a long past slowly gets all of it, at its own pace', async () => {
    for (let n = 0; n < 30; n++) await under.tell(...range(1, 20).map(() => status(PADDING)));
    const reader = await under.stream();
    await reader.subscribe({ since: 0 });
    for (let n = 0; n < 10; n++) {
      reader.socket.pause();
      await delay(30);
      reader.socket.resume();
      await delay(5);
    }
    await reader.untilSeq(600);
    expect(reader.seqs).toEqual(range(1, 600));
  }, 60_000);
});

/** Without what is garbage: how soon that is collected depends on all that ran before in this process. */
function bytesInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('100 clients that never read', () => {
  it('slow none of 10 fast ones, cost little memory and are cut off', async () => {
    const fast = await Promise.all(range(1, 10).map(() => under.stream()));
    await Promise.all(fast.map((reader) => reader.subscribe()));
    const stuck = await Promise.all(range(1, 100).map(() => under.rawStream()));
    for (const socket of stuck) socket.write(masked(SUBSCRIBE));
    await delay(200);

    const before = bytesInUse();
    const lateMs: number[] = [];
    let last = 0;
    let highest = 0;
    for (let n = 0; n < 600; n++) {
      under.server.publishFrame(frame(n, { padding: PADDING }));
      const startedMs = performance.now();
      last = (await under.tell(status(PADDING)))[0]!.seq;
      await waitFor(() => fast.every((reader) => reader.seqs.at(-1) === last), {
        timeoutMs: 20_000,
        what: `message ${last} at the fast clients`,
      });
      lateMs.push(performance.now() - startedMs);
      if (n % 50 === 0) highest = Math.max(highest, bytesInUse());
    }
    for (const reader of fast) expect(reader.seqs).toEqual(range(1, last));
    const p99 = lateMs.sort((a, b) => a - b)[Math.floor(lateMs.length * 0.99)]!;
    // Commit, ten clients and the poll of 20 ms are in it; generous for a busy machine.
    expect(p99).toBeLessThan(250);
    // The fast clients keep every message in this same process: 10 × 600 × 20 kB = 115 MiB of it is theirs.
    expect(highest - before).toBeLessThan((132 + 115) * MIB);
    await waitFor(
      async () => {
        const system = (await (await under.fetch('/api/v1/system')).json()) as { clients: number };
        return system.clients === 10;
      },
      { timeoutMs: 45_000, what: 'the stuck clients to be cut off' },
    );
  }, 120_000);
});

function frames(reader: StreamReader) {
  return reader.received.flatMap((message) => (message.type === 'frame' ? [message] : []));
}
