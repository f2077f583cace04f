import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import type { FrameMessage } from '../../../src/server/protocol.js';
import { EventStream } from '../../../dashboard/src/stream/event-stream.js';
import { frame, range, ServerUnderTest, status } from '../../server/server-under-test.js';
import { waitFor } from '../../support/wait-for.js';

let under: ServerUnderTest;
/** Where the server is, or was while it is away. */
let address: string;
const streams: EventStream[] = [];
beforeEach(async () => {
  under = await ServerUnderTest.open();
  address = under.server.url;
});
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close();
  await under.tearDown();
});

/** The dashboard's client, talking to the real server, and what it passed on. */
function connect(options: { history?: number; pingMs?: number } = {}) {
  const got = {
    seqs: [] as number[],
    frames: [] as FrameMessage[],
    gaps: [] as [number, number][],
    hellos: 0,
    connected: [] as boolean[],
    sockets: [] as WebSocket[],
  };
  const stream = new EventStream({
    open: () => {
      const socket = new WebSocket(`${address.replace('http', 'ws')}/api/v1/stream`, 'sightline.v1');
      socket.on('error', () => undefined);
      got.sockets.push(socket);
      return socket;
    },
    history: options.history ?? 50,
    ...(options.pingMs !== undefined && { pingMs: options.pingMs }),
    backoffMs: 20,
    onFrame: (message) => got.frames.push(message),
    onDurable: ({ seq }) => got.seqs.push(seq),
    onGap: ({ from, to }) => got.gaps.push([from, to]),
    onHello: () => got.hellos++,
    onConnected: (isConnected) => got.connected.push(isConnected),
  });
  streams.push(stream);
  return { stream, got };
}
const statuses = (from: number, to: number) => range(from, to).map((n) => status(String(n)));
const until = (what: string, condition: () => boolean) => waitFor(condition, { timeoutMs: 20_000, what });

describe('EventStream', () => {
  it('begins with the latest messages, then goes on live', async () => {
    await under.tell(...statuses(1, 60));
    const { got } = connect({ history: 50 });
    await until('the history', () => got.seqs.length >= 50);
    await under.tell(...statuses(61, 63));
    await until('the live messages', () => got.seqs.at(-1) === 63);
    expect(got.seqs).toEqual(range(11, 63));
    expect(got.connected).toEqual([true]);
  });

  it('passes on the frames of cameras that are watched, and of no others', async () => {
    const { stream, got } = connect();
    stream.watch(['yard']);
    await until('the subscription', () => got.connected.length > 0);
    under.server.publishFrame(frame(440));
    stream.watch(['gate']);
    await until('the frame', () => {
      under.server.publishFrame(frame(480));
      return got.frames.length > 0;
    });
    expect(got.frames[0]).toEqual(frame(480));
  });

  it('watches others without a lost or repeated message', async () => {
    const { stream, got } = connect();
    await until('the subscription', () => got.connected.length > 0);
    for (let round = 0; round < 10; round++) {
      stream.watch(round % 2 === 0 ? ['gate'] : ['gate', 'yard']);
      await under.tell(...statuses(3 * round + 1, 3 * round + 3));
    }
    await until('all messages', () => got.seqs.length >= 30);
    expect(got.seqs).toEqual(range(1, 30));
    expect(got.connected).toEqual([true]);
  });

  it('gives a connection up on which no ping is answered', async () => {
    const { got } = connect({ pingMs: 30 });
    await until('the subscription', () => got.connected.length > 0);
    // From here on the server answers, but nothing of it arrives.
    got.sockets[0]!.pause();
    await until('the loss and the way back', () => got.connected.length >= 3);
    expect(got.connected.slice(0, 3)).toEqual([true, false, true]);
    // Paused, it would wait half a minute for the other side's goodbye.
    got.sockets[0]!.terminate();
  });

  it('loses and repeats nothing over lost connections', async () => {
    const { got } = connect();
    for (let round = 0; round < 5; round++) {
      await until('a connection', () => got.hellos > round && got.connected.at(-1) === true);
      await under.tell(...statuses(1, 10));
      got.sockets.at(-1)!.terminate();
      await under.tell(...statuses(1, 10));
    }
    await until('all messages', () => got.seqs.at(-1) === 100);
    expect(got.seqs).toEqual(range(1, 100));
    expect(got.connected).toContain(false);
  });

  it('goes on after a restart of the server, and says that it was away', async () => {
    const { got } = connect();
    await until('a connection', () => got.connected.at(-1) === true);
    await under.tell(...statuses(1, 3));
    await until('the first messages', () => got.seqs.length === 3);
    await under.stop();
    await until('the loss', () => got.connected.at(-1) === false);
    await under.start();
    address = under.server.url;
    await under.tell(status('after'));
    await until('the message after', () => got.seqs.length === 4);
    expect(got.seqs).toEqual([1, 2, 3, 4]);
    expect(got.hellos).toBeGreaterThan(1);
  });

  it('stays closed', async () => {
    const { stream, got } = connect();
    await until('a connection', () => got.connected.at(-1) === true);
    stream.close();
    stream.close();
    await until('the end of the connection', () => got.sockets[0]!.readyState === 3);
    expect(got.sockets).toHaveLength(1);
    expect(got.connected).toEqual([true]);
  });
});
