import { describe, expect, it } from '@jest/globals';
import { LightJudge, type LightMeasures } from '../../../src/frames/light/index.js';

const DAY: LightMeasures = {
  meanLuma: 0.45, spread: 0.2, darkShare: 0.05, brightShare: 0.02, castU: 0, castV: 0, colourShare: 0.4, noise: 1 }; // prettier-ignore

/** What a judge says of pictures, five a second, without repetitions. */
function judged(...parts: readonly (readonly [seconds: number, light: Partial<LightMeasures>])[]): string {
  const judge = new LightJudge();
  const said: string[] = [];
  let ms = 0;
  for (const [seconds, light] of parts)
    for (const untilMs = ms + seconds * 1000; ms < untilMs; ms += 200) {
      const regime = judge.take({ ...DAY, ...light }, ms);
      if (regime !== said.at(-1)) said.push(regime);
    }
  return said.join(' ');
}

describe('LightJudge', () => {
  it.each([
    ['day', {}],
    ['low', { meanLuma: 0.1 }],
    ['low', { colourShare: 0, meanLuma: 0.01 }],
    ['backlit', { brightShare: 0.2, darkShare: 0.4 }],
    ['day', { brightShare: 0.2 }],
  ])('says %s at once of a first picture like that', (regime, light) => {
    expect(judged([0.2, light])).toBe(regime);
  });

  it('changes after a second, and not for a shorter time', () => {
    expect(judged([2, {}], [0.8, { meanLuma: 0.1 }], [2, {}])).toBe('day');
    expect(judged([2, {}], [2, { meanLuma: 0.1 }])).toBe('day low');
  });

  it('calls it infrared once there was no colour for ten seconds, by day or night, and ends that sooner', () => {
    expect(judged([9, { colourShare: 0 }], [2, {}], [9, { colourShare: 0 }], [2, {}])).toBe('day');
    expect(judged([2, {}], [12, { colourShare: 0 }], [2, {}])).toBe('day infrared day');
    expect(judged([12, { colourShare: 0, meanLuma: 0.1 }])).toBe('low infrared');
  });

  it('knows no lamps where there is no light', () => {
    expect(judged([30, { colourShare: 0, meanLuma: 0.01 }])).toBe('low');
  });

  it('does not go to and fro at dusk', () => {
    const dusk = Array.from({ length: 20 }, (_, i) => [2, { meanLuma: i % 2 === 0 ? 0.19 : 0.23 }] as const);
    expect(judged([2, {}], ...dusk)).toBe('day low');
  });

  it('calls a sudden light that goes again a flash, and goes on as before', () => {
    const night = { meanLuma: 0.1 };
    expect(judged([3, night], [0.4, { meanLuma: 0.5 }], [3, night])).toBe('low flash low');
  });

  it('calls a light that stays no flash any more after a second', () => {
    expect(judged([3, { meanLuma: 0.1 }], [4, { meanLuma: 0.5 }])).toBe('low flash low day');
  });

  it('takes no slow dawn for a flash', () => {
    const dawn = Array.from({ length: 40 }, (_, i) => [1, { meanLuma: 0.05 + i * 0.01 }] as const);
    expect(judged(...dawn)).toBe('low day');
  });

  it('does not know a flash where pictures are seconds apart', () => {
    const judge = new LightJudge();
    const said = [0.1, 0.1, 0.5, 0.1].map((meanLuma, at) => judge.take({ ...DAY, meanLuma }, at * 2000));
    expect(said).toEqual(['low', 'low', 'low', 'low']);
  });
});
