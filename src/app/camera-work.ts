import type { Clock } from '../base/index.js';
import type { EngineCounts, FrameTiming } from '../engine/index.js';
import type { CameraStages, StageWindow } from '../server/index.js';

/** Times and counts are summed up over this. */
const WINDOW_MS = 10_000;
/** Ten minutes. */
const WINDOWS_KEPT = 60;
/** More times of one stage in one window are not kept: 100 a second. */
const TIMES_MAX = 1000;

type Stage = keyof StageWindow['stages'];
type Frames = StageWindow['frames'];
type DropReason = keyof StageWindow['dropped'];

interface Window {
  readonly fromMs: number;
  readonly times: Map<Stage, number[]>;
  readonly frames: { -readonly [K in keyof Frames]: number };
  readonly dropped: Partial<Record<DropReason, number>>;
}

/** Where the time of one camera's frames goes, and what became of them, over the last ten minutes. */
export class CameraWork {
  readonly #clock: Clock;
  /** Whole ones: what they say changes no more. */
  readonly #whole: { readonly fromMs: number; readonly view: StageWindow }[] = [];
  #open: Window | undefined;

  constructor(options: { clock: Clock }) {
    this.#clock = options.clock;
  }

  /** A frame came from the camera. */
  received(): void {
    this.#now().frames.received++;
  }

  /** A frame was analysed. @param totalMs from its arrival until it was told */
  analysed(timing: FrameTiming, isDetected: boolean, totalMs: number): void {
    const window = this.#now();
    window.frames.analysed++;
    note(window, 'decode', timing.decodeMs);
    note(window, 'queue', timing.queueMs);
    if (isDetected) note(window, 'detect', timing.preprocessMs + timing.inferenceMs + timing.postprocessMs);
    if (timing.followMs > 0) note(window, 'follow', timing.followMs);
    if (timing.maskMs > 0) note(window, 'mask', timing.maskMs);
    note(window, 'track', timing.trackMs);
    note(window, 'total', totalMs);
  }

  /** Takes what the engine counted since it last told. */
  count({ decoded, skipped, dropped }: Pick<EngineCounts, 'decoded' | 'skipped' | 'dropped'>): void {
    const { frames } = this.#now();
    frames.decoded += decoded;
    frames.skipped += skipped;
    for (const [reason, count] of Object.entries(dropped)) this.dropped(reason as DropReason, count);
  }

  /** Frames were given up. */
  dropped(reason: DropReason, count: number): void {
    if (count === 0) return;
    const { dropped } = this.#now();
    dropped[reason] = (dropped[reason] ?? 0) + count;
  }

  /** Of whole windows, and of the one under way, earliest first; of a time without frames there is none. */
  view(): CameraStages {
    this.#forget();
    const windows = this.#whole.map(({ view }) => view);
    if (this.#open !== undefined) windows.push(viewOf(this.#open));
    return { windowSeconds: WINDOW_MS / 1000, windows };
  }

  #now(): Window {
    const nowMs = this.#clock.wallMs();
    const fromMs = nowMs - (nowMs % WINDOW_MS);
    const open = this.#open;
    // Also where the clock was set back: windows stay in order.
    if (open !== undefined && fromMs <= open.fromMs) return open;
    if (open !== undefined) this.#whole.push({ fromMs: open.fromMs, view: viewOf(open) });
    const frames = { received: 0, decoded: 0, skipped: 0, analysed: 0 };
    this.#open = { fromMs, times: new Map(), frames, dropped: {} };
    this.#forget();
    return this.#open;
  }

  #forget(): void {
    const earliestMs = this.#clock.wallMs() - WINDOWS_KEPT * WINDOW_MS;
    while ((this.#whole[0]?.fromMs ?? Infinity) < earliestMs) this.#whole.shift();
    if ((this.#open?.fromMs ?? Infinity) < earliestMs) this.#open = undefined;
  }
}

function note({ times }: Window, stage: Stage, ms: number): void {
  const noted = times.get(stage);
  if (noted === undefined) times.set(stage, [ms]);
  else if (noted.length < TIMES_MAX) noted.push(ms);
}

function viewOf({ fromMs, times, frames, dropped }: Window): StageWindow {
  const stages = [...times].map(([stage, noted]) => [stage, quantilesOf(noted)] as const);
  return {
    from: new Date(fromMs).toISOString(),
    stages: Object.fromEntries(stages),
    frames: { ...frames },
    dropped: { ...dropped },
  };
}

function quantilesOf(times: readonly number[]): { readonly p50Ms: number; readonly p95Ms: number } {
  const sorted = [...times].sort((one, other) => one - other);
  // The nearest rank, in tenths of a millisecond.
  const at = (share: number) =>
    Math.max(0, Math.round(sorted[Math.ceil(share * sorted.length) - 1]! * 10) / 10);
  return { p50Ms: at(0.5), p95Ms: at(0.95) };
}
