import { describe, expect, it } from '@jest/globals';
import { AppError } from '../../src/base/index.js';
import { BatchSize } from '../../src/inference/batch-size.js';
import type { DetectJob, DetectResult } from '../../src/inference/index.js';
import { PictureGatherer } from '../../src/inference/picture-gatherer.js';
import { FakeClock } from '../support/fake-clock.js';
import { greyJob } from './pictures.js';

const FOUND: DetectResult = { detections: [], preprocessMs: 0, inferenceMs: 0, postprocessMs: 0 };
const SMALL = { widthPx: 64, heightPx: 64 };

/** A worker that has found out that four pictures are worth a run, and whose runs end when the test says so. */
function setUp() {
  const clock = new FakeClock();
  const size = new BatchSize(4);
  for (const count of [1, 2, 4]) for (let i = 0; i < 4; i++) size.note(count, 5, 0);
  const runs: (readonly DetectJob[])[] = [];
  let end: (answers: readonly (DetectResult | AppError)[]) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const gatherer = new PictureGatherer({
    size,
    clock,
    run: (jobs) => {
      runs.push(jobs);
      return new Promise((resolve, reject) => ([end, fail] = [resolve, reject]));
    },
  });
  const counts = () => runs.map(({ length }) => length);
  return {
    clock,
    gatherer,
    counts,
    end: async (answers = runs.at(-1)!.map((): DetectResult | AppError => FOUND)) => {
      end(answers);
      await clock.advanceAsync(0);
    },
    fail: (error: unknown) => fail(error),
  };
}

describe('PictureGatherer', () => {
  it('begins at once when as many pictures are there as are worth it', () => {
    const { gatherer, counts } = setUp();
    for (let i = 0; i < 4; i++) void gatherer.add(greyJob());
    expect(counts()).toEqual([4]);
    expect(gatherer.room).toBe(0);
  });

  it('lets a picture wait for others for 3 ms, and no longer', () => {
    const { clock, gatherer, counts } = setUp();
    void gatherer.add(greyJob());
    clock.advance(2);
    void gatherer.add(greyJob());
    expect([counts(), gatherer.room]).toEqual([[], 2]);
    clock.advance(1);
    expect(counts()).toEqual([2]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('lets none wait when no others are expected', () => {
    const { gatherer, counts } = setUp();
    gatherer.expectNone();
    void gatherer.add(greyJob());
    gatherer.expectNone();
    expect(counts()).toEqual([1]);
    gatherer.expectNone();
    expect(counts()).toEqual([1]);
  });

  it('runs pictures of one size together, and those of another right after them', async () => {
    const { gatherer, counts, end } = setUp();
    const small = gatherer.add(greyJob(SMALL));
    const large = gatherer.add(greyJob());
    void gatherer.add(greyJob(SMALL));
    gatherer.expectNone();
    expect(counts()).toEqual([2]);
    await end();
    expect(await small).toBe(FOUND);
    expect([counts(), gatherer.room]).toEqual([[2, 1], 0]);
    await end();
    expect(await large).toBe(FOUND);
    expect(gatherer.room).toBe(4);
  });

  it('fails a bad picture alone', async () => {
    const { gatherer, end } = setUp();
    const bad = expect(gatherer.add(greyJob())).rejects.toThrow('bad');
    const good = gatherer.add(greyJob());
    gatherer.expectNone();
    await end([new AppError('inference/bad-job', 'input', 'bad'), FOUND]);
    await bad;
    expect(await good).toBe(FOUND);
  });

  it('fails all pictures of a run that fails, and takes others', async () => {
    const { gatherer, fail } = setUp();
    const failed = [gatherer.add(greyJob()), gatherer.add(greyJob())].map((job) =>
      expect(job).rejects.toThrow('lost'),
    );
    gatherer.expectNone();
    fail(new Error('lost'));
    await Promise.all(failed);
    expect(gatherer.room).toBe(4);
  });
});
