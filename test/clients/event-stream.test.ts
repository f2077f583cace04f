import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  SightlineClient,
  type EventStream,
  type EventStreamOptions,
  type StreamMessage,
} from '../../clients/typescript/src/index.js';
import { range, ServerUnderTest, status } from '../server/server-under-test.js';
import { setUp, tokenOf } from '../server/signed-in.js';
import { ChaosProxy } from '../support/chaosproxy.js';
import { FakeClock } from '../support/fake-clock.js';
import { freePort } from '../support/free-port.js';
import { waitFor } from '../support/wait-for.js';

const AT_ONCE = { firstMs: 1, maxMs: 20 };
const statuses = (from: number, to: number) => range(from, to).map((n) => status(String(n)));

let under: ServerUnderTest;
let proxy: ChaosProxy;
let over: AbortController;
beforeEach(async () => {
  over = new AbortController();
  await open();
});
afterEach(async () => {
  over.abort();
  await proxy.close();
  await under.tearDown();
});

async function open(options: ConstructorParameters<typeof ServerUnderTest>[0] = {}): Promise<void> {
  under = await ServerUnderTest.open({ port: await freePort('tcp'), ...options });
  proxy = await ChaosProxy.open({ port: under.server.port });
}

async function reopen(options: ConstructorParameters<typeof ServerUnderTest>[0]): Promise<void> {
  await proxy.close();
  await under.tearDown();
  await open(options);
}

const client = (token?: string | (() => string)) =>
  new SightlineClient({ url: proxy.through(under.server.url), ...(token !== undefined && { token }) });

/** Reads a stream in the background. */
class Reading {
  readonly messages: StreamMessage[] = [];
  readonly stream: EventStream;
  readonly ended: Promise<unknown>;

  constructor(options: EventStreamOptions = {}, from: SightlineClient = client()) {
    this.stream = from.follow({ backoff: AT_ONCE, signal: over.signal, ...options });
    this.ended = this.#read().catch((error: unknown) => error);
  }

  get seqs(): number[] {
    return this.messages.flatMap((message) => ('seq' in message ? [message.seq] : []));
  }

  async until(seq: number): Promise<void> {
    await waitFor(() => this.stream.lastSeq === seq, { timeoutMs: 20_000, what: `message ${seq}` });
  }

  async #read(): Promise<void> {
    for await (const message of this.stream) this.messages.push(message);
  }
}

