import { describe, expect, it } from '@jest/globals';
import {
  dropChart,
  flowChart,
  latencyChart,
  latestOf,
} from '../../../dashboard/src/cameras/stages/stage-series.js';
import type { CameraStages, StageWindow } from '../../../src/server/protocol.js';

const T0 = Date.parse('2026-05-04T09:30:00.000Z');
const window = (atS: number, change: Partial<StageWindow> = {}): StageWindow => ({
  from: new Date(T0 + atS * 1000).toISOString(),
  stages: { decode: { p50Ms: 5, p95Ms: 9 }, total: { p50Ms: 50, p95Ms: 90 } },
  frames: { received: 250, decoded: 50, skipped: 200, analysed: 50 },
  dropped: {},
  ...change,
});
const stages = (...windows: StageWindow[]): CameraStages => ({ windowSeconds: 10, windows });
const LATER = T0 + 3_600_000;

describe('the charts of a camera', () => {
  it('show the latency of the stages that there were, and frames a second', () => {
    const told = stages(window(0), window(10));
    expect(latencyChart(told, LATER)).toEqual({
      times: [T0 / 1000, T0 / 1000 + 10],
      series: [
        { name: 'decode', values: [9, 9] },
        { name: 'total', values: [90, 90] },
      ],
    });
    expect(latestOf(flowChart(told, LATER))).toEqual([
      { name: 'received', value: 25 },
      { name: 'decoded', value: 5 },
      { name: 'analysed', value: 5 },
    ]);
  });

  it('leave out the window under way, of which not all is counted', () => {
    expect(flowChart(stages(window(0), window(10)), T0 + 15_000).times).toEqual([T0 / 1000]);
  });

  it('have a gap where nothing came', () => {
    const { times, series } = flowChart(stages(window(0), window(60)), LATER);
    expect(times.map((time) => time - T0 / 1000)).toEqual([0, 10, 60]);
    expect(series[0]?.values).toEqual([25, null, 25]);
  });

  it('show drops by their reason, zero where there were none, and nothing where there never were', () => {
    const told = stages(window(0, { dropped: { replaced: 5 } }), window(10));
    expect(dropChart(told, LATER).series).toEqual([{ name: 'replaced', values: [0.5, 0] }]);
    expect(dropChart(stages(window(0)), LATER).series).toEqual([]);
  });
});
