import { describe, expect, it } from '@jest/globals';
import { newId } from '../../src/access/secret-value.js';

describe('newId', () => {
  it('gives what a command line takes as an argument: never a leading dash', () => {
    const ids = Array.from({ length: 500 }, newId);
    expect(ids.filter((id) => !/^[0-9a-f]{18}$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(500);
  });
});
