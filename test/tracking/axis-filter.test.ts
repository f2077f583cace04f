import { describe, expect, it } from '@jest/globals';
import { AxisFilter } from '../../src/tracking/axis-filter.js';

describe('AxisFilter', () => {
  it.each([0, 0.3])(
    'comes to the same in one step and in many (decay %p), so that no frame rate is special',
    (decay) => {
      const once = new AxisFilter(100, 3, 20);
      const often = new AxisFilter(100, 3, 20);
      once.rate = 40;
      often.rate = 40;
      once.predict(1, 5, decay);
      for (let i = 0; i < 25; i++) often.predict(1 / 25, 5, decay);
      expect(often.value).toBeCloseTo(once.value, 6);
      expect(often.rate).toBeCloseTo(once.rate, 6);
      // Within a few per cent where it slows down: the noise that comes in on the way slows down too.
      for (const key of ['varValue', 'covariance', 'varRate'] as const)
        expect(often[key] / once[key]).toBeCloseTo(1, decay === 0 ? 6 : 1);
    },
  );

  it('believes the surer side more', () => {
    const filter = new AxisFilter(100, 3, 0);
    filter.correct(110, 3);
    expect(filter.value).toBeCloseTo(105, 6);
    filter.correct(200, 1e6);
    expect(filter.value).toBeCloseTo(105, 2);
  });
});
