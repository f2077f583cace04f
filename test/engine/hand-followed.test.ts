import { describe, expect, it } from '@jest/globals';
import { silentLog } from '../../src/base/index.js';
import { StreamTracker } from '../../src/engine/stream-tracker.js';
import type { FollowerPool } from '../../src/engine/track-follower.js';
import type { Box } from '../../src/geometry/index.js';
import { KernelStore, type FollowJob } from '../../src/inference/index.js';
import { FakeClock } from '../support/fake-clock.js';

const size = { widthPx: 640, heightPx: 360 };
const memory = new SharedArrayBuffer((size.widthPx * size.heightPx * 3) / 2);
const person = (x: number) => ({ label: 'person', score: 0.9, box: [x, 100, x + 40, 220] as Box });

/** A pool whose searches find what moves 5 px to the right in each picture, as surely as it is told. */
class Pool implements FollowerPool {
  readonly follower = { version: 'test', embeddingLength: 0 };
  readonly idle = 1;
  readonly jobs: FollowJob[] = [];
  confidence = 0.9;
  isLost = false;

  createKernelStore(slots: number): KernelStore {
    return new KernelStore(1, slots);
  }

  follow(job: FollowJob) {
    this.jobs.push(job);
    if (this.isLost) return Promise.reject(new Error('lost'));
    const { confidence } = this;
    const moved = ([x1, y1, x2, y2]: Box): Box => [x1 + 5, y1, x2 + 5, y2];
    const searches = job.searches.map(({ slot, box }) => ({
      slot,
      box: moved(box),
      score: 0.9,
      sidelobe: 0,
      confidence,
    }));
    return Promise.resolve({ searches, templates: [], cropMs: 1, networkMs: 2, postprocessMs: 0 });
  }
}

function tracking(pool?: FollowerPool) {
  const tracks = new StreamTracker({
    pictures: { memory, frame: size, source: size },
    startScoreMin: 0.4,
    firstTrack: 1,
    ...(pool !== undefined && { follower: pool }),
    clock: new FakeClock(),
    log: silentLog,
  });
  const picture = (atMs: number) => ({
    frame: { slot: 0, byteOffset: 0, ptsTicks: 0, arrivedMs: 0, capturedAtMs: 0, decodedMs: 0 },
    ptsMs: atMs,
    cameraMotion: undefined,
  });
  return { tracks, picture };
}

const bag = { box: [300, 200, 330, 230] as Box, label: 'bag' };

describe('followByHand', () => {
  it('follows what no detector sees, as a track among the others, until it is released', async () => {
    const { tracks, picture } = tracking(new Pool());
    for (const atMs of [0, 100, 200]) await tracks.detected(picture(atMs), [person(100)]);
    expect(tracks.followByHand(bag)).toBe(2);
    const first = await tracks.detected(picture(300), [person(100)]);
    expect(first.step.started).toMatchObject([{ track: 2, label: 'bag', box: bag.box }]);
    expect(first.step.objects.map(({ track }) => track)).toEqual([1, 2]);
    expect(first.followMs).toBe(3);
    const second = await tracks.detected(picture(400), [person(100)]);
    expect(second.step.objects[1]).toEqual({
      track: 2,
      label: 'bag',
      score: 0.9,
      box: [305, 200, 335, 230],
      state: 'predicted',
      confidence: 0.9,
    });
    expect((await tracks.undetected(picture(500))).step.objects[1]?.box).toEqual([310, 200, 340, 230]);
    // A later track gets a number of its own.
    for (const atMs of [600, 700]) await tracks.detected(picture(atMs), [person(100), person(500)]);
    expect(tracks.nextTrack).toBe(4);
    expect([tracks.release(2), tracks.release(3)]).toEqual([true, false]);
    const { step } = await tracks.detected(picture(800), [person(100), person(500)]);
    expect(step.ended).toMatchObject([{ track: 2, label: 'bag' }]);
    expect(step.objects.map(({ track }) => track)).toEqual([1, 3]);
  });

  it('says when it is out of sight, keeps its place, and gives it up after half a minute', async () => {
    const pool = new Pool();
    const { tracks, picture } = tracking(pool);
    tracks.followByHand(bag);
    await tracks.undetected(picture(0));
    await tracks.undetected(picture(1000));
    pool.confidence = 0.1;
    const hidden = await tracks.undetected(picture(2000));
    expect(hidden.step.objects).toMatchObject([{ state: 'occluded', box: [305, 200, 335, 230] }]);
    pool.confidence = 0.6;
    expect((await tracks.undetected(picture(4000))).step.objects).toMatchObject([{ state: 'predicted' }]);
    pool.confidence = 0.1;
    for (let atMs = 5000; atMs <= 34_000; atMs += 1000)
      expect((await tracks.undetected(picture(atMs))).step.ended).toEqual([]);
    const { step } = await tracks.undetected(picture(34_500));
    expect(step.ended).toMatchObject([{ track: 1, label: 'bag' }]);
    expect(step.objects).toEqual([]);
  });

  it('begins where a tracked object is by now that was under the box when it was drawn', async () => {
    const { tracks, picture } = tracking(new Pool());
    for (const at of [0, 1, 2]) await tracks.detected(picture(at * 100), [person(100 + 5 * at)]);
    tracks.followByHand({ box: [100, 100, 140, 220], label: 'thief' });
    const { step } = await tracks.detected(picture(300), [person(115)]);
    expect(step.started).toMatchObject([{ label: 'thief', box: step.objects[0]!.box }]);
  });

  it('begins anew with an object whose picture could not be searched', async () => {
    const pool = new Pool();
    const { tracks, picture } = tracking(pool);
    tracks.followByHand(bag);
    pool.isLost = true;
    expect((await tracks.undetected(picture(0))).step.objects).toEqual([]);
    pool.isLost = false;
    expect((await tracks.undetected(picture(100))).step.started).toMatchObject([{ track: 1 }]);
  });

  it('refuses a box outside of the picture, a ninth object, and a camera that does not search', async () => {
    const { tracks, picture } = tracking(new Pool());
    for (const box of [[700, 0, 800, 100], [10, 10, 10, 30], [NaN, 0, 20, 20], [-90, 0, 10, 50]] as Box[]) // prettier-ignore
      expect(() => tracks.followByHand({ box, label: 'x' })).toThrow(expect.objectContaining({ code: 'engine/bad-box' })); // prettier-ignore
    const numbers = Array.from({ length: 8 }, () => tracks.followByHand(bag));
    const tooMany = expect.objectContaining({ code: 'engine/too-many-followed' });
    expect(() => tracks.followByHand(bag)).toThrow(tooMany);
    tracks.release(numbers[0]!);
    await tracks.undetected(picture(0));
    expect(() => tracks.followByHand(bag)).not.toThrow();
    const off = tracking().tracks;
    expect(() => off.followByHand(bag)).toThrow(expect.objectContaining({ code: 'engine/follow-off' }));
    expect(off.release(1)).toBe(false);
  });
});
