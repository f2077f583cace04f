import { describe, expect, it } from '@jest/globals';
import { LightGate } from '../../../src/frames/light/index.js';
import type { Detection } from '../../../src/geometry/index.js';

const seen = (...scores: number[]): Detection[] => seenAs('person', ...scores);
const seenAs = (label: string, ...scores: number[]): Detection[] =>
  scores.map((score) => ({ label, score, box: [0, 0, 10, 10] }));

function after(count: number, raw: (i: number) => Detection[], relit: (i: number) => Detection[]): LightGate {
  const gate = new LightGate();
  for (let i = 0; i < count; i++) gate.note(raw(i), relit(i));
  return gate;
}

describe('LightGate', () => {
  it('opens when more is found, and not before twelve comparisons', () => {
    const raw = () => seen(0.45);
    const relit = () => seen(0.5, 0.45);
    expect(after(12, raw, relit).isOn).toBe(false);
    const gate = after(16, raw, relit);
    expect(gate.isOn).toBe(true);
    expect(gate.evidence.gain).toBeCloseTo(1.5);
  });

  it('stays shut when only things are found that are seen little, however many', () => {
    const raw = () => [...seen(0.7, 0.7, 0.7), ...seenAs('traffic light', 0.4)];
    const lamps = seenAs('traffic light', 0.6, 0.6, 0.6);
    expect(after(60, raw, () => [...seen(0.7, 0.7, 0.65), ...lamps]).isOn).toBe(false);
    expect(after(60, raw, () => [...seen(0.8, 0.8, 0.8), ...lamps]).isOn).toBe(true);
  });

  it.each([
    ['as much is found', 0.5],
    ['a little more is found', 0.52],
    ['less is found', 0.4],
  ])('stays shut when %s', (_, score) => {
    expect(
      after(
        60,
        () => seen(0.5),
        () => seen(score),
      ).isOn,
    ).toBe(false);
  });

  it('stays shut when the gain is one of chance', () => {
    const gate = after(
      20,
      () => seen(0.5),
      (i) => seen(i % 2 === 0 ? 0.75 : 0.35),
    );
    expect(gate.isOn).toBe(false);
  });

  it('shuts again when it no longer helps', () => {
    const gate = after(
      20,
      () => seen(0.4),
      () => seen(0.6),
    );
    expect(gate.isOn).toBe(true);
    for (let i = 0; i < 200; i++) gate.note(seen(0.6), seen(0.5));
    expect(gate.isOn).toBe(false);
  });

  it('knows nothing by pictures in which nothing is seen, however many', () => {
    const gate = after(
      1000,
      () => [],
      () => seen(0.1),
    );
    expect([gate.isOn, gate.evidence]).toEqual([false, { samples: 0, gain: 0 }]);
  });

  it('opens where only the other light shows anything', () => {
    expect(
      after(
        16,
        () => [],
        () => seen(0.6),
      ).isOn,
    ).toBe(true);
  });

  it('forgets everything with another light', () => {
    const gate = after(
      20,
      () => seen(0.4),
      () => seen(0.6),
    );
    gate.reset();
    expect([gate.isOn, gate.evidence]).toEqual([false, { samples: 0, gain: 0 }]);
  });
});
