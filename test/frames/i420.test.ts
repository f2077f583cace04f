import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import sharp from 'sharp';
import { i420Bytes, i420ToPacked } from '../../src/frames/i420.js';
import type { Size } from '../../src/geometry/index.js';

/** An I420 picture of one colour. */
function plain({ widthPx, heightPx }: Size, y: number, u: number, v: number): Uint8Array {
  const area = widthPx * heightPx;
  return new Uint8Array(i420Bytes({ widthPx, heightPx }))
    .fill(y, 0, area)
    .fill(u, area, area * 1.25)
    .fill(v, area * 1.25);
}

function convert(picture: Uint8Array, frame: Size, order: 'rgb' | 'bgr' = 'rgb'): Uint8Array {
  const target = new Uint8Array(frame.widthPx * frame.heightPx * 3);
  i420ToPacked(picture, frame, { input: frame, padX: 0, padY: 0 }, order, target);
  return target;
}

describe('i420ToPacked', () => {
  const two = { widthPx: 2, heightPx: 2 };

  // BT.601 limited range, from the standard's own equations.
  it.each([
    ['black', [16, 128, 128], [0, 0, 0]],
    ['white', [235, 128, 128], [255, 255, 255]],
    ['mid grey', [126, 128, 128], [128, 128, 128]],
    ['red', [81, 90, 240], [254, 0, 0]],
    ['green', [145, 54, 34], [0, 255, 1]],
    ['blue', [41, 240, 110], [0, 0, 255]],
  ] as const)('turns %s into its RGB value within one step', (_, [y, u, v], expected) => {
    const pixel = [...convert(plain(two, y, u, v), two).subarray(0, 3)];
    pixel.forEach((value, channel) => expect(Math.abs(value - expected[channel]!)).toBeLessThanOrEqual(1));
  });

  it('clamps values outside of the limited range instead of wrapping them', () => {
    expect([...convert(plain(two, 255, 128, 128), two)]).toEqual(new Array(12).fill(255));
    expect([...convert(plain(two, 0, 128, 128), two)]).toEqual(new Array(12).fill(0));
  });

  it('writes blue first when asked to', () => {
    const picture = plain(two, 81, 90, 240);
    const [r, g, b] = convert(picture, two, 'rgb');
    expect([...convert(picture, two, 'bgr').subarray(0, 3)]).toEqual([b, g, r]);
  });

  it('sets the picture at its place, writes grey around it and leaves no old byte', () => {
    const target = new Uint8Array(8 * 6 * 3).fill(7);
    const input = { widthPx: 8, heightPx: 6 };
    i420ToPacked(plain(two, 235, 128, 128), two, { input, padX: 4, padY: 2 }, 'rgb', target);
    for (let y = 0; y < 6; y++)
      for (let x = 0; x < 8; x++) {
        const isInside = x >= 4 && x < 6 && y >= 2 && y < 4;
        expect([x, y, target[(y * 8 + x) * 3]]).toEqual([x, y, isInside ? 255 : 114]);
      }
  });

  it('agrees with FFmpeg within 2 steps on smooth colours', async () => {
    const frame = { widthPx: 128, heightPx: 96 };
    // Colours that change slowly: chroma of 2×2 pixels is then what it is of each.
    const rgb = new Uint8Array(frame.widthPx * frame.heightPx * 3);
    for (let y = 0; y < frame.heightPx; y++)
      for (let x = 0; x < frame.widthPx; x++)
        rgb.set([40 + x, 220 - y, 60 + ((x + y) >> 1)], (y * frame.widthPx + x) * 3);
    const raw = { width: frame.widthPx, height: frame.heightPx, channels: 3 } as const;
    const png = await sharp(rgb, { raw }).png().toBuffer();
    const scale =
      'scale=out_color_matrix=bt601:out_range=tv:flags=accurate_rnd+full_chroma_int,format=yuv420p';
    const picture = execFileSync('ffmpeg', ['-v', 'error', '-i', '-', '-vf', scale, '-f', 'rawvideo', '-'], {
      input: png,
    });
    const converted = convert(picture, frame);
    let worst = 0;
    for (let i = 0; i < rgb.length; i++) worst = Math.max(worst, Math.abs(converted[i]! - rgb[i]!));
    expect(worst).toBeLessThanOrEqual(2);
  });
});
