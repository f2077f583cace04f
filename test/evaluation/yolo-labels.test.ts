import { describe, expect, it } from '@jest/globals';
import { readYoloLabels } from '../../src/evaluation/index.js';

describe('readYoloLabels', () => {
  const size = { widthPx: 200, heightPx: 100 };

  it('turns relative centres into boxes in pixels', () => {
    expect(readYoloLabels('1 0.5 0.5 0.1 0.2\n\n0 0.25 0.1 0.5 0.2\n', size, ['cat', 'dog'])).toEqual([
      { label: 'dog', box: [90, 40, 110, 60], areaPx: 400, isCrowd: false },
      { label: 'cat', box: [0, 0, 100, 20], areaPx: 2000, isCrowd: false },
    ]);
  });

  it.each([
    '2 0.5 0.5 0.1 0.2',
    '1 0.5 0.5 0.1',
    '1 a b c d',
    '1 0.1 0.1 0.2 0.2 0.9',
    '1 50 20 10 10',
    '1 0.5 0.5 -0.1 0.1',
  ])('refuses the line "%s" with its number', (line) => {
    expect(() => readYoloLabels(`0 0.5 0.5 0.1 0.1\n${line}`, size, ['cat', 'dog'])).toThrow(/^line 2 /);
  });
});
