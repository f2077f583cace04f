import { describe, expect, it } from '@jest/globals';
import { nearestName } from '../../src/config/nearest-name.js';

describe('nearestName', () => {
  it.each([
    ['enbaled', 'enabled'],
    ['SOURCE', 'source'],
    ['sourc', 'source'],
    ['soucre', 'source'],
    ['analyze', 'analyse'],
  ])('takes %s for %s', (typed, meant) => {
    expect(nearestName(typed, ['source', 'name', 'enabled', 'analyse'])).toBe(meant);
  });

  it('finds nothing near a name unlike all others', () => {
    expect(nearestName('xyzzy', ['source', 'name'])).toBeUndefined();
    expect(nearestName('a', ['source', 'name'])).toBeUndefined();
    expect(nearestName('x', [])).toBeUndefined();
  });
});
