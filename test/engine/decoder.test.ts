import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog, systemClock } from '../../src/base/index.js';
import { Decoder } from '../../src/engine/decoder.js';
import { FrameQueue, I420Shrinker, i420Bytes, type QueuedFrame } from '../../src/frames/index.js';
import { findFfmpeg, type DecodeInput, type Ffmpeg } from '../../src/media/index.js';
import { ffmpegPrograms, makeClip, makeTurnedClip } from '../support/clips.js';
import { ffmpegOutput, fragmentClip, type FragmentedClip } from '../support/fragments.js';
import { waitFor } from '../support/wait-for.js';

const size = { widthPx: 160, heightPx: 90 };
const frameBytes = (size.widthPx * size.heightPx * 3) / 2;

describe.each(ffmpegPrograms)('Decoder with the $name FFmpeg', ({ path: program }) => {
  let ffmpeg: Ffmpeg;
  let clip: FragmentedClip;
  let whole: Buffer;
  let decoder: Decoder | undefined;

  beforeAll(async () => {
    ffmpeg = await findFfmpeg({ configuredPath: program });
    const { path: file } = await makeClip({ fps: 10, seconds: 4, gopFrames: 10, container: 'mp4' });
    clip = await fragmentClip(program, file);
    const scale = `scale=${size.widthPx}:${size.heightPx}:flags=bilinear:out_color_matrix=bt601:out_range=tv`;
    whole = await ffmpegOutput(program, ['-i', file, '-vf', scale, '-pix_fmt', 'yuv420p', '-f', 'rawvideo']);
  });
  afterEach(() => decoder?.close());

  function open(options: { fpsMax?: number; input?: DecodeInput } = {}) {
    const frames: (QueuedFrame & { pixels: Buffer })[] = [];
    const queue = new FrameQueue({ frameBytes, takenMax: 1, policy: 'latest' });
    let ended: { reason: string | undefined } | undefined;
    decoder = new Decoder({
      name: 'test',
      ffmpeg,
      input: { from: 'fragments' },
      size,
      ...options,
      queue,
      clock: systemClock,
      log: silentLog,
      onFrame: () => {
        const frame = queue.take()!;
        frames.push({
          ...frame,
          pixels: Buffer.from(new Uint8Array(queue.memory, frame.byteOffset, frameBytes)),
        });
        queue.release(frame);
      },
      onEnd: (reason) => (ended = { reason }),
    });
    if (options.input === undefined) decoder.writeInit(clip.initSegment);
    return { decoder, frames, ended: () => ended };
  }

  function send(target: Decoder, index: number, isWanted = true): boolean {
    const { bytes, ptsTicks, isKeyframe } = clip.fragments[index]!;
    const times = { ptsTicks, arrivedMs: 1000 + index, capturedAtMs: 2000 + index };
    return target.write({ bytes: Buffer.from(bytes), times, isKeyframe, isWanted });
  }

  it('gives each picture, from the first on, before it is sent the next packet', async () => {
    const { decoder: target, frames } = open();
    // It may want a few packets to begin with.
    for (let i = 0; i < 4; i++) send(target, i);
    for (let i = 4; i < clip.fragments.length; i++) {
      await waitFor(() => frames.length === i, { timeoutMs: 10_000, what: `picture ${i - 1} of ${i} sent` });
      send(target, i);
    }
    await waitFor(() => frames.length === 40, { timeoutMs: 10_000, what: 'the last picture' });
    expect(frames.map(({ ptsTicks }) => ptsTicks)).toEqual(clip.fragments.map(({ ptsTicks }) => ptsTicks));
    expect(frames.map(({ arrivedMs }) => arrivedMs)).toEqual(frames.map((_, i) => 1000 + i));
    expect(Buffer.concat(frames.map(({ pixels }) => pixels)).equals(whole)).toBe(true);
  });

  it('gives each picture in its own size, and finer behind it where that is asked for', async () => {
    const small = { widthPx: 80, heightPx: 44 };
    const queue = new FrameQueue({
      frameBytes: i420Bytes(small) + frameBytes,
      ...{ takenMax: 2, policy: 'lossless' },
    });
    const pictures: { small: Uint8Array; fine: Buffer }[] = [];
    let isOver = false;
    const { path: file } = await makeClip({ fps: 10, seconds: 4, gopFrames: 10, container: 'mp4' });
    const target = new Decoder({
      ...{ name: 'test', ffmpeg, input: { from: 'file', path: file }, size: small, fine: size, queue },
      ...{ clock: systemClock, log: silentLog },
      onFrame: () => {
        const frame = queue.take()!;
        const bytes = new Uint8Array(queue.memory, frame.byteOffset, i420Bytes(small) + frameBytes).slice();
        pictures.push({ small: bytes.subarray(0, i420Bytes(small)), fine: Buffer.from(bytes.subarray(i420Bytes(small))) }); // prettier-ignore
        queue.release(frame);
      },
      onEnd: () => (isOver = true),
    });
    decoder = target;
    await waitFor(() => isOver, { timeoutMs: 20_000, what: 'the whole file' });
    expect(Buffer.concat(pictures.map(({ fine }) => fine)).equals(whole)).toBe(true);
    for (const { small: picture, fine } of pictures) {
      const expected = new Uint8Array(i420Bytes(small));
      new I420Shrinker(size, small).shrink(fine, expected);
      expect(Buffer.from(picture).equals(expected)).toBe(true);
    }
  });

  it('gives the pictures that are wanted, with their own times, and no other', async () => {
    const { decoder: target, frames } = open();
    const wanted = [0, 1, 5, 13, 14, 20, 33, 39];
    for (let i = 0; i < clip.fragments.length; i++) send(target, i, wanted.includes(i));
    await waitFor(() => frames.length >= wanted.length, { timeoutMs: 10_000, what: 'the wanted pictures' });
    expect(frames.map(({ ptsTicks }) => ptsTicks)).toEqual(wanted.map((i) => clip.fragments[i]!.ptsTicks));
    expect(frames.map(({ arrivedMs }) => arrivedMs - 1000)).toEqual(wanted);
    const pixels = wanted.map((i) => whole.subarray(i * frameBytes, (i + 1) * frameBytes));
    expect(Buffer.concat(frames.map((frame) => frame.pixels)).equals(Buffer.concat(pixels))).toBe(true);
  });

  it('gives whole pictures after packets were left out up to a keyframe', async () => {
    const { decoder: target, frames } = open();
    const sent = clip.fragments.flatMap((_, i) => (i % 10 < 4 ? [i] : []));
    const wanted = sent.filter((i) => i % 10 === 0 || i % 10 === 3);
    for (const i of sent) send(target, i, wanted.includes(i));
    await waitFor(() => frames.length >= wanted.length, { timeoutMs: 10_000, what: 'the wanted pictures' });
    const pixels = wanted.map((i) => whole.subarray(i * frameBytes, (i + 1) * frameBytes));
    expect(Buffer.concat(frames.map((frame) => frame.pixels)).equals(Buffer.concat(pixels))).toBe(true);
  });

  it('sends no more pictures a second of a file than asked for, spread evenly', async () => {
    const { path: file } = await makeClip({ fps: 10, seconds: 4, gopFrames: 10, container: 'mp4' });
    const { frames } = open({ fpsMax: 5, input: { from: 'file', path: file } });
    await waitFor(() => frames.length >= 20, { timeoutMs: 10_000, what: 'every second picture' });
    expect(frames.map(({ ptsTicks }) => ptsTicks / 18_000)).toEqual(frames.map((_, i) => i));
  });

  it('begins with a keyframe only', async () => {
    const { decoder: target, frames } = open();
    const accepted = clip.fragments.map((_, i) => i >= 5 && send(target, i));
    expect(accepted.indexOf(true)).toBe(10);
    await waitFor(() => frames.length === 30, {
      timeoutMs: 10_000,
      what: 'the pictures from the keyframe on',
    });
    expect(frames[0]?.ptsTicks).toBe(clip.fragments[10]?.ptsTicks);
  });

  it('loses nothing of a file when its queue is slow', async () => {
    const pixels: Buffer[] = [];
    const queue = new FrameQueue({ frameBytes, takenMax: 2, policy: 'lossless' });
    let ended = false;
    const take = () => {
      const frame = queue.take();
      if (frame === undefined) return;
      target.resume();
      pixels.push(Buffer.from(new Uint8Array(queue.memory, frame.byteOffset, frameBytes)));
      // Held for a while that differs from frame to frame, as a worker would.
      setTimeout(() => {
        queue.release(frame);
        target.resume();
        take();
      }, pixels.length % 7);
    };
    const { path: file } = await makeClip({ fps: 10, seconds: 4, gopFrames: 10, container: 'mp4' });
    const target = new Decoder({
      name: 'test',
      ffmpeg,
      input: { from: 'file', path: file },
      size,
      queue,
      clock: systemClock,
      log: silentLog,
      onFrame: take,
      onEnd: (reason) => {
        expect(reason).toBeUndefined();
        ended = true;
      },
    });
    decoder = target;
    await waitFor(() => ended && pixels.length === 40, { timeoutMs: 20_000, what: 'the whole file' });
    expect(Buffer.concat(pixels).equals(whole)).toBe(true);
  });

  it('turns the pictures of a telephone upright, from a file and from packets', async () => {
    const turned = await makeTurnedClip({ fps: 10, seconds: 4 });
    const plain = clip;
    clip = await fragmentClip(program, turned.path);
    expect(clip).toMatchObject({ widthPx: 320, heightPx: 180 });
    const fromFile = open({ input: { from: 'file', path: turned.path } });
    await waitFor(() => fromFile.frames.length > 0, { timeoutMs: 10_000, what: 'a picture of the file' });
    await fromFile.decoder.close();
    const fromPackets = open();
    for (let i = 0; i < 5; i++) send(fromPackets.decoder, i);
    await waitFor(() => fromPackets.frames.length > 0, { timeoutMs: 10_000, what: 'a picture of packets' });
    clip = plain;
    const upright = whole.subarray(0, size.widthPx * size.heightPx);
    for (const { pixels } of [fromFile.frames[0]!, fromPackets.frames[0]!]) {
      const difference = upright.reduce((sum, value, at) => sum + Math.abs(value - pixels[at]!), 0);
      // Squashed or upside down it is some 60; encoded twice, 3.
      expect(difference / upright.length).toBeLessThan(8);
    }
  });

  it('says why when its input is not video, and closes twice', async () => {
    const { decoder: target, ended } = open({ input: { from: 'file', path: 'package.json' } });
    const end = await waitFor(ended, { timeoutMs: 10_000, what: 'the decoder to give up' });
    expect(end.reason).toMatch(/FFmpeg ended with status 1: .*Invalid data found/);
    await target.close();
    await target.close();
  });
});
