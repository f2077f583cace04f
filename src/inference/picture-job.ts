import { AppError } from '../base/index.js';
import { i420Bytes } from '../frames/index.js';
import type { Box, Size } from '../geometry/index.js';

/** Boxes so many times as large as the picture are refused: they are nonsense, and cost as much as they are large. */
const SIDE_MAX = 16;

/** A picture in shared memory, parts of which are looked at. */
interface PictureJob {
  readonly memory: SharedArrayBuffer;
  readonly byteOffset: number;
  readonly frame: Size;
  readonly source: Size;
}

/**
 * Refuses a picture that does not lie within its memory, and boxes that are none.
 * @throws {AppError} `inference/bad-job`
 */
export function checkPictureJob(
  { memory, byteOffset, frame, source }: PictureJob,
  boxes: readonly { readonly box: Box }[],
): void {
  const isEven =
    frame.widthPx % 2 === 0 && frame.heightPx % 2 === 0 && frame.widthPx > 0 && frame.heightPx > 0;
  const lies = byteOffset >= 0 && byteOffset + i420Bytes(frame) <= memory.byteLength;
  if (!isEven || !lies || !(source.widthPx > 0 && source.heightPx > 0))
    throw badJob(
      `a ${frame.widthPx}×${frame.heightPx} picture of ${source.widthPx}×${source.heightPx} at byte ${byteOffset} of ` +
        `${memory.byteLength} is not whole and even-sized`,
    );
  const longest = SIDE_MAX * Math.max(source.widthPx, source.heightPx);
  for (const { box } of boxes) {
    const [x1, y1, x2, y2] = box;
    const isBox = x2 > x1 && y2 > y1 && box.every((side) => Math.abs(side) <= longest);
    if (!isBox)
      throw badJob(`[${box.join(', ')}] is no box of a ${source.widthPx}×${source.heightPx} picture`);
  }
}

function badJob(why: string): AppError {
  return new AppError('inference/bad-job', 'input', `Parts of a picture cannot be looked at: ${why}.`);
}
