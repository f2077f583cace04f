import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../support/clips.js';
import { fragmentClip, type FragmentedClip } from '../support/fragments.js';
import { bytesOf, continuous, probe, probeFile, Recorded, type Probed } from './recorded.js';

const SECONDS = 8;
const FPS = 25;

describe.each([{ bFrames: 0 }, { bFrames: 2 }])(
  'segments of a stream with $bFrames B-frames',
  ({ bFrames }) => {
    let clip: FragmentedClip;
    let original: Probed;
    let recorded: Recorded;
    beforeAll(async () => {
      const { path: file } = await makeClip({ seconds: SECONDS, fps: FPS, bFrames, container: 'mp4' });
      clip = await fragmentClip('ffmpeg', file);
      original = await probeFile(file);
    });
    afterEach(() => recorded.tearDown());

    async function recordAll() {
      recorded = await Recorded.open();
      const recorder = recorded.recordings.recorder('gate', continuous);
      recorded.start(recorder, clip);
      const startMs = recorded.clock.wallMs();
      await recorded.play(recorder, clip);
      await recorded.settle(recorder);
      // A picture cannot arrive before it was taken: with B-frames the first one was on its way for longer than others.
      return { recorder, startMs: startMs - (bFrames * 1000) / FPS };
    }

    it('hold the packets as they came, are cut at keyframes and lie without a gap in the index', async () => {
      const { recorder, startMs } = await recordAll();
      await recorder.close();
      const files = await recorded.files();
      expect(files).toHaveLength(4);
      const { segments, gaps } = await recorded.list(startMs, startMs + SECONDS * 1000);
      expect(gaps).toEqual([]);
      expect(segments.map((segment) => segment.path)).toEqual(files);
      expect(segments.map(({ cause }) => cause)).toEqual(['start', 'rotation', 'rotation', 'rotation']);
      expect(segments.map(({ frames }) => frames)).toEqual([50, 50, 50, 50]);
      segments.forEach((segment, at) => {
        expect(Math.abs(segment.startMs - startMs - at * 2000)).toBeLessThanOrEqual(1);
        expect(Math.abs(segment.endMs - segment.startMs - 2000)).toBeLessThanOrEqual(1);
      });
      const first = await readFile(path.join(recorded.dir, 'hot', files[0]!));
      const packets = Buffer.concat(clip.fragments.slice(0, 50).map(({ bytes }) => bytes));
      expect(first.subarray(first.length - packets.length).equals(packets)).toBe(true);
      expect((await probeFile(path.join(recorded.dir, 'hot', files[2]!))).pictures).toEqual(original.pictures.slice(100, 150)); // prettier-ignore
    });

    it('make one clip, picture for picture as it was, that begins at zero and is as long as it says', async () => {
      const { startMs } = await recordAll();
      const range = { fromMs: startMs, toMs: startMs + SECONDS * 1000 };
      const made = await recorded.recordings.clip('gate', range, false);
      const probed = await probe(await bytesOf(made), recorded.dir);
      expect(probed.pictures).toEqual(original.pictures);
      expect(probed.startSeconds).toBe(0);
      expect(probed.seconds).toBeCloseTo(SECONDS, 2);
      expect(probed.complaints).toBe('');
      expect(made.ranges).toHaveLength(1);
    });

    it('give clips from the keyframe before, over their ends, and of what is still being written', async () => {
      const { startMs } = await recordAll();
      const range = { fromMs: startMs + 1500, toMs: startMs + 7100 };
      const made = await recorded.recordings.clip('gate', range, false);
      expect(Math.abs(made.ranges[0]!.fromMs - startMs - 1000)).toBeLessThanOrEqual(1);
      expect(Math.abs(made.ranges[0]!.toMs - startMs - 7100)).toBeLessThanOrEqual(40 + 80 * bFrames);
      const { pictures, startSeconds } = await probe(await bytesOf(made), recorded.dir);
      expect(startSeconds).toBe(0);
      expect(pictures.slice(0, 150)).toEqual(original.pictures.slice(25, 175));
    });

    it('give exact clips from that very picture on', async () => {
      const { startMs } = await recordAll();
      const range = { fromMs: startMs + 1520, toMs: startMs + 4520 };
      const made = await recorded.recordings.clip('gate', range, true);
      const probed = await probe(await bytesOf(made), recorded.dir);
      expect(probed.frames).toBe(3 * FPS);
      expect(probed.seconds).toBeCloseTo(3, 1);
      expect(Math.abs(probed.startSeconds)).toBeLessThan(0.002);
    });
  },
);
