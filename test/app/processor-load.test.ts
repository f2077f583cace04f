import { expect, it } from '@jest/globals';
import { ProcessorLoad } from '../../src/app/processor-load.js';

const times = (user: number, idle: number) => ({ times: { user, nice: 0, sys: 0, idle, irq: 0 } });

it('tells the share of all processors between the last two measurements, and nothing before there are two', () => {
  const readings = [
    [times(100, 900), times(0, 1000)],
    [times(150, 950), times(0, 1100)],
    [times(250, 950), times(100, 1100)],
    [times(250, 950), times(100, 1100)],
  ];
  const load = new ProcessorLoad(() => readings.shift()!);
  load.measure();
  expect(load.busy).toBeUndefined();
  load.measure();
  expect(load.busy).toBeCloseTo(0.25);
  load.measure();
  expect(load.busy).toBe(1);
  // Too close to the one before to tell: what was known stays.
  load.measure();
  expect(load.busy).toBe(1);
});
