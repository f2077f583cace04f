import { describe, expect, it } from '@jest/globals';
import { AppError, silentLog } from '../../src/base/index.js';
import { TrackMasks, type MaskPool } from '../../src/engine/track-masks.js';
import type { FrameObject } from '../../src/events/index.js';
import { maskArea, type Box, type Detection, type MaskRle } from '../../src/geometry/index.js';
import type { SegmentJob } from '../../src/inference/index.js';
import { FakeClock } from '../support/fake-clock.js';

const size = { widthPx: 640, heightPx: 360 };
const memory = new SharedArrayBuffer((size.widthPx * size.heightPx * 3) / 2);
const frame = { slot: 0, byteOffset: 0, ptsTicks: 0, arrivedMs: 0, capturedAtMs: 0, decodedMs: 0 };

/** A pool that says that the left half of each crop is the object. */
class Pool implements MaskPool {
  idle = 1;
  ms = 2;
  isBroken = false;
  isBlank = false;
  readonly jobs: SegmentJob[] = [];

  segment(job: SegmentJob) {
    this.jobs.push(job);
    if (this.isBroken)
      return Promise.reject(new AppError('inference/worker-died', 'unavailable', 'it ended'));
    const values = () => Float32Array.from({ length: 64 }, (_, at) => (!this.isBlank && at % 8 < 4 ? 1 : 0));
    const masks = job.boxes.map(() => ({ values: values(), columns: 8, rows: 8 }));
    return Promise.resolve({ masks, cropMs: 0, networkMs: this.ms * job.boxes.length });
  }
}

const person = (track: number, x: number, more: Partial<FrameObject> = {}): FrameObject => ({
  track,
  label: 'person',
  score: 0.9,
  box: [x, 100, x + 40, 220] as Box,
  state: 'tracked',
  ...more,
});

const seen = (objects: readonly FrameObject[], ptsMs: number, detections: readonly Detection[] = []) => ({
  ptsMs,
  objects,
  detections,
});

function masking() {
  const [pool, clock] = [new Pool(), new FakeClock()];
  const masks = new TrackMasks({
    pool,
    pictures: { memory, frame: size, source: size },
    clock,
    log: silentLog,
  });
  return { pool, clock, masks };
}

