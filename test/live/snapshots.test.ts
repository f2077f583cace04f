import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { silentLog } from '../../src/base/index.js';
import { SpawnSlots } from '../../src/ingest/index.js';
import { LiveFeed, Snapshots } from '../../src/live/index.js';
import { findFfmpeg, type Ffmpeg } from '../../src/media/index.js';
import { ffmpegPrograms } from '../support/clips.js';
import { FakeClock } from '../support/fake-clock.js';
import { fragmentClip, type FragmentedClip } from '../support/fragments.js';
import { runFfmpeg } from '../support/run-ffmpeg.js';
import { waitFor } from '../support/wait-for.js';

const FRAMES = 24;
const LUMA_STEP = 9;

let dir: string;
beforeAll(async () => void (dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-snapshots-'))));
afterAll(() => rm(dir, { recursive: true, force: true }));

describe.each(ffmpegPrograms)('Snapshots with the $name FFmpeg', ({ path: program }) => {
  let ffmpeg: Ffmpeg;
  let clip: FragmentedClip;

  /** Each picture is a little lighter than the one before; B-frames arrive after the frame behind them. */
  beforeAll(async () => {
    const file = path.join(dir, `${path.basename(path.dirname(program))}.mp4`);
    const picture = `color=black:size=640x360:rate=10,geq=lum='16+${LUMA_STEP}*N':cb=128:cr=128,format=yuv420p`;
    const args = ['-f', 'lavfi', '-i', picture, '-frames:v', `${FRAMES}`, '-c:v', 'libx264', '-bf', '2', '-sc_threshold', '0', file]; // prettier-ignore
    await runFfmpeg(program, args, { timeoutMs: 30_000 });
    ffmpeg = await findFfmpeg({ configuredPath: program });
    clip = await fragmentClip(program, file);
  });

  function setUp(frames: number) {
    const clock = new FakeClock();
    const feed = new LiveFeed();
    const { initSegment, fragments } = clip;
    feed.startStream({ epoch: 1, codec: 'avc1.64001e', widthPx: 640, heightPx: 360, initSegment });
    const pushed = fragments.slice(0, frames);
    for (const fragment of pushed) feed.push({ ...fragment, epoch: 1, arrivedMs: 0, capturedAtMs: 0 });
    let runs = 0;
    const snapshots = new Snapshots({
      ...{ camera: 'gate', feed, clock, log: silentLog },
      ffmpeg: () => {
        runs++;
        return Promise.resolve(ffmpeg);
      },
    });
    const newest = Math.max(...pushed.map(({ ptsTicks }) => ptsTicks));
    const first = Math.min(...pushed.map(({ ptsTicks }) => ptsTicks));
    const newestLuma = LUMA_STEP * Math.round((newest - first) / 9000);
    return { clock, feed, snapshots, runs: () => runs, newestGrey: (newestLuma * 255) / 219 };
  }

  it.each([1, 2, 9, FRAMES])('shows the newest of %d pictures', async (frames) => {
    const { snapshots, newestGrey } = setUp(frames);
    const picture = sharp(await snapshots.take());
    expect(await picture.metadata()).toMatchObject({ format: 'jpeg', width: 640, height: 360 });
    for (const { mean } of (await picture.stats()).channels)
      expect(Math.abs(mean - newestGrey)).toBeLessThan(4);
  });

  it('shows a time of the stream, or the first picture that is kept after it', async () => {
    const { snapshots } = setUp(FRAMES);
    const times = clip.fragments.map(({ ptsTicks }) => ptsTicks);
    const [first, seen] = [Math.min(...times), Math.min(...times) + 10 * 9000];
    const greyAt = async (ptsTicks: number) =>
      (await sharp(await snapshots.takeAt(1, ptsTicks / 90)).stats()).channels[0]!.mean;
    expect(await greyAt(first)).toBeLessThan(LUMA_STEP * 3);
    const frame = (await greyAt(seen)) / (255 / 219) / LUMA_STEP;
    expect(frame).toBeGreaterThan(9.5);
    expect(frame).toBeLessThan(13.5); // B-frames
    expect(await greyAt(first - 90_000)).toBeLessThan(LUMA_STEP * 3);
    await expect(snapshots.takeAt(2, 0)).rejects.toMatchObject({ code: 'live/no-picture' });
  });

  it('decodes once for all who ask within a second, and again after it', async () => {
    const { snapshots, clock, runs } = setUp(4);
    const pictures = await Promise.all(Array.from({ length: 100 }, () => snapshots.take(64)));
    expect(new Set(pictures).size).toBe(1);
    expect(runs()).toBe(1);
    clock.advance(999);
    await snapshots.take(64);
    expect(runs()).toBe(1);
    clock.advance(1);
    expect(await sharp(await snapshots.take(64)).metadata()).toMatchObject({ width: 64, height: 36 });
    expect(runs()).toBe(2);
  });

  it('gives a picture also when the newest frame is damaged', async () => {
    const { feed, snapshots, newestGrey } = setUp(8);
    const bytes = Buffer.from(clip.fragments[8]!.bytes);
    bytes.fill(0xff, bytes.length - 20);
    feed.push({ ...clip.fragments[8]!, bytes, epoch: 1, arrivedMs: 0, capturedAtMs: 0 });
    const { channels } = await sharp(await snapshots.take()).stats();
    expect(Math.abs(channels[0]!.mean - newestGrey)).toBeLessThan(40);
  });
});

describe('Snapshots', () => {
  const setUp = (feed: LiveFeed, slots = new SpawnSlots(2)) => {
    const clock = new FakeClock();
    const started: number[] = [];
    const snapshots = new Snapshots({
      ...{ camera: 'gate', feed, clock, log: silentLog, slots },
      ffmpeg: () => {
        started.push(clock.monotonicMs());
        return new Promise(() => undefined); // as an FFmpeg that never ends
      },
    });
    return { clock, snapshots, started };
  };
  const feedWithPicture = () => {
    const feed = new LiveFeed();
    const bytes = Buffer.alloc(8);
    feed.startStream({ epoch: 1, codec: 'avc1', widthPx: 640, heightPx: 360, initSegment: bytes });
    feed.push({ epoch: 1, ptsTicks: 0, isKeyframe: true, bytes, arrivedMs: 0, capturedAtMs: 0 });
    return feed;
  };

  it('say so when there is no picture yet, and look again the next time', async () => {
    const feed = new LiveFeed();
    const { snapshots } = setUp(feed);
    await expect(snapshots.take()).rejects.toMatchObject({ code: 'live/no-picture' });
    await expect(snapshots.take()).rejects.toMatchObject({ code: 'live/no-picture' });
  });

  it('are made two at once; those that wait give up after 5 s, and no more than 16 wait', async () => {
    const { clock, snapshots, started } = setUp(feedWithPicture());
    const answers = Array.from({ length: 19 }, (_, at) =>
      snapshots.take(16 + at).catch((error: unknown) => error),
    );
    expect(await answers[18]).toMatchObject({ code: 'live/snapshot-busy' });
    await waitFor(() => started.length === 2, { timeoutMs: 1000, what: 'two to be started' });
    clock.advance(5000);
    for (const late of await Promise.all(answers.slice(2, 18)))
      expect(late).toMatchObject({ code: 'live/snapshot-busy' });
    expect(started).toHaveLength(2);
  });
});
