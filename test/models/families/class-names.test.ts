import { describe, expect, it } from '@jest/globals';
import { classNames, namesIn } from '../../../src/models/families/class-names.js';

describe('class names of the metadata', () => {
  it.each<[string, string, string[]]>([
    ["a dict as Python prints it", "{0: 'person', 1: 'fire hydrant'}", ['person', 'fire hydrant']],
    ['both kinds of quotes, and escapes', `{0: "driver's cab", 1: 'it\\'s', 2: 'a\\\\b', 3: 'caf\\xe9'}`, ["driver's cab", "it's", 'a\\b', 'café']],
    ['a list', "['a', 'b, c']", ['a', 'b, c']],
    ['JSON', '{"0": "a", "1": "b"}', ['a', 'b']],
    ['other scripts', "{0: '车', 1: 'Straße'}", ['车', 'Straße']],
    ['an empty name', "{0: '', 1: 'b'}", ['class 0', 'b']],
    ['control characters, left out', "{0: 'a\\x1b[31m\\nb'}", ['a[31m b']],
  ])('are read from %s', (_, names, expected) => {
    expect(namesIn({ names })).toEqual(expected);
  }); // prettier-ignore

  it.each([
    ['nothing', ''],
    ['an expression', "{0: __import__('os').name}"],
    ['a gap', "{0: 'a', 2: 'b'}"],
    ['an unfinished string', "{0: 'a"],
    ['a list with keys', "[0: 'a']"],
    ['one of a million quotes', `{${"'".repeat(1e6)}}`],
  ])('are not made up from %s', (_, names) => {
    expect(namesIn({ names })).toBeUndefined();
  });

  it('give way where there are not as many as classes', () => {
    const metadata = { names: "{0: 'a', 1: 'b'}" };
    expect(classNames(metadata, 2)).toEqual(['a', 'b']);
    expect(classNames(metadata, 3)).toEqual(['class 0', 'class 1', 'class 2']);
    expect(classNames(metadata, 80)[2]).toBe('car');
    expect(classNames(metadata, 20)[0]).toBe('aeroplane');
  });
});
