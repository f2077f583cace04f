import { describe, expect, it } from '@jest/globals';
import { PLATE_PATTERNS } from '../../src/config/index.js';
import {
  fitsPatterns,
  foldedText,
  partsWithin,
  PATTERN_NAMES,
  platePatterns,
  textDistance,
} from '../../src/reading/index.js';

/** Park and Miller's generator, so that each run is the same. */
function randomTexts(count: number): [string, string][] {
  let state = 11;
  const random = (below: number) => (state = (state * 48271) % 0x7fffffff) % below;
  const letters = '0O1I2Z5S6G8BDQAX';
  return Array.from({ length: count }, () => {
    const text = Array.from({ length: 4 + random(5) }, () => letters[random(16)]!);
    const other = [...text];
    for (let edit = random(4); edit > 0; edit--)
      other.splice(random(other.length + 1), random(2), ...(random(2) === 0 ? [letters[random(16)]!] : []));
    return [text.join(''), other.join('')];
  });
}

describe('the parts of a text', () => {
  it('have one that stands in every text within the distance', () => {
    const near = randomTexts(1000).flatMap(([text, other]) =>
      [0.5, 1, 1.5, 2, 3].flatMap((distance) =>
        textDistance(text, other, distance) <= distance ? [{ text, other, distance }] : [],
      ),
    );
    const missed = near.filter(
      ({ text, other, distance }) =>
        !partsWithin(text, distance).some((part) => foldedText(other).includes(part)),
    );
    expect(near.length).toBeGreaterThan(1000);
    expect(missed).toEqual([]);
  });

  it('are the whole text, folded, for distances below one', () => {
    expect(partsWithin('ro-82 sg', 0.5)).toEqual(['R0' + '8' + '2' + '5' + '6']);
    expect(partsWithin('AB', 3)).toEqual(['', 'A', '', '8']);
  });
});

describe('a text and patterns', () => {
  it.each([
    ['RK755AJ', ['sk'], true],
    ['RK75SAJ', ['sk'], false],
    ['RK755A', ['sk'], false],
    ['rk755aj', ['sk'], false],
    ['B123', ['L{1,3}D{2,4}'], true],
    ['CSQU3054383', ['container'], true],
    ['CSQU3054384', ['container'], false],
    ['ANYTHING', ['any'], undefined],
  ])('%s of %j: %p', (text, names, expected) => {
    expect(fitsPatterns(text, platePatterns(names))).toBe(expected);
  });

  it('of a configuration are those that there are', () => {
    expect([...PLATE_PATTERNS].sort()).toEqual(PATTERN_NAMES);
  });
});
