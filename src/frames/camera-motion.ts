import type { Box, Similarity, Size } from '../geometry/index.js';
import { align, tryMotion } from './align.js';
import { fillThumbnail, halveThumbnail, planThumbnail, type Thumbnail } from './thumbnail.js';

const LONG_SIDE_PX = 64;
const LEVELS = 2;
const STEPS = 8;
/** A block of the thumbnail that differs by more has changed; so many of them are an object, and fewer are leaves and noise. */
const CHANGED_LEVELS = 12;
const CHANGED_BLOCKS = 4;
const STILL: Similarity = { a: 1, b: 0, dx: 0, dy: 0 };
/** A camera whose picture moves by less than this share of its longer side is taken for still: noise moves it as much. */
const STILL_SHARE = 0.0015;
/** Difference of two pictures, in grey levels, that noise may make. */
const NOISE_MAX = 4;
/** Share of the picture that must go along with a motion to be the camera's. */
const INLIERS_MIN = 0.5;
/** What a motion must leave of the difference between two pictures, at most, to be believed. */
const LEFT_MAX = 0.8;

/**
 * Finds out how a camera moved from picture to picture (shake, pan, zoom), so that the boxes of tracks can be moved along. A thumbnail
 * of the last picture is all that it keeps; a still camera costs one comparison.
 */
export class CameraMotion {
  readonly #frame: Size;
  readonly #levels: readonly { before: Thumbnail; now: Thumbnail }[];
  #hasBefore = false;

  /** @param frame size of the pictures that it will get */
  constructor(frame: Size) {
    this.#frame = frame;
    const finest = planThumbnail(frame, LONG_SIDE_PX);
    this.#levels = Array.from({ length: LEVELS }, (_, level) => ({
      before: reduced(finest, 2 ** level),
      now: reduced(finest, 2 ** level),
    }));
  }

  /**
   * Takes the next picture; undefined while the camera stands still, for the first picture, and where no one motion explains the change.
   *
   * @param luma its Y plane; only read, during the call
   * @returns how places in the picture before lie in this one, in pixels of `frame`
   */
  next(luma: Uint8Array): Similarity | undefined {
    for (const level of this.#levels) [level.before, level.now] = [level.now, level.before];
    const [finest] = this.#levels;
    fillThumbnail(luma, this.#frame.widthPx, finest!.now);
    for (let level = 1; level < this.#levels.length; level++)
      halveThumbnail(this.#levels[level - 1]!.now, this.#levels[level]!.now);
    const isFirst = !this.#hasBefore;
    this.#hasBefore = true;
    return isFirst ? undefined : this.#compare();
  }

  /**
   * Whether the last picture changed where no `boxes` are (in the pictures' pixels): something that is not known moves there. Also while
   * the camera moves, since then everything does.
   */
  changesOutside(boxes: readonly Box[]): boolean {
    const { before, now } = this.#levels[0]!;
    if (!this.#hasBefore) return true;
    const { size, scale, luma } = now;
    const covered = new Uint8Array(luma.length);
    for (const [x1, y1, x2, y2] of boxes)
      for (let y = clampTo(y1 / scale - 1, size.heightPx); y < clampTo(y2 / scale + 2, size.heightPx); y++)
        covered.fill(
          1,
          y * size.widthPx + clampTo(x1 / scale - 1, size.widthPx),
          y * size.widthPx + clampTo(x2 / scale + 2, size.widthPx),
        );
    let sum = 0;
    for (let i = 0; i < luma.length; i++) sum += luma[i]! - before.luma[i]!;
    const brighter = sum / luma.length;
    let changed = 0;
    for (let i = 0; i < luma.length; i++)
      if (covered[i] === 0 && Math.abs(luma[i]! - before.luma[i]! - brighter) > CHANGED_LEVELS) changed++;
    return changed >= CHANGED_BLOCKS;
  }

  #compare(): Similarity | undefined {
    const finest = this.#levels[0]!;
    const unmoved = tryMotion(finest.before, finest.now, STILL);
    if (unmoved === undefined) return undefined;
    const { better = STILL, residual, inliers } = unmoved;
    if (this.#isStill(better) && inliers >= INLIERS_MIN && residual < NOISE_MAX) return undefined;
    let motion = STILL;
    let found = { residual, inliers };
    for (const { before, now } of [...this.#levels].reverse()) {
      const aligned = align(before, now, { ...motion, dx: 2 * motion.dx, dy: 2 * motion.dy }, STEPS);
      found = aligned;
      motion = aligned.motion;
    }
    const isCamera = found.inliers >= INLIERS_MIN && found.residual <= LEFT_MAX * residual;
    if (!isCamera || this.#isStill(motion)) return undefined;
    const { scale } = finest.now;
    // Block centres, not corners, are what the thumbnail's whole numbers stand for.
    const shift = (scale - 1) / 2;
    const { a, b, dx, dy } = motion;
    return { a, b, dx: dx * scale + shift * (1 - a + b), dy: dy * scale + shift * (1 - a - b) };
  }

  /** Whether no corner of the picture moved as far as noise moves it. */
  #isStill({ a, b, dx, dy }: Similarity): boolean {
    const { widthPx, heightPx } = this.#levels[0]!.now.size;
    const limit = STILL_SHARE * Math.max(widthPx, heightPx);
    return [0, widthPx].every((x) =>
      [0, heightPx].every((y) => Math.hypot((a - 1) * x - b * y + dx, b * x + (a - 1) * y + dy) < limit),
    );
  }
}

function clampTo(value: number, end: number): number {
  return Math.min(end, Math.max(0, Math.floor(value)));
}

function reduced({ size, scale }: Thumbnail, by: number): Thumbnail {
  const smaller = { widthPx: Math.floor(size.widthPx / by), heightPx: Math.floor(size.heightPx / by) };
  return {
    size: smaller,
    scale: scale * by,
    luma: new Float32Array(smaller.widthPx * smaller.heightPx),
  };
}
