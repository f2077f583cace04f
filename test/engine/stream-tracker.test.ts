import { describe, expect, it } from '@jest/globals';
import { AppError, silentLog } from '../../src/base/index.js';
import { StreamTracker } from '../../src/engine/stream-tracker.js';
import type { FollowerPool } from '../../src/engine/track-follower.js';
import type { Box } from '../../src/geometry/index.js';
import { KernelStore, type FollowJob } from '../../src/inference/index.js';
import { FakeClock } from '../support/fake-clock.js';

const size = { widthPx: 640, heightPx: 360 };
const memory = new SharedArrayBuffer((size.widthPx * size.heightPx * 3) / 2);
const person = (x: number) => ({ label: 'person', score: 0.9, box: [x, 100, x + 40, 220] as Box });

/** A pool that finds each box where it was sought, until it is `lost`; and what was asked of it. */
class Pool implements FollowerPool {
  readonly follower = { version: 'test', embeddingLength: 0 };
  readonly jobs: FollowJob[] = [];
  idle = 1;
  isLost = false;

  createKernelStore(slots: number): KernelStore {
    return new KernelStore(1, slots);
  }

  follow(job: FollowJob) {
    this.jobs.push(job);
    if (this.isLost) return Promise.reject(new AppError('inference/worker-died', 'unavailable', 'it ended'));
    const searches = job.searches.map((asked) => ({ ...asked, score: 0.9, sidelobe: 0, confidence: 0.9 }));
    return Promise.resolve({ searches, templates: [], cropMs: 1, networkMs: 2, postprocessMs: 0 });
  }
}

function tracking(pool: FollowerPool) {
  const tracks = new StreamTracker({
    pictures: { memory, frame: size, source: size },
    startScoreMin: 0.4,
    firstTrack: 1,
    follower: pool,
    clock: new FakeClock(),
    log: silentLog,
  });
  const picture = (at: number) => ({
    frame: { slot: 0, byteOffset: 0, ptsTicks: 0, arrivedMs: 0, capturedAtMs: 0, decodedMs: 0 },
    ptsMs: at * 100,
    cameraMotion: undefined,
  });
  return { tracks, picture };
}

describe('StreamTracker', () => {
  it('searches for the tracks that the detector misses, by templates of the pictures that showed them', async () => {
    const pool = new Pool();
    const { tracks, picture } = tracking(pool);
    for (let i = 0; i < 5; i++) await tracks.detected(picture(i), [person(100), person(400)]);
    expect(pool.jobs.flatMap(({ templates }) => templates)).toHaveLength(2);
    const { step, followMs } = await tracks.detected(picture(5), [person(100)]);
    expect(pool.jobs.at(-1)!.searches).toHaveLength(1);
    expect(step.objects).toMatchObject([
      { track: 1, state: 'tracked' },
      { track: 2, state: 'predicted', confidence: 0.9 },
    ]);
    expect(followMs).toBe(3);
  });

  it('tells what began and ended in a picture although its search failed, and goes on', async () => {
    const pool = new Pool();
    const { tracks, picture } = tracking(pool);
    await tracks.detected(picture(0), [person(100)]);
    await tracks.detected(picture(1), [person(100)]);
    pool.isLost = true;
    const { step } = await tracks.detected(picture(2), [person(100)]);
    expect(pool.jobs.length).toBeGreaterThan(0);
    expect(step.started).toMatchObject([{ track: 1 }]);
    expect((await tracks.undetected(picture(3))).step.objects).toMatchObject([
      { track: 1, state: 'predicted' },
    ]);
    pool.isLost = false;
    // No template was made while it was lost: one is made now, and used then.
    await tracks.detected(picture(4), [person(100)]);
    expect((await tracks.undetected(picture(5))).step.objects).toMatchObject([{ track: 1, confidence: 0.9 }]);
  });

  it('shares searches out among idle workers, and makes templates of a few objects in each picture', async () => {
    const pool = new Pool();
    const { tracks, picture } = tracking(pool);
    const people = [0, 100, 200, 300, 400].map(person);
    for (let i = 0; i < 5; i++) await tracks.detected(picture(i), people);
    await tracks.undetected(picture(5));
    expect(pool.jobs.map(({ templates }) => templates.length)).toEqual([3, 2, 0]);
    pool.jobs.length = 0;
    pool.idle = 4;
    const { step, followMs } = await tracks.undetected(picture(6));
    expect(pool.jobs.map(({ searches }) => searches.length)).toEqual([3, 2]);
    expect(step.objects.map(({ confidence }) => confidence)).toEqual(Array(5).fill(0.9));
    expect(followMs).toBe(6);
  });

  it('gives the room of a template back when its track has ended', async () => {
    const pool = new Pool();
    const { tracks, picture } = tracking(pool);
    // More objects than there is room for, one after the other, each at its own place and gone for good.
    for (let round = 0; round < 70; round++) {
      for (let i = 0; i < 3; i++) await tracks.detected(picture(round * 200 + i), [person(100)]);
      const { step } = await tracks.detected(picture(round * 200 + 150), []);
      expect(step.ended).toHaveLength(1);
    }
    expect(pool.jobs.flatMap(({ templates }) => templates)).toHaveLength(70);
  });
});
