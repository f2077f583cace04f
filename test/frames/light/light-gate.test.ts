import { describe, expect, it } from '@jest/globals';
import { LightGate } from '../../../src/frames/light/index.js';
import type { Detection } from '../../../src/geometry/index.js';

const seen = (...scores: number[]): Detection[] =>
  scores.map((score) => ({ label: 'person', score, box: [0, 0, 10, 10] }));

function after(count: number, raw: (i: number) => Detection[], relit: (i: number) => Detection[]): LightGate {
  const gate = new LightGate();
  for (let i = 0; i < count; i++) gate.note(raw(i), relit(i));
  return gate;
}

describe('LightGate', () => {
  it('opens when more is found, and not before eight comparisons', () => {
    const raw = () => seen(0.4);
    const relit = () => seen(0.5, 0.4);
    expect(after(7, raw, relit).isOn).toBe(false);
    const gate = after(10, raw, relit);
    expect(gate.isOn).toBe(true);
    expect(gate.evidence.gain).toBeCloseTo(1.5);
  });

  it.each([
    ['as much is found', 0.5],
    ['a little more is found', 0.51],
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
      (i) => seen(...(i % 2 === 0 ? [0.9] : []), ...(i % 2 === 1 ? [0.3] : [])),
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
        12,
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
