import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog, systemClock } from '../../src/base/index.js';
import { analyseFile, type Analysis, type DetectEvery } from '../../src/engine/index.js';
import { defaultFollower, ensureDefaultDetector, InferencePool } from '../../src/inference/index.js';
import { findFfmpeg, type Ffmpeg } from '../../src/media/index.js';

const DEMO = { source: 'streams/demo.mp4', size: { widthPx: 640, heightPx: 360 } };

describe('analyseFile with a detector that does not look at each picture', () => {
  let ffmpeg: Ffmpeg;
  let pool: InferencePool;
  beforeAll(async () => {
    ffmpeg = await findFfmpeg();
    const modelPath = await ensureDefaultDetector({ log: silentLog, onProgress: () => undefined });
    pool = await InferencePool.open({ modelPath, follower: defaultFollower(), workers: 2, log: silentLog });
  }, 120_000);
  afterAll(() => pool.close());

  /** The first `count` pictures of the demo. */
  async function analyse(
    count: number,
    how: { detectEvery: DetectEvery; follow: boolean },
    on = pool,
  ): Promise<Analysis[]> {
    const seen: Analysis[] = [];
    const ending = new AbortController();
    await analyseFile({
      ...DEMO,
      ...how,
      ffmpeg,
      pool: on,
      longSidePx: 320,
      labels: [],
      scoreMin: 0.4,
      clock: systemClock,
      log: silentLog,
      signal: ending.signal,
      onFrame: (analysis) => {
        seen.push(analysis);
        if (seen.length >= count) ending.abort();
      },
    });
    return seen.slice(0, count);
  }
  const looked = (seen: readonly Analysis[]) =>
    seen.map(({ detections }) => (detections === undefined ? '-' : 'D')).join('');

  it('comes to its end with one worker, also where that is at templates when a picture is done', async () => {
    const one = await InferencePool.open({ modelPath: await ensureDefaultDetector({ log: silentLog, onProgress: () => undefined }), follower: defaultFollower(), workers: 1, log: silentLog }); // prettier-ignore
    try {
      expect(looked(await analyse(36, { detectEvery: 3, follow: true }, one))).toBe('D--'.repeat(12));
    } finally {
      await one.close();
    }
  }, 120_000);

  it('follows the tracks through the other pictures, in order and with a confidence', async () => {
    const seen = await analyse(36, { detectEvery: 3, follow: true });
    expect(looked(seen)).toBe('D--'.repeat(12));
    const times = seen.map(({ ptsMs }) => ptsMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const between = seen.filter(({ detections }) => detections === undefined);
    const followed = between.flatMap(({ objects }) =>
      objects.filter(({ confidence }) => confidence !== undefined),
    );
    expect(followed.length).toBeGreaterThan(20);
    expect(followed.every(({ state, confidence }) => state === 'predicted' && confidence! >= 0.5)).toBe(true);
    expect(between.every(({ timing }) => timing.inferenceMs === 0)).toBe(true);
    expect(between.some(({ timing }) => timing.followMs > 0)).toBe(true);
  }, 120_000);

  it('leaves them to motion alone where it is told to', async () => {
    const seen = await analyse(24, { detectEvery: 3, follow: false });
    expect(looked(seen)).toBe('D--'.repeat(8));
    expect(seen.flatMap(({ objects }) => objects).some(({ confidence }) => confidence !== undefined)).toBe(
      false,
    );
    expect(seen.flatMap(({ objects }) => objects).some(({ state }) => state === 'predicted')).toBe(true);
    expect(seen.every(({ timing }) => timing.followMs === 0)).toBe(true);
  }, 120_000);

  it('takes each picture into account when it decides by what happens', async () => {
    const seen = await analyse(40, { detectEvery: 'adaptive', follow: true });
    expect(seen).toHaveLength(40);
    expect(looked(seen)).toMatch(/^D.*-/);
  }, 120_000);
});