describe('the event stream of the TypeScript client', () => {
  it('F41: loses and repeats nothing over 100 cut connections and two restarts of the server', async () => {
    let reconnects = 0;
    const reading = new Reading({ since: 0, onReconnect: () => reconnects++ });
    let last = 0;
    for (let cut = 1; cut <= 100; cut++) {
      const before = reading.seqs.length;
      last = (await under.tell(...statuses(1, 7))).at(-1)!.seq;
      // Some cuts in the middle of what is told, some after it.
      if (cut % 2 === 0)
        await waitFor(() => reading.seqs.length > before, { timeoutMs: 20_000, what: 'more' });
      const connections = proxy.connections;
      proxy.set({ kind: cut % 3 === 0 ? 'fin' : 'rst' });
      proxy.set({ kind: 'pass' });
      if (cut === 33 || cut === 66) {
        await under.stop();
        await under.start();
      }
      await waitFor(() => proxy.connections > connections, { timeoutMs: 20_000, what: 'another connection' });
    }
    await reading.until(last);
    expect(last).toBe(700);
    expect(reading.seqs).toEqual(range(1, 700));
    expect(reconnects).toBeGreaterThanOrEqual(100);
  }, 60_000);

  it('begins with what comes next, and misses nothing when the connection is cut before the first message', async () => {
    await under.tell(...statuses(1, 5));
    const reading = new Reading();
    await reading.until(5);
    proxy.set({ kind: 'rst' });
    await under.tell(...statuses(1, 3));
    proxy.set({ kind: 'pass' });
    await reading.until(8);
    expect(reading.seqs).toEqual([6, 7, 8]);
  });

  it('goes on in another process from the position that was stored', async () => {
    await under.tell(...statuses(1, 30));
    let stored = 0;
    const first = client().follow({ since: 0 });
    for await (const message of first) {
      expect('seq' in message && message.seq).toBe(first.lastSeq);
      stored = first.lastSeq!;
      if (stored === 12) break;
    }
    const second = new Reading({ since: stored });
    await second.until(30);
    expect(second.seqs).toEqual(range(13, 30));
  });

  it('tells what the server no longer keeps as a gap, and goes on after it', async () => {
    await reopen({ retentionCount: 10 });
    await under.tell(...statuses(1, 30));
    const reading = new Reading({ since: 5 });
    await reading.until(30);
    expect(reading.messages[0]).toEqual({ type: 'gap', from: 6, to: 20, reason: 'retention' });
    expect(reading.seqs).toEqual(range(21, 30));
  });

  it('says that the numbers of a replaced store begin anew, and follows them', async () => {
    await under.tell(status('1'));
    const reading = new Reading({ since: 5000 });
    await reading.until(1);
    await under.tell(status('2'));
    await reading.until(2);
    expect(reading.messages).toMatchObject([{ code: 'server/since-ahead' }, { seq: 2 }]);
  });

  it('moves its position over what it did not ask for, so that nothing of that becomes a gap later', async () => {
    const clock = new FakeClock();
    await reopen({ clock });
    const reading = new Reading({ topics: ['event'], since: 0 });
    await under.tell(...statuses(1, 40));
    await waitFor(
      () => {
        clock.advance(5_000);
        return reading.stream.lastSeq === 40;
      },
      { timeoutMs: 10_000, what: 'a beat' },
    );
    expect(reading.messages).toEqual([]);
  });

  it('has a slow consumer hold up nobody, and gives it everything in the end', async () => {
    const clock = new FakeClock();
    await reopen({ clock });
    const text = 'x'.repeat(8_000);
    await under.tell(status('1'));
    const stream = client().follow({ since: 0, signal: over.signal, backoff: AT_ONCE });
    const seqs: number[] = [];
    let connectionsSeen = 0;
    for await (const message of stream) {
      if (!('seq' in message)) continue;
      seqs.push(message.seq);
      if (message.seq === 1) {
        // While this one message is worked on, 16 MB happen: far more than may wait for a client.
        for (let n = 0; n < 40; n++) await under.tell(...range(1, 50).map(() => status(text)));
        clock.advance(11_000);
        connectionsSeen = proxy.connections;
      }
      if (message.seq === 2001) break;
    }
    expect(seqs).toEqual(range(1, 2001));
    expect(proxy.connections).toBeGreaterThan(connectionsSeen);
  }, 60_000);

  it('ends without an error when it is aborted, also while it waits to connect again', async () => {
    const reading = new Reading();
    await reading.until(0);
    over.abort();
    expect(await reading.ended).toBeUndefined();

    over = new AbortController();
    proxy.set({ kind: 'rst' });
    let isWaiting = false;
    const waiting = new Reading({
      backoff: { firstMs: 1e9, maxMs: 1e9 },
      onReconnect: () => (isWaiting = true),
    });
    await waitFor(() => isWaiting, { timeoutMs: 10_000, what: 'the wait' });
    over.abort();
    expect(await waiting.ended).toBeUndefined();
  });

  it('gives a silent connection up and makes another', async () => {
    const reading = new Reading({ since: 0, silenceMs: 300 });
    await reading.until(0);
    proxy.set({ kind: 'blackhole' });
    await under.tell(status('1'));
    const connections = proxy.connections;
    await waitFor(() => proxy.connections > connections, { timeoutMs: 10_000, what: 'another connection' });
    proxy.set({ kind: 'pass' });
    await reading.until(1);
    expect(reading.seqs).toEqual([1]);
  });
});

describe('the event stream and tokens', () => {
  it('ends with the reason when the token is revoked', async () => {
    const cookie = await setUp(under);
    const reading = new Reading({}, client(await tokenOf(under)));
    await reading.until(0);
    await revoke(cookie);
    expect(await reading.ended).toMatchObject({
      name: 'SightlineError',
      status: 401,
      code: 'server/auth-required',
    });
  });

  it('asks for another token when one is over, and misses nothing', async () => {
    const cookie = await setUp(under);
    let secret = await tokenOf(under);
    const reading = new Reading(
      { since: 0 },
      client(() => secret),
    );
    await under.tell(status('1'));
    await reading.until(1);
    await revoke(cookie, async () => {
      secret = await tokenOf(under, { name: 'next' });
    });
    await under.tell(status('2'));
    await reading.until(2);
    expect(reading.seqs).toEqual([1, 2]);
  });

  it('is refused a camera that cannot be, at once', async () => {
    expect(await new Reading({ cameras: ['../x'] }).ended).toMatchObject({
      status: 400,
      code: 'server/bad-query',
    });
  });
});

/** Revokes the token named test, as its owner does on the page; `before` runs while it still holds. */
async function revoke(cookie: string, before?: () => Promise<void>): Promise<void> {
  const headers = { cookie, origin: under.server.url };
  const answer = await under.fetch('/api/v1/tokens', { headers });
  const { tokens } = (await answer.json()) as { tokens: { id: string; name: string }[] };
  await before?.();
  const { id } = tokens.find(({ name }) => name === 'test')!;
  const { status: done } = await under.fetch(`/api/v1/tokens/${id}`, { method: 'DELETE', headers });
  expect(done).toBe(204);
}
