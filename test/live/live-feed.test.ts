import { describe, expect, it } from '@jest/globals';
import type { Fragment, StreamInfo } from '../../src/ingest/index.js';
import { LiveFeed, type LiveViewer } from '../../src/live/index.js';

const MIB = 1024 * 1024;
const MIME = 'video/mp4; codecs="avc1.64001e"';

const stream = (epoch = 1): StreamInfo => ({
  epoch,
  codec: 'avc1.64001e',
  widthPx: 640,
  heightPx: 360,
  initSegment: Buffer.from(`init ${epoch}`),
});

function fragment(
  n: number,
  options: { key?: boolean; epoch?: number; size?: number; atMs?: number } = {},
): Fragment {
  const bytes = Buffer.alloc(options.size ?? 10);
  bytes.write(String(n));
  return {
    epoch: options.epoch ?? 1,
    ptsTicks: n * 3600,
    isKeyframe: options.key ?? false,
    bytes,
    arrivedMs: options.atMs ?? n * 40,
    capturedAtMs: 0,
  };
}

/** A viewer whose network takes what it is told to. */
function viewer() {
  const got: (string | Buffer)[] = [];
  const state = { buffered: 0, ended: '' };
  const sink: LiveViewer = {
    bufferedBytes: () => state.buffered,
    sendText: (text) => got.push(text),
    sendBinary: (bytes) => got.push(bytes),
    end: (reason) => (state.ended = reason),
  };
  return { got, state, sink };
}

