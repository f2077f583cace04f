import { beforeAll, describe, expect, it } from '@jest/globals';
import { RawFrameReader } from '../../src/media/raw-frame-reader.js';
import { ffmpegPrograms, makeClip } from '../support/clips.js';
import { ffmpegOutput } from '../support/fragments.js';

const WIDTH_PX = 64;
const HEIGHT_PX = 36;
const FRAME_BYTES = (WIDTH_PX * HEIGHT_PX * 3) / 2;
const FRAMES = 30;

function readAll(nut: Buffer, chunkBytes: number) {
  const frames: { ptsTicks: number; pixels: Buffer }[] = [];
  const target = Buffer.alloc(FRAME_BYTES);
  const reader = new RawFrameReader({
    frameBytes: FRAME_BYTES,
    nextTarget: () => target,
    onFrame: (ptsTicks) => frames.push({ ptsTicks, pixels: Buffer.from(target) }),
  });
  for (let at = 0; at < nut.length; at += chunkBytes) reader.push(nut.subarray(at, at + chunkBytes));
  return frames;
}

describe.each(ffmpegPrograms)('RawFrameReader on the NUT of the $name FFmpeg', ({ path: program }) => {
  let nut: Buffer;
  let raw: Buffer;

  beforeAll(async () => {
    const clip = await makeClip({ fps: 15, seconds: 2, container: 'mp4' });
    const picture = [
      '-i',
      clip.path,
      '-vf',
      `scale=${WIDTH_PX}:${HEIGHT_PX}`,
      '-pix_fmt',
      'yuv420p',
      '-c:v',
      'rawvideo',
    ];
    nut = await ffmpegOutput(program, [...picture, '-f', 'nut']);
    raw = await ffmpegOutput(program, [...picture, '-f', 'rawvideo']);
  });

  it.each([1, 7, 1000, 65_536, 1 << 30])(
    'gives every frame, exact, with its time, in chunks of %d bytes',
    (chunkBytes) => {
      const frames = readAll(nut, chunkBytes);
      expect(frames.map(({ ptsTicks }) => ptsTicks)).toEqual(
        Array.from({ length: FRAMES }, (_, i) => i * 6000),
      );
      expect(Buffer.concat(frames.map(({ pixels }) => pixels)).equals(raw)).toBe(true);
    },
  );

  it('leaves what there is no room for to its caller, and goes on where it was', () => {
    const targets: Buffer[] = [];
    let room = 2;
    const times: number[] = [];
    const reader = new RawFrameReader({
      frameBytes: FRAME_BYTES,
      nextTarget: () => {
        if (room === 0) return undefined;
        room--;
        targets.push(Buffer.alloc(FRAME_BYTES));
        return targets.at(-1);
      },
      onFrame: (ptsTicks) => times.push(ptsTicks),
    });
    let rest = reader.push(nut);
    expect(times).toEqual([0, 6000]);
    expect(rest.length).toBeGreaterThan(27 * FRAME_BYTES);
    while (rest.length > 0) {
      room = 1;
      rest = reader.push(rest);
    }
    expect(times).toHaveLength(FRAMES);
    expect(Buffer.concat(targets).equals(raw)).toBe(true);
  });
});

describe('RawFrameReader', () => {
  const reader = (frameBytes: number) =>
    new RawFrameReader({ frameBytes, nextTarget: () => Buffer.alloc(frameBytes), onFrame: () => undefined });

  it('refuses frames of another size than asked for', async () => {
    const size = `${WIDTH_PX}x${HEIGHT_PX}`;
    const source = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=5:duration=0.4`, '-pix_fmt', 'yuv420p'];
    const nut = await ffmpegOutput(ffmpegPrograms[0]!.path, [...source, '-c:v', 'rawvideo', '-f', 'nut']);
    expect(() => reader(FRAME_BYTES + 6).push(nut)).toThrow(`a frame of ${FRAME_BYTES} bytes`);
  });

  it('refuses what is not NUT', () => {
    expect(() => reader(FRAME_BYTES).push(Buffer.alloc(5000, 7))).toThrow('frame code 7');
  });
});
