import { describe, expect, it } from '@jest/globals';
import { InferenceTimes } from '../../src/app/inference-times.js';
import type { Observation } from '../../src/engine/index.js';

const seen = (inferenceMs: number, model = 'm@1', isDetected = true) =>
  ({ model, provider: 'cpu', isDetected, timing: { inferenceMs } }) as Observation;

describe('the times of a model', () => {
  it('are unknown until it has looked at a picture', () => {
    const times = new InferenceTimes();
    times.note(seen(0, 'm@1', false));
    expect(times.of('m@1', 'cpu')).toBeUndefined();
  });

  it('are quantiles of what was measured, by nearest rank', () => {
    const times = new InferenceTimes();
    for (let ms = 100; ms >= 1; ms--) times.note(seen(ms));
    expect(times.of('m@1', 'cpu')).toEqual({ pictures: 100, window: 100, p50Ms: 50, p95Ms: 95 });
    expect(times.of('m@1', 'cuda')).toBeUndefined();
  });

  it('forget what is older than the newest 256', () => {
    const times = new InferenceTimes();
    for (let n = 0; n < 300; n++) times.note(seen(n < 44 ? 1000 : 7.123));
    expect(times.of('m@1', 'cpu')).toEqual({ pictures: 300, window: 256, p50Ms: 7.12, p95Ms: 7.12 });
  });

  it('are kept of 32 models, whatever the configuration goes through', () => {
    const times = new InferenceTimes();
    for (let n = 0; n < 40; n++) times.note(seen(n, `m@${n}`));
    expect(times.of('m@7', 'cpu')).toBeUndefined();
    expect(times.of('m@8', 'cpu')).toBeDefined();
  });
});
