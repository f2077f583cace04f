import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fragment } from '../../src/ingest/index.js';
import { waitFor } from '../support/wait-for.js';
import { ServerUnderTest } from './server-under-test.js';

let under: ServerUnderTest;
beforeEach(async () => {
  under = await ServerUnderTest.open();
});
afterEach(() => under.tearDown());

const fragment = (n: number, isKeyframe: boolean, size = 10): Fragment => ({
  epoch: 1,
  ptsTicks: n * 3600,
  isKeyframe,
  bytes: Buffer.alloc(size, n),
  arrivedMs: n * 40,
  capturedAtMs: 0,
});

function start(): void {
  under.feed.startStream({
    epoch: 1,
    codec: 'avc1.64001e',
    widthPx: 640,
    heightPx: 360,
    initSegment: Buffer.from('init'),
  });
}

describe('live feed over WebSocket', () => {
  it('sends MIME type and epoch as text, then init segment and fragments as binary', async () => {
    start();
    under.feed.push(fragment(1, true));
    const socket = under.webSocket('/api/v1/cameras/gate/live');
    const got: [boolean, string][] = [];
    socket.on('message', (data: Buffer, isBinary) => got.push([isBinary, data.toString('latin1')]));
    await waitFor(() => got.length === 4, { timeoutMs: 10_000, what: 'the start' });
    under.feed.push(fragment(2, false));
    await waitFor(() => got.length === 5, { timeoutMs: 10_000, what: 'a fragment' });
    expect(got).toEqual([
      [false, 'video/mp4; codecs="avc1.64001e"'],
      [false, '{"type":"epoch","epoch":1,"width":640,"height":360}'],
      [true, 'init'],
      [true, '\x01'.repeat(10)],
      [true, '\x02'.repeat(10)],
    ]);
  });

  it('lets a viewer that stops reading skip to a keyframe instead of buffering', async () => {
    start();
    const socket = under.webSocket('/api/v1/cameras/gate/live');
    const got: number[] = [];
    socket.on('message', (data: Buffer, isBinary) => isBinary && got.push(data[0]!));
    await waitFor(() => got.length === 1, { timeoutMs: 10_000, what: 'the init segment' });
    socket.pause();
    const MIB = 1024 * 1024;
    // 60 MiB in groups of ten: far more than the kernel's buffers and the 4 MiB bound together.
    for (let n = 1; n <= 120; n++) {
      under.feed.push(fragment(n, n % 10 === 1, MIB / 2));
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.resume();
    await waitFor(
      () => {
        under.feed.push(fragment(201, true));
        return got.at(-1) === 201;
      },
      { timeoutMs: 10_000, what: 'a keyframe after the jam' },
    );
    expect(got.length).toBeLessThan(110);
    const starts = got.slice(1).filter((n, index, all) => n !== (all[index - 1] ?? 0) + 1 && n !== 201);
    expect(starts.every((n) => n % 10 === 1)).toBe(true);
  });

  it('ends with 1001 when the camera is removed, and frees the seat when the viewer leaves', async () => {
    start();
    const [stays, leaves] = [1, 2].map(() => under.webSocket('/api/v1/cameras/gate/live'));
    await waitFor(() => under.feed.viewers === 2, { timeoutMs: 10_000, what: 'both viewers' });
    leaves!.terminate();
    await waitFor(() => under.feed.viewers === 1, { timeoutMs: 10_000, what: 'one to be gone' });
    const closed = once(stays!, 'close');
    under.feed.close();
    expect((await closed)[0]).toBe(1001);
  });

  it('is closed with 1008 when the viewer floods it with messages', async () => {
    const socket = under.webSocket('/api/v1/cameras/gate/live');
    await once(socket, 'open');
    const closed = once(socket, 'close');
    for (let n = 0; n < 45; n++) socket.send('x');
    expect((await closed)[0]).toBe(1008);
  });
});
