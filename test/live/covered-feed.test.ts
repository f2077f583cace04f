import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { createLog, systemClock } from '../../src/base/index.js';
import type { Fragment } from '../../src/ingest/index.js';
import { CoveredFeed, LiveFeed, type CoverPicture } from '../../src/live/index.js';
import { findFfmpeg, parseInit, readFragmentHead } from '../../src/media/index.js';
import { ffmpegPrograms, makeClip } from '../support/clips.js';
import { FakeClock } from '../support/fake-clock.js';
import { fragmentClip } from '../support/fragments.js';
import { isAlive } from '../support/process-table.js';
import { delay, waitFor } from '../support/wait-for.js';

const clip = await makeClip({ container: 'mp4', seconds: 4, bFrames: 2 });
const TICKS_PER_SECOND = 90_000;
/** In place of every picture. */
const COLOUR = [200, 30, 30] as const;
const { widthPx: width, heightPx: height } = clip;
const red = await sharp({ create: { width, height, channels: 3, background: `rgb(${COLOUR.join()})` } })
  .jpeg()
  .toBuffer();
const closables: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closables.splice(0)) await close();
});

/** A plain feed, and a covered one of it. */
function open(program: string, cover: CoverPicture, clock = systemClock) {
  const plain = new LiveFeed();
  const leftOut: string[] = [];
  const logLines: string[] = [];
  const feed = new CoveredFeed({
    ...{ camera: 'gate', plain, cover, clock },
    ffmpeg: () => findFfmpeg({ configuredPath: program, env: {} }),
    log: createLog('info', (line) => logLines.push(line)),
    onLeftOut: (why) => leftOut.push(why),
    onDropped: () => undefined,
  });
  closables.push(() => feed.close());
  return { plain, feed, leftOut, logLines };
}

/** Everything that one viewer gets. */
function look(feed: CoveredFeed) {
  const texts: string[] = [];
  const binaries: Buffer[] = [];
  let ended: string | undefined;
  const view = feed.addViewer({
    bufferedBytes: () => 0,
    sendText: (text) => texts.push(text),
    sendBinary: (bytes) => binaries.push(bytes),
    end: (why) => (ended = why),
  });
  const fragments = () => binaries.slice(1).map((bytes) => readFragmentHead(bytes, parseInit(binaries[0]!)));
  return { texts, binaries, fragments, view, ended: () => ended };
}

/** The clip as a camera's stream: begins it, and gives a function that goes on by so many frames, at the camera's pace. */
async function streamOf(program: string, { plain, feed }: ReturnType<typeof open>, epoch = 3) {
  const { initSegment, fragments } = await fragmentClip(program, clip.path);
  plain.startStream({ epoch, codec: 'avc1.64000d', widthPx: width, heightPx: height, initSegment });
  feed.startStream();
  let at = 0;
  const pass = async (count: number, paceMs = 1000 / clip.fps) => {
    for (let n = 0; n < count; n++) {
      const { bytes, ptsTicks, isKeyframe } = fragments[at++]!;
      const times = { arrivedMs: systemClock.monotonicMs(), capturedAtMs: systemClock.wallMs() };
      const fragment: Fragment = { epoch, ptsTicks, isKeyframe, bytes, ...times };
      plain.push(fragment);
      feed.push(fragment);
      await delay(paceMs);
    }
  };
  return { pass, all: fragments, ptsTicks: fragments.map((fragment) => fragment.ptsTicks) };
}

