import { AppError } from '../base/index.js';
import type { Size } from '../geometry/index.js';
import type { LabelledObject } from './labelled-image.js';

/** Rounding takes coordinates beyond the edge by this much, of the image's size. */
const SLACK = 0.001;

/**
 * Reads a YOLO label file: a line per object, `class centreX centreY width height`, each 0..1 of the image's size.
 *
 * @param labels label by class index
 * @throws {AppError} `evaluation/invalid-truth` with the line's number
 */
export function readYoloLabels(text: string, image: Size, labels: readonly string[]): LabelledObject[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '') return [];
    const numbers = line.trim().split(/\s+/).map(Number);
    const [classIndex, x, y, width, height] = numbers as [number, number, number, number, number];
    const label = labels[classIndex];
    const isBox =
      numbers.length === 5 &&
      numbers.slice(1).every((value) => value >= -SLACK && value <= 1 + SLACK) &&
      width >= 0 &&
      height >= 0;
    if (!isBox || label === undefined)
      throw new AppError(
        'evaluation/invalid-truth',
        'input',
        `line ${index + 1} is "${line.slice(0, 80)}"; expected "class x y width height" with a class from 0 to ` +
          `${labels.length - 1} and a box in 0..1 of the image's size`,
      );
    const widthPx = width * image.widthPx;
    const heightPx = height * image.heightPx;
    const left = x * image.widthPx - widthPx / 2;
    const top = y * image.heightPx - heightPx / 2;
    return [
      { label, box: [left, top, left + widthPx, top + heightPx], areaPx: widthPx * heightPx, isCrowd: false },
    ];
  });
}
