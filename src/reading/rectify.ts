import { homographyOf, type FourPoints, type Point, type Size } from '../geometry/index.js';
import type { TextPicture } from './picture.js';

/** Where text shrinks by more than this, several samples make a pixel. */
const SAMPLES_MAX = 4;

/** Length of a quad along its text and across it, px. */
export function quadSize([a, b, c, d]: FourPoints): { readonly along: number; readonly across: number } {
  const length = ([ax, ay]: Point, [bx, by]: Point) => Math.hypot(bx - ax, by - ay);
  return { along: Math.max(length(a, b), length(d, c)), across: Math.max(length(b, c), length(a, d)) };
}

/**
 * Straightens a quad of a picture by its perspective, with bilinear sampling; what lies outside the picture is its nearest edge.
 *
 * @param quad in the picture's pixels, from the corner where the result's first pixel is, along its first row
 * @returns a picture of its own of the given size; undefined where three corners lie on one line
 */
export function rectify(picture: TextPicture, quad: FourPoints, size: Size): TextPicture | undefined {
  const { widthPx, heightPx } = size;
  const square: FourPoints = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ];
  const h = homographyOf(square, quad);
  if (h === undefined) return undefined;
  const { along, across } = quadSize(quad);
  const [nx, ny] = [samples(along / widthPx), samples(across / heightPx)];
  const rgb = new Uint8Array(widthPx * heightPx * 3);
  const sum = [0, 0, 0];
  for (let y = 0, to = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++, to += 3) {
      sum.fill(0);
      for (let sy = 0; sy < ny; sy++)
        for (let sx = 0; sx < nx; sx++) {
          const u = (x + (sx + 0.5) / nx) / widthPx;
          const v = (y + (sy + 0.5) / ny) / heightPx;
          const depth = h[6]! * u + h[7]! * v + h[8]!;
          addSample(
            picture,
            (h[0]! * u + h[1]! * v + h[2]!) / depth,
            (h[3]! * u + h[4]! * v + h[5]!) / depth,
            sum,
          );
        }
      for (let c = 0; c < 3; c++) rgb[to + c] = sum[c]! / (nx * ny) + 0.5;
    }
  return { rgb, size };
}

/** The same picture on its head. */
export function upsideDown({ rgb, size }: TextPicture): TextPicture {
  const turned = new Uint8Array(rgb.length);
  for (let from = 0, to = rgb.length - 3; to >= 0; from += 3, to -= 3)
    turned.set(rgb.subarray(from, from + 3), to);
  return { rgb: turned, size };
}

/** Adds the colour between four pixels; pixel centres are at halves. */
function addSample({ rgb, size }: TextPicture, x: number, y: number, sum: number[]): void {
  const { widthPx, heightPx } = size;
  const left = Math.min(Math.max(x - 0.5, 0), widthPx - 1);
  const top = Math.min(Math.max(y - 0.5, 0), heightPx - 1);
  const [x0, y0] = [Math.floor(left), Math.floor(top)];
  const [fx, fy] = [left - x0, top - y0];
  const upper = (y0 * widthPx + x0) * 3;
  const right = x0 + 1 < widthPx ? 3 : 0;
  const lower = y0 + 1 < heightPx ? widthPx * 3 : 0;
  for (let c = 0; c < 3; c++) {
    const above = rgb[upper + c]! * (1 - fx) + rgb[upper + right + c]! * fx;
    const below = rgb[upper + lower + c]! * (1 - fx) + rgb[upper + lower + right + c]! * fx;
    sum[c]! += above * (1 - fy) + below * fy;
  }
}

function samples(shrinks: number): number {
  return Math.min(SAMPLES_MAX, Math.max(1, Math.round(shrinks)));
}
