import { InvalidArgumentError } from 'commander';
import type { Size } from '../../geometry/index.js';

/** An option parser for whole numbers in a range, both ends included. */
export function wholeNumber(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= lowest && value <= highest) return value;
    throw new InvalidArgumentError(`Expected a whole number, ${lowest} to ${highest}.`);
  };
}

/** An option parser for numbers in a range, both ends included. */
export function numberBetween(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? NaN : Number(text);
    if (value >= lowest && value <= highest) return value;
    throw new InvalidArgumentError(`Expected a number, ${lowest} to ${highest}.`);
  };
}

/** An option parser for how often the detector looks. */
export function detectEvery(text: string): number | 'adaptive' {
  if (text === 'adaptive') return text;
  const every = /^\d{1,2}$/.test(text) ? Number(text) : NaN;
  if (every >= 1 && every <= 30) return every;
  throw new InvalidArgumentError('Expected a whole number, 1 to 30, or adaptive.');
}

/** An option parser for words with commas between. */
export function commaList(text: string): string[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.every((word) => word !== '')) return words;
  throw new InvalidArgumentError('Expected words with commas between.');
}

/** An option parser for sizes of pictures, such as 512x288. */
export function pictureSize(text: string): Size {
  const [, width, height] = /^([1-9]\d{0,3})x([1-9]\d{0,3})$/.exec(text) ?? [];
  if (width === undefined || height === undefined)
    throw new InvalidArgumentError('Expected WIDTHxHEIGHT in pixels, such as 512x288.');
  return { widthPx: Number(width), heightPx: Number(height) };
}
