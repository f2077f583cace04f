import { describe, expect, it } from '@jest/globals';
import { fromLocalInput, toLocalInput } from '../../../dashboard/src/ui/local-time.js';

describe('moments in fields', () => {
  it('are read back as what they were made of, to the second', () => {
    const ms = Date.parse('2026-05-04T09:30:12.000Z');
    expect(toLocalInput(ms)).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:12$/);
    expect(fromLocalInput(toLocalInput(ms))).toBe('2026-05-04T09:30:12.000Z');
  });

  it('are none where the field is empty', () => {
    expect(fromLocalInput('')).toBeUndefined();
  });
});
