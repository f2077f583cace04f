import { describe, expect, it } from '@jest/globals';
import { readClassNames } from '../../src/evaluation/index.js';

describe('readClassNames', () => {
  it.each([
    ['lines', 'cat\r\ndog\n\n'],
    ['yaml', 'path: .\nnames: [cat, dog]\n'],
    ['yaml', 'nc: 2\nnames:\n  1: dog\n  0: cat\n'],
  ] as const)('reads %s', (format, text) => {
    expect(readClassNames(text, format)).toEqual(['cat', 'dog']);
  });

  it.each([
    ['an index left out', 'names: { 0: cat, 2: dog }', /class 1 of 2 has no name/],
    ['no names', 'nc: 2', /expected names/],
    ['names that are no words', 'names: [1, 2]', /expected names/],
    ['what is no YAML', 'names: [cat\n  : {', /these are no class names: \d+:\d+: /],
  ])('refuses %s in one line', (_, text, message) => {
    expect(() => readClassNames(text, 'yaml')).toThrow(message);
    expect(() => readClassNames(text, 'yaml')).not.toThrow(/\n/);
  });
});
