import { describe, expect, it } from '@jest/globals';
import { sourceFiles } from './source-files.js';

const LINES_MAX = 350;

describe('the files of src/ and dashboard/', () => {
  it(`have at most ${LINES_MAX} lines`, () => {
    const files = [...sourceFiles('src'), ...sourceFiles('dashboard')];
    const sizes = files.map(({ file, text }) => ({ file, lines: text.split('\n').length - 1 }));
    expect(sizes.length).toBeGreaterThan(50);
    expect(sizes.filter(({ lines }) => lines > LINES_MAX)).toEqual([]);
  });

  it('are named in kebab-case', () => {
    const names = sourceFiles('src').map(({ file }) => file.slice(file.lastIndexOf('/') + 1));
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.d)?\.ts$/.test(name))).toEqual([]);
  });
});
