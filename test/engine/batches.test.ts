import { describe, expect, it } from '@jest/globals';
import { sleep, type Clock } from '../../src/base/index.js';
import { Dispatcher, type FrameSource, type WorkerPool } from '../../src/engine/dispatcher.js';
import { BatchSize } from '../../src/inference/batch-size.js';
import { PictureGatherer } from '../../src/inference/picture-gatherer.js';
import { greyJob } from '../inference/pictures.js';
import { FakeClock } from '../support/fake-clock.js';

const FOUND = { detections: [], preprocessMs: 0, inferenceMs: 0, postprocessMs: 0 };

/** One worker on a device for which a run of any number of pictures takes 5 ms. */
class Device implements WorkerPool {
  readonly runs: number[] = [];
  readonly pictures: PictureGatherer;

  constructor(clock: Clock) {
    this.pictures = new PictureGatherer({
      size: new BatchSize(),
      clock,
      run: async (jobs) => {
        this.runs.push(jobs.length);
        await sleep(clock, 5);
        return jobs.map(() => FOUND);
      },
    });
  }

  get size(): number {
    return this.pictures.limit;
  }

  get idle(): number {
    return this.pictures.room;
  }

  freeWithin(): number {
    return this.size;
  }

  whenFree(): Promise<void> {
    return new Promise(() => undefined);
  }

  expectNone(): void {
    this.pictures.expectNone();
  }
}

/** A camera whose newest picture waits. Each takes a millisecond to decode. */
class Camera implements FrameSource {
  ready = false;
  seen = 0;
  worstWaitMs = 0;
  #readyMs = 0;
  #isDecoding = false;
  readonly #device: Device;
  readonly #clock: Clock;

  constructor(device: Device, clock: Clock, dispatcher: () => Dispatcher, periodMs: number) {
    this.#device = device;
    this.#clock = clock;
    clock.every(periodMs, () => {
      this.#isDecoding = true;
      clock.after(1, () => {
        this.#isDecoding = false;
        this.ready = true;
        this.#readyMs = clock.monotonicMs();
        dispatcher().dispatch();
      });
    });
  }

  get claims(): number {
    return (this.ready ? 1 : 0) + (this.#isDecoding ? 1 : 0);
  }

  async analyseNext(): Promise<void> {
    this.ready = false;
    const readyMs = this.#readyMs;
    await this.#device.pictures.add(greyJob());
    this.seen++;
    this.worstWaitMs = Math.max(this.worstWaitMs, this.#clock.monotonicMs() - readyMs);
  }
}

async function watch(periodsMs: readonly number[], forMs: number) {
  const clock = new FakeClock();
  const device = new Device(clock);
  const dispatcher: Dispatcher = new Dispatcher(device, clock);
  const cameras = periodsMs.map((periodMs) => new Camera(device, clock, () => dispatcher, periodMs));
  for (const camera of cameras) dispatcher.add(camera);
  await clock.advanceAsync(forMs);
  return { device, cameras };
}

describe('batches across cameras', () => {
  it('serve more cameras than single runs could, each its share', async () => {
    // 4 pictures every 8 ms: single runs of 5 ms could take less than half of them.
    const { device, cameras } = await watch([8, 8, 8, 8], 2000);
    expect(device.runs.at(-1)).toBe(4);
    const seen = cameras.map((camera) => camera.seen);
    expect(Math.min(...seen)).toBeGreaterThan(230);
    expect(Math.max(...seen) - Math.min(...seen)).toBeLessThanOrEqual(4);
  });

  it('give a slow camera its turn among greedy ones', async () => {
    const { cameras } = await watch([2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 100], 2000);
    const slow = cameras.at(-1)!;
    expect(slow.seen).toBeGreaterThanOrEqual(19);
    expect(slow.worstWaitMs).toBeLessThanOrEqual(10);
  });

  it('do not delay a lone camera: its picture waits for no company that is not on its way', async () => {
    const { device, cameras } = await watch([40], 2000);
    expect(cameras[0]!.worstWaitMs).toBe(5);
    expect(new Set(device.runs)).toEqual(new Set([1]));
  });
});
