import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/base/index.js';
import { createMetrics, EventLoopLag, type Metrics } from '../../src/metrics/index.js';
import { FakeClock } from '../support/fake-clock.js';
import { waitFor } from '../support/wait-for.js';
import { parsePrometheus } from './parse-prometheus.js';

describe('metrics', () => {
  let metrics: Metrics;
  beforeEach(() => {
    metrics = createMetrics({ clock: systemClock });
  });
  afterEach(() => metrics.close());

  it('have the names and types of the contract', async () => {
    const families = parsePrometheus(await metrics.text());
    const expected = {
      sightline_camera_up: 'gauge',
      sightline_camera_health_fault: 'gauge',
      sightline_camera_frames_total: 'counter',
      sightline_frames_dropped_total: 'counter',
      sightline_stage_seconds: 'histogram',
      sightline_frame_to_event_seconds: 'histogram',
      sightline_inference_seconds: 'histogram',
      sightline_camera_reconnects_total: 'counter',
      sightline_tracks_active: 'gauge',
      sightline_events_total: 'counter',
      sightline_ws_clients: 'gauge',
      sightline_ws_dropped_total: 'counter',
      sightline_decode_gate_state: 'gauge',
      sightline_store_bytes: 'gauge',
      sightline_engine_restarts_total: 'counter',
      sightline_event_loop_lag_seconds: 'summary',
      sightline_config_reload_failed_total: 'counter',
      process_resident_memory_bytes: 'gauge',
    };
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, families.get(name)?.type]))).toEqual(
      expected,
    );
  });

  it('follow the naming rules that promtool checks', async () => {
    metrics.stageSeconds.observe({ stage: 'decode' }, 0.004);
    for (const [name, { type, help, samples }] of parsePrometheus(await metrics.text())) {
      expect(name).toMatch(/^[a-z_][a-z0-9_]*$/);
      expect(help).not.toBe('');
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
      expect([name, samples.some(({ labels }) => 'quantile' in labels) && type !== 'summary']).toEqual([
        name,
        false,
      ]);
    }
  });

  it('escape quotes, backslashes and newlines in label values', async () => {
    const model = 'a"b\\c\nd';
    metrics.inferenceSeconds.observe({ model, provider: 'cpu' }, 0.02);
    const samples = parsePrometheus(await metrics.text()).get('sightline_inference_seconds')?.samples;
    expect(samples?.find(({ name }) => name.endsWith('_count'))?.labels).toEqual({ model, provider: 'cpu' });
  });

  it('forget every series of a removed camera and keep the others', async () => {
    for (const camera of ['gate', 'yard']) {
      metrics.cameraUp.set({ camera }, 1);
      metrics.cameraHealthFault.set({ camera, type: 'blocked' }, 1);
      metrics.cameraFrames.inc({ camera, stage: 'received' }, 5);
      metrics.cameraFrames.inc({ camera, stage: 'analysed' });
      metrics.framesDropped.inc({ camera, stage: 'queue', reason: 'replaced' });
      metrics.cameraReconnects.inc({ camera, reason: 'stalled' });
      metrics.tracksActive.set({ camera }, 2);
      metrics.decodeGateState.set({ camera }, 1);
    }
    await metrics.removeCamera('gate');
    const text = await metrics.text();
    expect(text).not.toContain('camera="gate"');
    expect(text.match(/camera="yard"/g)).toHaveLength(8);
  });
});

describe('event loop lag', () => {
  it('shows in its maximum how long the loop was blocked', async () => {
    const lag = new EventLoopLag({ clock: new FakeClock() });
    await waitFor(() => lag.count > 2, { timeoutMs: 10_000, what: 'the first samples' });
    const untilMs = performance.now() + 150;
    while (performance.now() < untilMs);
    await waitFor(() => lag.snapshot().max >= 0.1, { timeoutMs: 10_000, what: 'the block to be seen' });
    expect(lag.snapshot().p50).toBeLessThan(0.1);
    lag.close();
  });

  it('reports the last whole window, and keeps count over windows', async () => {
    const clock = new FakeClock();
    const lag = new EventLoopLag({ clock });
    await waitFor(() => lag.count > 2, { timeoutMs: 10_000, what: 'the first samples' });
    const before = lag.count;
    clock.advance(15_000);
    const window = lag.snapshot();
    const untilMs = performance.now() + 150;
    while (performance.now() < untilMs);
    await waitFor(() => lag.count > before, { timeoutMs: 10_000, what: 'further samples' });
    expect(lag.snapshot()).toEqual(window);
    lag.close();
    expect(clock.pendingTimers).toBe(0);
  });
});