describe('LiveFeed', () => {
  it('gives a new viewer MIME type, epoch, init segment and the group of pictures so far, in this order', () => {
    const feed = new LiveFeed();
    feed.startStream(stream());
    const frames = [fragment(0, { key: true }), fragment(1), fragment(2, { key: true }), fragment(3)];
    frames.forEach((frame) => feed.push(frame));
    const { got, sink } = viewer();
    feed.addViewer(sink);
    const next = fragment(4);
    feed.push(next);
    expect(got).toEqual([
      MIME,
      '{"type":"epoch","epoch":1,"width":640,"height":360}',
      stream().initSegment,
      frames[2]!.bytes,
      frames[3]!.bytes,
      next.bytes,
    ]);
  });

  it('hands every viewer the very same buffer, not a copy', () => {
    const feed = new LiveFeed();
    const [a, b] = [viewer(), viewer()];
    feed.startStream(stream());
    feed.addViewer(a.sink);
    feed.addViewer(b.sink);
    const frame = fragment(0, { key: true });
    feed.push(frame);
    expect(a.got.at(-1)).toBe(frame.bytes);
    expect(b.got.at(-1)).toBe(frame.bytes);
  });

  it('says nothing to a viewer before the camera has a stream', () => {
    const feed = new LiveFeed();
    const { got, sink } = viewer();
    feed.addViewer(sink);
    expect(got).toEqual([]);
    feed.startStream(stream());
    feed.push(fragment(0));
    expect(got).toHaveLength(3);
  });

  it('announces a new epoch to viewers that are there, and ignores late fragments of the old one', () => {
    const feed = new LiveFeed();
    const { got, sink } = viewer();
    feed.startStream(stream(1));
    feed.addViewer(sink);
    feed.push(fragment(0, { key: true }));
    got.length = 0;
    feed.startStream(stream(2));
    feed.push(fragment(1, { key: true, epoch: 1 }));
    feed.push(fragment(0, { epoch: 2 }));
    const key = fragment(1, { key: true, epoch: 2 });
    feed.push(key);
    expect(got).toEqual([
      MIME,
      '{"type":"epoch","epoch":2,"width":640,"height":360}',
      stream(2).initSegment,
      key.bytes,
    ]);
  });

  it('lets a slow viewer skip to the next keyframe that fits in 4 MiB, and counts what it lost', () => {
    let dropped = 0;
    const feed = new LiveFeed({ onDropped: () => dropped++ });
    const slow = viewer();
    const fast = viewer();
    feed.startStream(stream());
    feed.addViewer(slow.sink);
    feed.addViewer(fast.sink);
    feed.push(fragment(0, { key: true }));
    slow.state.buffered = 4 * MIB - 5; // the next fragment has 10 bytes
    feed.push(fragment(1));
    slow.state.buffered = 0;
    feed.push(fragment(2));
    const key = fragment(3, { key: true });
    feed.push(key);
    expect(slow.got.slice(4)).toEqual([key.bytes]);
    expect(fast.got).toHaveLength(3 + 4);
    expect(dropped).toBe(2);
  });

  it('lets a viewer skip to the next keyframe for whom something waits longer than two seconds, and counts what it lost', () => {
    let dropped = 0;
    const feed = new LiveFeed({ onDropped: () => dropped++ });
    const { got, state, sink } = viewer();
    feed.startStream(stream());
    feed.addViewer(sink);
    // Nothing leaves; each has a header of 4 bytes.
    for (let n = 0; n <= 50; n++) {
      feed.push(fragment(n, { key: n === 0, size: 1000, atMs: n * 40 }));
      state.buffered += 1004;
    }
    expect(dropped).toBe(0);
    feed.push(fragment(51, { atMs: 2040 }));
    feed.push(fragment(52, { key: true, atMs: 2080 }));
    expect([got.length, dropped]).toEqual([3 + 51, 2]);
    state.buffered = 0;
    feed.push(fragment(53, { atMs: 2120 }));
    const key = fragment(54, { key: true, atMs: 2160 });
    feed.push(key);
    expect([got.slice(3 + 51), dropped]).toEqual([[key.bytes], 3]);
  });

  it('gives a new viewer a long group of pictures as a whole, and takes a pause of the camera for no wait', () => {
    let dropped = 0;
    const feed = new LiveFeed({ onDropped: () => dropped++ });
    feed.startStream(stream());
    for (let n = 0; n < 10; n++) feed.push(fragment(n, { key: n === 0, atMs: n * 1000 }));
    const { got, state, sink } = viewer();
    feed.addViewer({ ...sink, bufferedBytes: () => state.buffered++ });
    expect(got).toHaveLength(3 + 10);
    // All has left but the newest, with a header.
    state.buffered = 0;
    feed.push(fragment(10, { atMs: 10_000 }));
    state.buffered = 0;
    feed.push(fragment(11, { atMs: 20_000 }));
    state.buffered = 14;
    feed.push(fragment(12, { atMs: 20_000 }));
    expect([got.length, dropped]).toEqual([3 + 13, 0]);
  });

  it.each([
    ['larger than 32 MiB', { size: 9 * MIB }, 0],
    ['longer than 20 s', {}, 10_000],
  ])(
    'keeps no group of pictures %s: a new viewer begins at the next keyframe',
    (_what, options, periodMs) => {
      const feed = new LiveFeed();
      feed.startStream(stream());
      for (let n = 0; n < 4; n++) feed.push(fragment(n, { ...options, key: n === 0, atMs: n * periodMs }));
      const { got, sink } = viewer();
      feed.addViewer(sink);
      expect(got).toHaveLength(3);
      feed.push(fragment(4));
      expect(got).toHaveLength(3);
      const key = fragment(5, { key: true });
      feed.push(key);
      expect(got.slice(3)).toEqual([key.bytes]);
    },
  );

  it('ends its viewers when the camera is removed', () => {
    const feed = new LiveFeed();
    const { state, sink } = viewer();
    feed.addViewer(sink);
    feed.close();
    expect(state.ended).toBe('camera removed');
    expect(feed.viewers).toBe(0);
  });

  it('sends nothing to a viewer that left', () => {
    const feed = new LiveFeed();
    const { got, sink } = viewer();
    feed.startStream(stream());
    const view = feed.addViewer(sink);
    got.length = 0;
    view.close();
    view.close();
    feed.push(fragment(0, { key: true }));
    expect(got).toEqual([]);
    expect(feed.viewers).toBe(0);
  });
});
