import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../support/clips.js';
import { fragmentClip, type FragmentedClip } from '../support/fragments.js';
import { bytesOf, continuous, probe, Recorded } from './recorded.js';

let small: FragmentedClip;
let large: FragmentedClip;
let recorded: Recorded;
beforeAll(async () => {
  const clip = async (widthPx: number) =>
    fragmentClip('ffmpeg', (await makeClip({ seconds: 4, fps: 10, widthPx, container: 'mp4' })).path);
  [small, large] = [await clip(320), await clip(480)];
});
afterEach(() => recorded.tearDown());

/** 4 s, an outage of 30 s, then 4 s of a new stream. */
async function recordTwice(second: FragmentedClip) {
  recorded = await Recorded.open();
  const recorder = recorded.recordings.recorder('gate', continuous);
  const startMs = recorded.clock.wallMs();
  recorded.start(recorder, small);
  await recorded.play(recorder, small);
  await recorded.clock.advanceAsync(30_000);
  recorded.start(recorder, second);
  await recorded.play(recorder, second);
  await recorder.close();
  return { startMs, all: { fromMs: startMs, toMs: startMs + 40_000 } };
}

describe('clips', () => {
  it('leave out the time in which the camera was gone, and say so', async () => {
    const { all, startMs } = await recordTwice(small);
    const clip = await recorded.recordings.clip('gate', all, false);
    const ranges = clip.ranges.map(({ fromMs, toMs }) => [fromMs - startMs, toMs - startMs]);
    expect(ranges).toEqual([[0, 4000], [34_000, 38_000]]); // prettier-ignore
    const probed = await probe(await bytesOf(clip), recorded.dir);
    expect(probed).toMatchObject({ frames: 80, seconds: 8, complaints: '' });
    const { gaps } = await recorded.list(startMs, startMs + 38_000);
    expect(gaps).toEqual([{ fromMs: startMs + 4000, toMs: startMs + 34_000, reason: 'camera-lost' }]);
    const exact = await recorded.recordings.clip('gate', { fromMs: startMs + 3000, toMs: startMs + 35_000 }, true); // prettier-ignore
    expect(await probe(await bytesOf(exact), recorded.dir)).toMatchObject({ frames: 20, complaints: '' });
  });

  it('are refused over a change of the picture, with the time at which to part them', async () => {
    const { all, startMs } = await recordTwice(large);
    const changedAt = new Date(startMs + 34_000).toISOString();
    await expect(recorded.recordings.clip('gate', all, false)).rejects.toMatchObject({
      code: 'recording/clip-mixed',
      message: expect.stringContaining(changedAt),
    });
    const after = await recorded.recordings.clip('gate', { ...all, fromMs: startMs + 34_000 }, false);
    expect(await probe(await bytesOf(after), recorded.dir)).toMatchObject({ frames: 40 });
  });

  it('are refused where nothing is recorded, and go without what was deleted', async () => {
    const { all, startMs } = await recordTwice(small);
    const nothing = { fromMs: startMs + 10_000, toMs: startMs + 20_000 };
    const refusal = { code: 'recording/nothing-recorded' };
    await expect(recorded.recordings.clip('gate', nothing, false)).rejects.toMatchObject(refusal);
    await expect(recorded.recordings.clip('yard', all, false)).rejects.toMatchObject(refusal);
    const [first, second] = await recorded.files();
    await rm(path.join(recorded.dir, 'hot', first!));
    const clip = await recorded.recordings.clip('gate', all, false);
    expect(await probe(await bytesOf(clip), recorded.dir)).toMatchObject({ frames: 60 });
    await rm(path.join(recorded.dir, 'hot', second!));
    await expect(bytesOf(clip)).rejects.toMatchObject({ code: 'recording/clip-gone' });
  });
});
