import { describe, expect, it } from '@jest/globals';
import { AppError, silentLog } from '../../src/base/index.js';
import type { ReadConfig } from '../../src/config/index.js';
import type { TrackChange, TrackReading } from '../../src/engine/messages.js';
import { TrackTexts } from '../../src/engine/track-texts.js';
import type { FrameObject } from '../../src/events/index.js';
import type { Box, FourPoints } from '../../src/geometry/index.js';
import type { ReadJob, ReadResult } from '../../src/inference/index.js';
import { FakeClock } from '../support/fake-clock.js';

const source = { widthPx: 1280, heightPx: 720 };
const frame = { widthPx: 640, heightPx: 360 };
const picture = new Uint8Array((frame.widthPx * frame.heightPx * 3) / 2).fill(128);
const PLATE: FourPoints = [
  [10, 20],
  [50, 20],
  [50, 30],
  [10, 30],
];
const read: ReadConfig = {
  labels: ['car'],
  mode: 'plate',
  patterns: ['sk'],
  longSidePx: 640,
  heightMinPx: 60,
  everyMs: 300,
  confidenceMin: 0.5,
};

/** A thread that answers when a test says so. */
class Thread {
  readonly version = 'reader@1';
  isIdle = true;
  ms = 20;
  readonly jobs: ReadJob[] = [];
  #answer: { resolve: (result: ReadResult) => void; reject: (error: Error) => void } | undefined;

