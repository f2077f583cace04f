import { AppError } from '../base/index.js';
import type { Box } from '../geometry/index.js';

/**
 * Reads an OTB sequence's `groundtruth_rect.txt`: `x y w h` a frame, with commas, tabs or spaces between, x and y counted from 1.
 *
 * @param name of the file, for messages
 * @returns boxes in pixels counted from 0; undefined where a frame has none (NaN, or nothing of a size)
 * @throws {AppError} `evaluation/invalid-truth`, naming file and line
 */
export function readOtbTruth(text: string, name: string): (Box | undefined)[] {
  const lines = text.replace(/\s+$/, '').split(/\r?\n/);
  const boxes = lines.map((line, i) => {
    const cells = line.trim().split(/[\s,]+/);
    const [x = NaN, y = NaN, width = NaN, height = NaN] = cells.map(Number);
    if (
      cells.length !== 4 ||
      cells.some((cell) => cell === '' || (cell.toLowerCase() !== 'nan' && Number.isNaN(Number(cell))))
    )
      throw invalid(`${name}, line ${i + 1}: "${line.slice(0, 60)}" is not x, y, width and height`);
    const isBox = width > 0 && height > 0 && Number.isFinite(x + y + width + height);
    return isBox ? ([x - 1, y - 1, x - 1 + width, y - 1 + height] as const) : undefined;
  });
  if (boxes[0] === undefined) throw invalid(`${name}, line 1: the first frame must have a box`);
  return boxes;
}

function invalid(why: string): AppError {
  return new AppError('evaluation/invalid-truth', 'input', why);
}