/** Mean colour of each picture of a fragmented MP4. */
async function coloursOf(program: string, parts: readonly Buffer[]): Promise<number[][]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sightline-covered-'));
  try {
    const file = path.join(folder, 'film.mp4');
    await writeFile(file, Buffer.concat(parts));
    const args = ['-v', 'error', '-i', file, '-vf', 'scale=1:1:flags=area', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-vsync', 'passthrough', '-enc_time_base', '1:90000', '-']; // prettier-ignore
    const { stdout, stderr } = await promisify(execFile)(program, args, { encoding: 'buffer' });
    expect(stderr.toString()).toBe('');
    return Array.from({ length: stdout.length / 3 }, (_, n) => [...stdout.subarray(3 * n, 3 * n + 3)]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe.each(ffmpegPrograms)('a covered live feed, with the $name FFmpeg', ({ path: program }) => {
  it('shows every picture as it was covered, at its own time and on up to the next, five a second at most', async () => {
    const covered: number[] = [];
    const parts = open(program, async (jpeg, ptsTicks) => {
      const { width: widthPx, height: heightPx } = await sharp(jpeg).metadata();
      expect([widthPx, heightPx]).toEqual([width, height]);
      covered.push(ptsTicks);
      return red;
    });
    const { pass, ptsTicks } = await streamOf(program, parts);
    await pass(10);
    const { texts, binaries, fragments } = look(parts.feed);
    await pass(80);
    await waitFor(() => fragments().length >= 2 * covered.length - 1, { timeoutMs: 20_000, what: 'its end' });

    expect(texts[0]).toMatch(/^video\/mp4; codecs="avc1\./);
    expect(JSON.parse(texts[1]!)).toEqual({ type: 'epoch', epoch: 3, width, height });
    const shown = fragments();
    expect(shown[0]!.isKeyframe).toBe(true);
    const times = shown.map((fragment) => fragment.ptsTicks);
    expect(times.toSorted((one, other) => one - other)).toEqual(times);
    // Each picture is one of the stream, and none is missing; the others are copies.
    expect(covered.filter((time) => !ptsTicks.includes(time))).toEqual([]);
    expect(covered.filter((time) => !times.includes(time))).toEqual([]);
    const seconds = (times.at(-1)! - times[0]!) / TICKS_PER_SECOND;
    expect(covered.length / seconds).toBeLessThan(6.5);
    for (const colour of await coloursOf(program, binaries))
      for (const [at, value] of colour.entries()) expect(Math.abs(value - COLOUR[at]!)).toBeLessThan(12);
  });

  it('leaves pictures out while others are covered, and shows the last one on', async () => {
    let calls = 0;
    const parts = open(program, async () => (calls++, await delay(500), red));
    const { pass } = await streamOf(program, parts);
    const { fragments } = look(parts.feed);
    await pass(90);
    expect(parts.leftOut).toContain('busy');
    expect(calls).toBeLessThan(12);
    const shown = fragments();
    expect(shown.length).toBeGreaterThan(calls);
    // Else a browser would wait for the next keyframe.
    for (const [at, { ptsTicks }] of shown.slice(1).entries())
      expect(ptsTicks - shown[at]!.ptsTicks).toBeLessThan(2 * shown[at]!.durationTicks);
  });

  it('gives out nothing of a picture that cannot be covered, says why once, and goes on when it can', async () => {
    let fault: Error | undefined = new Error('the engine is away');
    const parts = open(program, () => (fault === undefined ? Promise.resolve(red) : Promise.reject(fault)));
    const { pass } = await streamOf(program, parts);
    const { binaries, fragments } = look(parts.feed);
    await pass(40);
    expect(binaries).toEqual([]);
    expect(parts.leftOut.filter((why) => why === 'failed').length).toBeGreaterThan(2);
    expect(parts.logLines.filter((line) => line.includes('the engine is away'))).toHaveLength(1);
    fault = undefined;
    await pass(50);
    await waitFor(() => fragments().length > 5, { timeoutMs: 20_000, what: 'covered pictures' });
    for (const colour of await coloursOf(program, binaries)) expect(colour[0]).toBeGreaterThan(150);
  });

  it('covers nothing while nobody looks, and once for all who do', async () => {
    const clock = new FakeClock();
    let calls = 0;
    const parts = open(program, () => (calls++, Promise.resolve(red)), clock);
    const { pass } = await streamOf(program, parts);
    await pass(30);
    expect(calls).toBe(0);
    const [one, other] = [look(parts.feed), look(parts.feed)];
    await pass(30);
    await waitFor(() => one.binaries.length > 3, { timeoutMs: 20_000, what: 'pictures' });
    expect(one.binaries.map((bytes) => other.binaries.includes(bytes))).not.toContain(false);
    one.view.close();
    other.view.close();
    await clock.advanceAsync(5000);
    const before = calls;
    await pass(20);
    expect(calls - before).toBeLessThanOrEqual(1);
    const late = look(parts.feed);
    expect([late.texts, late.binaries]).toEqual([[], []]);
  });

  it('begins anew with a stream that begins anew', async () => {
    const parts = open(program, () => Promise.resolve(red));
    const { pass } = await streamOf(program, parts);
    const { texts, ended } = look(parts.feed);
    await pass(25);
    await waitFor(() => texts.length === 2, { timeoutMs: 20_000, what: 'a stream' });
    const { pass: passMore } = await streamOf(program, parts, 4);
    await passMore(50);
    await waitFor(() => texts.length === 4, { timeoutMs: 20_000, what: 'another stream' });
    expect(JSON.parse(texts[3]!)).toMatchObject({ epoch: 4 });
    const { pids } = parts.feed;
    expect(pids.map(isAlive)).toEqual([true, true]);
    await parts.feed.close();
    expect(ended()).toBe('camera removed');
    expect(pids.map(isAlive)).toEqual([false, false]);
  });

  it('begins anew after one of its FFmpegs has gone, with the first keyframe after a few seconds', async () => {
    const clock = new FakeClock();
    const parts = open(program, () => Promise.resolve(red), clock);
    const { pass } = await streamOf(program, parts);
    const { texts } = look(parts.feed);
    await pass(20);
    await waitFor(() => texts.length === 2, { timeoutMs: 20_000, what: 'a stream' });
    const pids = parts.feed.pids;
    expect(pids).toHaveLength(2);
    process.kill(pids[0]!, 'SIGKILL');
    await waitFor(() => !pids.some(isAlive), { timeoutMs: 20_000, what: 'the end of the other one' });
    expect(parts.logLines.some((line) => line.includes('the decoder ended with SIGKILL'))).toBe(true);
    await pass(10);
    expect(texts).toHaveLength(2);
    clock.advance(5000);
    await pass(40);
    await waitFor(() => texts.length === 4, { timeoutMs: 20_000, what: 'the stream anew' });
  });
});