  read(job: ReadJob): Promise<ReadResult> {
    this.jobs.push(job);
    this.isIdle = false;
    return new Promise((resolve, reject) => (this.#answer = { resolve, reject }));
  }

  /** The answer to what was asked last: one line, or none. */
  async says(text?: string, confidence = 0.9): Promise<void> {
    this.isIdle = true;
    const characters = [...(text ?? '')].map((value) => ({ value, confidence }));
    const texts = text === undefined ? [] : [{ value: text, confidence, polygon: PLATE, characters }];
    this.#answer!.resolve({ texts, detectMs: this.ms, recogniseMs: 0, lines: 1 });
    await Promise.resolve();
  }

  async fails(error: Error): Promise<void> {
    this.isIdle = true;
    this.#answer!.reject(error);
    await Promise.resolve();
    await Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const car = (track: number, box: Box, more: Partial<FrameObject> = {}): FrameObject => ({
  ...{ track, label: 'car', score: 0.9, box, state: 'tracked' },
  ...more,
});
const far: Box = [300, 300, 400, 440];
const near: Box = [300, 200, 560, 560];

function reading({ has = true, ...changed }: Partial<ReadConfig> & { has?: boolean } = {}) {
  const [thread, clock] = [new Thread(), new FakeClock()];
  const told: TrackReading[] = [];
  const texts = new TrackTexts({
    read: { ...read, ...changed },
    reading: { thread: has ? thread : undefined },
    ...{ frame, source, clock, log: silentLog },
    onText: (one) => told.push(one),
  });
  let ptsMs = 0;
  const look = (
    objects: readonly FrameObject[],
    { changes = [] as readonly TrackChange[], isWaited = false, isDetected = true, stepMs = 400 } = {},
  ) => {
    ptsMs += stepMs;
    clock.advance(stepMs);
    void texts.look({ picture, ptsMs, capturedAtMs: ptsMs + 5, objects, changes, isDetected }, isWaited);
  };
  return { thread, told, texts, look, clock };
}

describe('TrackTexts', () => {
  it('tells one answer when three views agree, with its evidence, and no other while they go on to', async () => {
    const { thread, told, texts, look } = reading();
    for (let i = 0; i < 3; i++) {
      look([car(7, near)]);
      await thread.says('RK755AJ', 0.8 + i / 20);
    }
    expect(told).toEqual([]);
    look([car(7, near)]);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ track: 7, label: 'car', box: near, ptsMs: 1600, model: 'reader@1' });
    const { text } = told[0]!;
    expect(text).toMatchObject({ value: 'RK755AJ', views: 3, confidence: 0.85, fitsPattern: true });
    expect(text.characters).toHaveLength(7);
    // The surest view was the third; its crop began at 292.2, 189.2 of the source, on an even pixel of the analysed picture.
    expect(text.seen).toMatchObject({ ptsMs: 1200, box: near, polygon: [[312, 228], [392, 228], [392, 248], [312, 248]] }); // prettier-ignore
    expect(texts.marked([car(7, far)])[0]!.text).toEqual({ value: 'RK755AJ', confidence: 0.85 });
    expect(thread.jobs[0]!.options).toMatchObject({ plates: ['sk'], longSidePx: 320 });
    for (let i = 0; i < 5; i++) look([car(7, near)]);
    expect(thread.jobs).toHaveLength(3);
    expect(told).toHaveLength(1);
    expect(texts.takeCounts()).toMatchObject({
      told: 1,
      read: 3,
      nothing: 0,
      failed: 0,
      readMs: [20, 20, 20],
    });
  });

  it('lets the views outvote a wrong one, whenever it came', async () => {
    const { thread, told, look } = reading();
    for (const text of ['RK75SAJ', 'RK755AJ', 'RK755AJ', 'RK755AJ', 'RK755AJ']) {
      look([car(1, near)]);
      if (!thread.isIdle) await thread.says(text);
    }
    look([car(1, near)]);
    expect(told.map(({ text }) => text.value)).toEqual(['RK755AJ']);
  });

  it('tells what is known after two seconds, and corrects it once the views say otherwise', async () => {
    const { thread, told, look } = reading();
    look([car(1, near)]);
    await thread.says('RK75SAJ', 0.6);
    for (let i = 0; i < 4; i++) look([car(1, near)], { isWaited: true });
    expect(told).toHaveLength(0);
    look([car(1, near)], { isWaited: true });
    expect(told.map(({ text }) => [text.value, text.views, text.fitsPattern])).toEqual([
      ['RK75SAJ', 1, false],
    ]);
    for (let i = 0; i < 4; i++) {
      look([car(1, near)]);
      if (!thread.isIdle) await thread.says('RK755AJ');
    }
    look([car(1, near)]);
    expect(told.slice(1)).toMatchObject([{ was: 'RK75SAJ', text: { value: 'RK755AJ', fitsPattern: true } }]);
  });

  it('tells what it knows at the end of a track, which knows it then, and of the stream', async () => {
    const { thread, told, texts, look } = reading();
    look([car(1, near)]);
    await thread.says('RK755AJ');
    const changes: TrackChange[] = [{ change: 'ended', object: car(1, near) }];
    look([], { changes });
    expect(told).toHaveLength(1);
    expect(texts.markedChanges(changes)[0]!.object.text?.value).toBe('RK755AJ');
    look([car(2, near)]);
    await thread.says('RK099AN');
    texts.close();
    expect(told.map(({ track, text }) => [track, text.value])).toEqual([[1, 'RK755AJ'], [2, 'RK099AN']]); // prettier-ignore
  });

  it('tells nothing that is not sure enough, and nothing where nothing stands', async () => {
    const { thread, told, texts, look } = reading();
    look([car(1, near)]);
    await thread.says('RK755AJ', 0.4);
    look([car(2, near)]);
    await thread.says();
    texts.close();
    expect(told).toEqual([]);
    expect(texts.takeCounts()).toMatchObject({ told: 0, read: 1, nothing: 1 });
  });

  it('reads views that are about as good as the best or better, and after three of nothing only a better one', async () => {
    const { thread, look } = reading();
    look([car(1, near)]);
    await thread.says();
    look([car(1, far)]);
    expect(thread.jobs).toHaveLength(1);
    for (let i = 0; i < 5; i++) {
      look([car(1, near)]);
      if (!thread.isIdle) await thread.says();
    }
    expect(thread.jobs).toHaveLength(3);
    look([car(1, [200, 60, 700, 700])]);
    expect(thread.jobs).toHaveLength(4);
  });

  it('leaves alone what has another label, is too small, not confirmed, or was read a moment ago', async () => {
    const { thread, look } = reading();
    const small: Box = [300, 300, 420, 418];
    look([car(1, near, { label: 'person' }), car(2, small), car(3, near, { state: 'tentative' })]);
    look([car(4, near)], { isDetected: false });
    expect(thread.jobs).toHaveLength(0);
    look([car(4, near)]);
    await thread.says('RK755AJ');
    look([car(4, near)], { stepMs: 200 });
    expect(thread.jobs).toHaveLength(1);
  });

  it('reads the least known track first', async () => {
    const { thread, told, texts, look } = reading();
    const other: Box = [700, 200, 960, 560];
    for (let i = 0; i < 4; i++) {
      look([car(1, near), car(2, other)]);
      await thread.says(i % 2 === 0 ? 'RK755AJ' : 'RK099AN');
    }
    texts.close();
    expect(told.map(({ track, text }) => [track, text.value, text.views])).toEqual([[1, 'RK755AJ', 2], [2, 'RK099AN', 2]]); // prettier-ignore
  });

  it('gives way to the detector, to another view, to its budget and while models are loaded, and counts why', async () => {
    const { thread, texts, look } = reading();
    look([car(1, near)], { isWaited: true });
    thread.isIdle = false;
    look([car(1, near)]);
    thread.isIdle = true;
    thread.ms = 20_000;
    look([car(1, near)]);
    await thread.says('RK755AJ');
    look([car(1, near), car(2, [700, 200, 960, 560])]);
    const skipped = { detection: 1, busy: 1, budget: 2, loading: 0 };
    expect(texts.takeCounts()).toMatchObject({ read: 1, skipped });
    expect(texts.takeCounts()).toMatchObject({ read: 0, skipped: { detection: 0, busy: 0, budget: 0 } });
    const loading = reading({ has: false });
    loading.look([car(1, near)]);
    expect(loading.texts.takeCounts().skipped.loading).toBe(1);
  });

  it('counts views that could not be read, and goes on', async () => {
    const { thread, told, texts, look } = reading();
    look([car(1, near)]);
    await thread.fails(new AppError('inference/failed', 'internal', 'no'));
    look([car(1, near)]);
    await thread.says('RK755AJ');
    texts.close();
    expect(texts.takeCounts()).toMatchObject({ failed: 1, read: 1 });
    expect(told).toHaveLength(1);
  });

  it('gives a track that turned out to be another to that one, which tells it as its own', async () => {
    const { thread, told, look } = reading();
    for (let i = 0; i < 3; i++) {
      look([car(2, near)]);
      await thread.says('RK755AJ');
    }
    look([car(2, near)]);
    look([car(1, near)], { changes: [{ change: 'merged', object: car(2, near), into: 1 }] });
    expect(told.map(({ track, text, was }) => [track, text.value, was])).toEqual([[2, 'RK755AJ', undefined], [1, 'RK755AJ', undefined]]); // prettier-ignore
  });

  it('reads finer pictures where there are some, and all lines of an object where text is wanted', async () => {
    const { thread, texts, told, clock } = reading({ mode: 'text' });
    expect(texts.takeCounts().told).toBe(0);
    const fine = { widthPx: 1280, heightPx: 720 };
    const finer = new TrackTexts({
      read: { ...read, mode: 'text', confidenceMin: 0.1 },
      reading: { thread },
      ...{ frame, fine, source, clock, log: silentLog },
      onText: (one) => told.push(one),
    });
    const seen = {
      picture,
      ptsMs: 0,
      capturedAtMs: 0,
      objects: [car(1, near)],
      changes: [],
      isDetected: true,
    };
    void finer.look(
      { ...seen, fine: new Uint8Array((fine.widthPx * fine.heightPx * 3) / 2).fill(100) },
      false,
    );
    expect(thread.jobs[0]!.picture.size).toEqual({ widthPx: 276, heightPx: 384 });
    expect(thread.jobs[0]!.options).not.toHaveProperty('plates');
    await thread.says('OPEN');
    finer.close();
    expect(told[0]!.text).toMatchObject({ value: 'OPEN', views: 1 });
    expect(told[0]!.text).not.toHaveProperty('fitsPattern');
  });

  it('refuses a pattern that is none', () => {
    expect(() => reading({ patterns: ['xx'] })).toThrow(/no plate pattern/);
  });
});
