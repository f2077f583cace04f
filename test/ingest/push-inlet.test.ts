import { beforeEach, describe, expect, it } from '@jest/globals';
import { PushInlet, type Push, type PushEnding } from '../../src/ingest/push-inlet.js';
import { FakeClock } from '../support/fake-clock.js';

const KIB = 1024;

let clock: FakeClock;
let inlet: PushInlet;
let push: Push;
let paused: boolean[];
let endings: PushEnding[];
const pusher = {
  setPaused: (isPaused: boolean) => void paused.push(isPaused),
  end: (why: PushEnding) => void endings.push(why),
};
beforeEach(() => {
  clock = new FakeClock();
  inlet = new PushInlet({ camera: 'desk', clock });
  [paused, endings] = [[], []];
  void inlet.next(new AbortController().signal);
  push = inlet.open(pusher);
});

describe('what a browser sends to a camera', () => {
  it('is paused when half a MiB of it waits, and goes on when it was read', async () => {
    for (let n = 0; n < 7; n++) push.write(Buffer.alloc(64 * KIB));
    expect(paused).toEqual([]);
    push.write(Buffer.alloc(64 * KIB));
    expect(paused.at(-1)).toBe(true);
    let bytes = 0;
    push.bytes.on('data', (chunk: Buffer) => (bytes += chunk.length));
    await new Promise((resolve) => setImmediate(resolve));
    expect([bytes, paused.at(-1)]).toEqual([512 * KIB, false]);
  });

  it('never keeps more than two MiB of one that does not heed the pause: it is ended', () => {
    let most = 0;
    for (let n = 0; n < 100; n++) {
      push.write(Buffer.alloc(64 * KIB));
      most = Math.max(most, push.bytes.readableLength);
    }
    expect(most).toBeLessThanOrEqual(2048 * KIB);
    expect([endings, push.bytes.destroyed]).toEqual([['too-fast'], true]);
  });

  it('ends when nothing has come for ten seconds, and not before', () => {
    for (let n = 0; n < 3; n++) {
      clock.advance(9_000);
      push.write(Buffer.from('a'));
    }
    expect(endings).toEqual([]);
    clock.advance(12_500);
    expect(endings).toEqual(['idle']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends as too fast, not as idle, when it has been paused for ten seconds', () => {
    push.write(Buffer.alloc(512 * KIB));
    expect(paused.at(-1)).toBe(true);
    clock.advance(12_500);
    expect(endings).toEqual(['too-fast']);
  });

  it('leaves room for the next once it is over, whoever ends it, and tells it only once', async () => {
    push.close();
    push.end('over');
    push.write(Buffer.from('late'));
    expect([endings, clock.pendingTimers]).toEqual([[], 0]);
    const next = inlet.next(new AbortController().signal);
    const second = inlet.open(pusher);
    expect(await next).toBe(second);
    second.end('over');
    second.end('idle');
    second.close();
    expect(endings).toEqual(['over']);
  });

  it('is refused while another sends, and while the camera does not wait for it', async () => {
    expect(() => inlet.open(pusher)).toThrow(expect.objectContaining({ code: 'ingest/push-taken' }));
    push.close();
    expect(() => inlet.open(pusher)).toThrow(expect.objectContaining({ code: 'ingest/push-not-now' }));
    const stop = new AbortController();
    const waiting = inlet.next(stop.signal);
    stop.abort();
    expect(await waiting).toBeUndefined();
    expect(() => inlet.open(pusher)).toThrow(expect.objectContaining({ code: 'ingest/push-not-now' }));
  });
});
