import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CameraHealth } from '../../src/app/camera-health.js';
import { createMetrics, type Metrics } from '../../src/metrics/index.js';
import { FakeClock } from '../support/fake-clock.js';

describe('the health of a camera', () => {
  const clock = new FakeClock();
  let metrics: Metrics;
  let health: CameraHealth;
  const faultsOf = async () =>
    [...(await metrics.text()).matchAll(/sightline_camera_health_fault\{camera="gate",type="(.+)"\} 1/g)].map(
      ([, type]) => type,
    );
  beforeEach(() => {
    metrics = createMetrics({ clock });
    health = new CameraHealth({ camera: 'gate', metrics, clock });
  });
  afterEach(() => metrics.close());

  it('has a series of each fault from the start, and is learning', async () => {
    expect((await metrics.text()).match(/sightline_camera_health_fault\{.*\} 0/g)).toHaveLength(6);
    health.setConnection('connecting');
    expect(health.view()).toEqual({ state: 'learning', faults: [] });
  });

  it('tells faults with the time since which they are known', async () => {
    health.see({ state: 'watching', faults: [] }, 1000);
    expect(health.view()).toEqual({ state: 'good', faults: [] });
    health.see({ state: 'watching', faults: ['moved'] }, 2000);
    health.see({ state: 'watching', faults: ['moved', 'blurred'] }, 3000);
    expect(health.view()).toEqual({
      state: 'faulty',
      faults: [
        { fault: 'moved', since: '1970-01-01T00:00:02.000Z' },
        { fault: 'blurred', since: '1970-01-01T00:00:03.000Z' },
      ],
    });
    expect((await faultsOf()).sort()).toEqual(['blurred', 'moved']);
    health.see({ state: 'watching', faults: [] }, 4000);
    expect(await faultsOf()).toEqual([]);
  });

  it('knows nothing of the pictures without a signal, and keeps its loss while it connects anew', async () => {
    health.setConnection('live');
    health.see({ state: 'watching', faults: ['blocked'] }, 1000);
    health.setConnection('reconnecting');
    health.setConnection('connecting');
    expect(await faultsOf()).toEqual(['signal-lost']);
    health.setConnection('live');
    expect(health.view()).toEqual({ state: 'learning', faults: [] });
  });
});
