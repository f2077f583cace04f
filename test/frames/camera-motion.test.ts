import { describe, expect, it } from '@jest/globals';
import { CameraMotion } from '../../src/frames/camera-motion.js';
import type { Similarity } from '../../src/geometry/index.js';

const frame = { widthPx: 512, heightPx: 288 };

/** A textured scene of smooth blobs, as seen through a similarity: `motion` takes places in the scene to places in the picture. */
function picture(motion: Similarity, object?: { x: number; y: number; sidePx: number }, brighter = 0) {
  const { a, b, dx, dy } = motion;
  const square = a * a + b * b;
  const luma = new Uint8Array(frame.widthPx * frame.heightPx);
  for (let y = 0; y < frame.heightPx; y++)
    for (let x = 0; x < frame.widthPx; x++) {
      const sceneX = (a * (x - dx) + b * (y - dy)) / square;
      const sceneY = (a * (y - dy) - b * (x - dx)) / square;
      const isObject =
        object !== undefined &&
        x >= object.x &&
        y >= object.y &&
        x < object.x + object.sidePx &&
        y < object.y + object.sidePx;
      const value = isObject ? 230 : scene(sceneX, sceneY);
      // A little noise that differs from picture to picture, as sensors have it.
      const noise = ((x * 7 + y * 13 + Math.round(dx * 31)) % 5) - 2;
      luma[y * frame.widthPx + x] = Math.round(value + noise + brighter);
    }
  return luma;
}

function scene(x: number, y: number): number {
  return (
    120 +
    30 * Math.sin(x / 17 + 2 * Math.sin(y / 41)) +
    25 * Math.cos(y / 13 + x / 53) +
    20 * Math.sin((x + y) / 31)
  );
}

const still: Similarity = { a: 1, b: 0, dx: 0, dy: 0 };

describe('CameraMotion', () => {
  it.each([
    ['a small shake', { a: 1, b: 0, dx: 3, dy: -2 }],
    ['a shake of a fraction of a pixel of its thumbnail', { a: 1, b: 0, dx: 1.5, dy: 0.5 }],
    ['a fast pan', { a: 1, b: 0, dx: 22, dy: 5 }],
    ['a turn about the optical axis', { a: Math.cos(0.03), b: Math.sin(0.03), dx: 5, dy: -6 }],
    ['a zoom', { a: 1.05, b: 0, dx: -12, dy: -7 }],
  ])('finds %s to within a pixel in all corners', (_, motion) => {
    const cameraMotion = new CameraMotion(frame);
    expect(cameraMotion.next(picture(still))).toBeUndefined();
    const found = cameraMotion.next(picture(motion));
    expect(found).toBeDefined();
    expect(farthest(found!, motion)).toBeLessThan(1);
  });

  it('finds it although a fifth of the picture moves by itself, and the light changes', () => {
    const cameraMotion = new CameraMotion(frame);
    const motion = { a: 1, b: 0, dx: 6, dy: 2 };
    cameraMotion.next(picture(still, { x: 100, y: 60, sidePx: 170 }));
    const found = cameraMotion.next(picture(motion, { x: 80, y: 75, sidePx: 170 }, 12));
    expect(farthest(found!, motion)).toBeLessThan(1.5);
  });

  it.each([
    ['nothing moves', picture(still), picture(still)],
    [
      'an object moves',
      picture(still, { x: 50, y: 50, sidePx: 90 }),
      picture(still, { x: 90, y: 60, sidePx: 90 }),
    ],
    ['the light changes', picture(still), picture(still, undefined, 25)],
    ['a plain wall is seen', new Uint8Array(512 * 288).fill(90), new Uint8Array(512 * 288).fill(91)],
    ['another scene is seen', picture(still), picture({ a: 0.1, b: 1.9, dx: 400, dy: -90 })],
  ])('says nothing where %s', (_, before, now) => {
    const cameraMotion = new CameraMotion(frame);
    cameraMotion.next(before);
    expect(cameraMotion.next(now)).toBeUndefined();
  });
});

/** By how much two motions differ at most in the corners, pixels. */
function farthest(one: Similarity, other: Similarity): number {
  const a = one.a - other.a;
  const b = one.b - other.b;
  return Math.max(
    ...[0, frame.widthPx].flatMap((x) =>
      [0, frame.heightPx].map((y) =>
        Math.hypot(a * x - b * y + one.dx - other.dx, b * x + a * y + one.dy - other.dy),
      ),
    ),
  );
}