describe('TrackMasks', () => {
  it('makes the mask of a confirmed track once, and lays it over the box wherever that goes', async () => {
    const { pool, masks } = masking();
    await masks.look(frame, seen([person(1, 100)], 0), false);
    for (let at = 1; at < 5; at++) {
      const objects = [person(1, 100 + at)];
      await masks.look(frame, seen(objects, at * 200), false);
      const [{ mask }] = masks.told(objects) as [FrameObject];
      expect(maskArea(mask!) / (40 * 120)).toBeCloseTo(0.5, 1);
    }
    expect(pool.jobs.map(({ boxes }) => boxes)).toEqual([[[100, 100, 140, 220]]]);
    expect(masks.takeCounts()).toEqual({ made: 1, gaveWay: 0, failed: 0 });
    expect([masks.takeSpentMs(), masks.takeSpentMs()]).toEqual([2, 0]);
  });

  it('makes it anew when it is a second old, or the object has changed its shape', async () => {
    const { pool, masks } = masking();
    await masks.look(frame, seen([person(1, 100)], 0), false);
    await masks.look(frame, seen([person(1, 100)], 999), false);
    expect(pool.jobs).toHaveLength(1);
    await masks.look(frame, seen([person(1, 100)], 1000), false);
    expect(pool.jobs).toHaveLength(2);
    await masks.look(frame, seen([person(1, 100, { box: [100, 150, 140, 220] })], 1100), false);
    expect(pool.jobs).toHaveLength(3);
  });

  it('leaves alone what is not confirmed, not seen, has no area, or has a mask of its own', async () => {
    const { pool, masks } = masking();
    const own: MaskRle = { size: [360, 640], counts: '0' };
    const objects = [
      person(1, 0, { state: 'tentative' }),
      person(2, 100, { state: 'predicted', confidence: 0.9 }),
      person(3, 200, { state: 'occluded' }),
      person(4, 300, { mask: own }),
      person(5, 400, { box: [640, 100, 640, 220] }),
    ];
    await masks.look(frame, seen(objects, 0), false);
    expect(pool.jobs).toEqual([]);
    expect(masks.told(objects)).toEqual(objects);
  });

  it('tells no mask of what is hidden, nor one that shows next to nothing', async () => {
    const { pool, masks } = masking();
    await masks.look(frame, seen([person(1, 100)], 0), false);
    expect(masks.told([person(1, 100, { state: 'occluded' })])[0]).not.toHaveProperty('mask');
    expect(masks.told([person(1, 100, { state: 'predicted' })])[0]).toHaveProperty('mask');
    pool.isBlank = true;
    await masks.look(frame, seen([person(1, 100)], 2000), false);
    expect(masks.told([person(1, 100)])[0]).not.toHaveProperty('mask');
  });

  it('looks where the detection is that a lagging track goes by, and nowhere else', async () => {
    const { pool, masks } = masking();
    const [here, there]: [Box, Box] = [
      [110, 100, 150, 220],
      [300, 100, 340, 220],
    ];
    const of = (label: string, box: Box) => ({ label, score: 0.9, box });
    await masks.look(frame, seen([person(1, 100)], 0, [of('car', [101, 100, 141, 220]), of('person', there), of('person', here)]), false); // prettier-ignore
    await masks.look(frame, seen([person(2, 500)], 200, [of('person', there)]), false);
    expect(pool.jobs.map(({ boxes }) => boxes)).toEqual([[here], [[500, 100, 540, 220]]]);
  });

  it('gives way to other pictures and busy workers, and makes a few in each picture, the oldest first', async () => {
    const { pool, masks } = masking();
    const crowd = Array.from({ length: 6 }, (_, at) => person(at + 1, at * 60));
    await masks.look(frame, seen(crowd, 0), true);
    pool.idle = 0;
    await masks.look(frame, seen(crowd, 200), false);
    expect(pool.jobs).toEqual([]);
    expect(masks.takeCounts()).toEqual({ made: 0, gaveWay: 12, failed: 0 });
    pool.idle = 1;
    await masks.look(frame, seen(crowd, 400), false);
    await masks.look(frame, seen(crowd, 600), false);
    expect(pool.jobs.map(({ boxes }) => boxes.map(([x]) => x / 60))).toEqual([[0, 1, 2, 3], [4, 5]]); // prettier-ignore
  });

  it('takes no more than its share of a core, however many tracks there are', async () => {
    const { pool, clock, masks } = masking();
    pool.ms = 10;
    let spentMs = 0;
    for (let at = 0; at < 100; at++) {
      const crowd = Array.from({ length: 30 }, (_, i) => person(i + 1, i * 20));
      await masks.look(frame, seen(crowd, at * 100), false);
      spentMs += masks.takeSpentMs();
      clock.advance(100);
    }
    // 8 % of ten seconds, what was saved up before, and the last job's overdraft.
    expect(spentMs).toBeLessThanOrEqual(800 + 200 + 40);
    expect(spentMs).toBeGreaterThan(700);
    expect(masks.takeCounts().gaveWay).toBeGreaterThan(0);
  });

  it('keeps the mask that it has when no new one can be made, and tries again a second later', async () => {
    const { pool, masks } = masking();
    await masks.look(frame, seen([person(1, 100)], 0), false);
    pool.isBroken = true;
    await masks.look(frame, seen([person(1, 100)], 1500), false);
    await masks.look(frame, seen([person(1, 100)], 1700), false);
    expect(pool.jobs).toHaveLength(2);
    expect(masks.told([person(1, 100)])[0]).toHaveProperty('mask');
    expect(masks.takeCounts()).toEqual({ made: 1, gaveWay: 0, failed: 1 });
    pool.isBroken = false;
    await masks.look(frame, seen([person(1, 100)], 2600), false);
    expect(masks.takeCounts()).toMatchObject({ made: 1 });
  });

  it('gives every detection its mask where all are wanted, and leaves those that have one', async () => {
    const { pool, masks } = masking();
    const own: MaskRle = { size: [360, 640], counts: '0' };
    const detections = [
      { label: 'person', score: 0.9, box: [10, 10, 50, 110] as Box },
      { label: 'person', score: 0.8, box: [10, 10, 10, 110] as Box },
      { label: 'car', score: 0.7, box: [100, 10, 200, 110] as Box, mask: own },
    ];
    const masked = await masks.ofAll(frame, detections);
    expect(masked.map(({ mask }) => mask && maskArea(mask))).toEqual([
      expect.any(Number),
      undefined,
      maskArea(own),
    ]);
    expect(pool.jobs[0]!.boxes).toEqual([[10, 10, 50, 110]]);
    pool.isBroken = true;
    expect(await masks.ofAll(frame, detections)).toEqual(detections);
  });
});
