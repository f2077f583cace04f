import { describe, expect, it } from '@jest/globals';
import { labelColour } from '../../src/geometry/index.js';

describe('labelColour', () => {
  it('gives a label always the same colour, also one that is a name of every object', () => {
    for (const label of ['person', 'zebra', 'constructor', '__proto__', '']) {
      expect(labelColour(label)).toMatch(/^#[0-9a-f]{6}$/);
      expect(labelColour(label)).toBe(labelColour(label));
    }
  });
});
