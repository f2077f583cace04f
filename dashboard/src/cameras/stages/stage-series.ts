import type { CameraStages, StageWindow } from '../../../../src/server/protocol.js';

/** A line of a chart; a missing value is a gap. */
export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** A small chart: lines over one time axis, s since 1970. */
export interface ChartData {
  readonly times: readonly number[];
  readonly series: readonly Series[];
}

/** In the order of the way of a frame. */
const STAGES = ['decode', 'queue', 'detect', 'follow', 'mask', 'track', 'total'] as const;
const FLOWS = ['received', 'decoded', 'analysed'] as const;

/** Windows that are over: of the one under way not all is counted. */
function whole({ windows, windowSeconds }: CameraStages, nowMs: number): readonly StageWindow[] {
  return windows.filter(({ from }) => Date.parse(from) + windowSeconds * 1000 <= nowMs);
}

/** How long 95 % of the frames took at most, by stage, ms; stages that there were not are left out. */
export function latencyChart(stages: CameraStages, nowMs: number): ChartData {
  return chartOf(stages, nowMs, STAGES, ({ stages: times }, stage) => times[stage]?.p95Ms ?? null);
}

/** Frames a second, by how far they came. */
export function flowChart(stages: CameraStages, nowMs: number): ChartData {
  return chartOf(stages, nowMs, FLOWS, ({ frames }, flow) => frames[flow] / stages.windowSeconds);
}

/** Frames a second that were given up, by reason; reasons that there were not are left out. */
export function dropChart(stages: CameraStages, nowMs: number): ChartData {
  const reasons = [...new Set(whole(stages, nowMs).flatMap(({ dropped }) => Object.keys(dropped)))].sort();
  return chartOf(stages, nowMs, reasons, ({ dropped }, reason) => {
    const count = (dropped as Readonly<Record<string, number>>)[reason] ?? 0;
    return count / stages.windowSeconds;
  });
}

/** The newest value of each line, for those who do not see the chart. */
export function latestOf({
  series,
}: ChartData): readonly { readonly name: string; readonly value: number }[] {
  return series.flatMap(({ name, values }) => {
    const value = values.findLast((one) => one !== null);
    return value === undefined || value === null ? [] : [{ name, value }];
  });
}

function chartOf<Name extends string>(
  stages: CameraStages,
  nowMs: number,
  names: readonly Name[],
  valueOf: (window: StageWindow, name: Name) => number | null,
): ChartData {
  const windows = whole(stages, nowMs);
  const stepS = stages.windowSeconds;
  const times: number[] = [];
  const at: (StageWindow | undefined)[] = [];
  for (const window of windows) {
    const fromS = Date.parse(window.from) / 1000;
    // Where nothing came there is no window: the line has a gap, and does not go straight on.
    const last = times.at(-1);
    if (last !== undefined && fromS > last + 1.5 * stepS) {
      times.push(last + stepS);
      at.push(undefined);
    }
    times.push(fromS);
    at.push(window);
  }
  const series = names
    .map((name) => ({
      name,
      values: at.map((window) => (window === undefined ? null : valueOf(window, name))),
    }))
    .filter(({ values }) => values.some((value) => value !== null));
  return { times, series };
}
