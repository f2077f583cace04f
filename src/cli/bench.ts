import { setMaxListeners } from 'node:events';
import { availableParallelism, cpus } from 'node:os';
import { createLog, systemClock } from '../base/index.js';
import { demoConfig, type Environment } from '../config/index.js';
import { analyseFile, Dispatcher, measureDecode, planAnalysis } from '../engine/index.js';
import { ensureDefaultDetector, InferencePool, measureBareRun } from '../inference/index.js';
import { findFfmpeg, probeSource } from '../media/index.js';
import { progressBar } from './progress.js';
import { percentile } from './stage-times.js';

const LONG_SIDE_PX = 512;
const SCORE_MIN = 0.4;
const BARE_RUNS = 40;

/** The flags of `sightline bench`, and the environment. */
export interface BenchOptions {
  /** The clip that every camera plays; the demo's by default. */
  readonly clip?: string;
  /** Numbers of cameras to measure. */
  readonly cameras: readonly number[];
  /** Length of each measurement. */
  readonly seconds: number;
  /** Times that everything is measured, in turn, so that a machine's drift meets all alike; medians are reported. */
  readonly rounds: number;
  readonly env: Environment;
}

/** Medians over the rounds. */
export interface BenchReport {
  readonly machine: {
    readonly cores: number;
    readonly cpu: string;
    readonly node: string;
    readonly ffmpeg: string;
  };
  readonly model: string;
  readonly clip: string;
  readonly inputPx: string;
  /** CPU ms of one bare `session.run`: with every core busy, and alone. */
  readonly bareRunCpuMs: { readonly allCores: number; readonly alone: number };
  readonly decodeCpuMs: number;
  /** cores ÷ (bare run + decode), frames a second. */
  readonly idealFps: { readonly allCores: number; readonly alone: number };
  /** The lowest of those below. */
  readonly efficiency: number;
  readonly cameras: readonly {
    readonly cameras: number;
    readonly fps: number;
    /** fps ÷ ideal, the bare run measured right before and after, with every core busy, as it is at work. */
    readonly efficiency: number;
    /** The same against a bare run that had the machine to itself. */
    readonly efficiencyAgainstAlone: number;
    readonly efficiencyByRound: readonly number[];
  }[];
}

/**
 * `sightline bench`: how much of what this machine could infer the whole pipeline makes use of. Each camera is the clip
 * through decoder, queue, detector and tracker, as fast as the workers take it.
 */
export async function bench(options: BenchOptions): Promise<BenchReport> {
  const log = createLog('error');
  const ffmpeg = await findFfmpeg({ env: options.env });
  const source = options.clip ?? demoConfig(options.env).cameras[0]!.source;
  const size = await probeSource({ ffmpeg, source, timeoutMs: 10_000 });
  const modelPath = await ensureDefaultDetector({ log });
  const workers = availableParallelism();
  const pool = await InferencePool.open({ modelPath, workers, log });
  await pool.allOpened;
  const plan = planAnalysis(size, LONG_SIDE_PX, pool.model.input);
  const input = plan.placed.input;
  const bar = progressBar(options.rounds * (2 + 2 * options.cameras.length), 'measurements');

  const rounds: Round[] = [];
  const bareRun = async (parallel: number, runs: number) => {
    const { cpuSeconds } = await measureBareRun({ modelPath, input, runs, parallel });
    bar.advance();
    return cpuSeconds;
  };
  try {
    for (let i = 0; i < options.rounds; i++) {
      const alone = await bareRun(1, BARE_RUNS);
      const decode = await measureDecode({ ffmpeg, source, size: plan.frame, log });
      const bare = [await bareRun(workers, BARE_RUNS)];
      const fps: number[] = [];
      for (const count of options.cameras) {
        fps.push(await throughput(count, { ...options, source, size, ffmpeg, pool }));
        bar.advance();
        bare.push(await bareRun(workers, BARE_RUNS));
      }
      rounds.push({ bare, alone, decode: decode.cpuSeconds, fps });
    }
  } finally {
    bar.stop();
    await pool.close();
  }
  const machine = {
    cores: workers,
    cpu: cpus()[0]?.model ?? 'unknown',
    node: process.version,
    ffmpeg: ffmpeg.version,
  };
  const inputPx = `${input.widthPx}x${input.heightPx}`;
  return {
    machine,
    model: pool.model.version,
    clip: source,
    inputPx,
    ...summarise(rounds, options.cameras, workers),
  };
}

/** Seconds of CPU, and frames a second. */
interface Round {
  /** Bare runs with every core busy: before the first number of cameras, and after each. */
  readonly bare: readonly number[];
  readonly alone: number;
  readonly decode: number;
  /** By number of cameras, in the order asked for. */
  readonly fps: readonly number[];
}

function summarise(rounds: readonly Round[], cameras: readonly number[], cores: number) {
  const across = (of: (round: Round) => number, digits: number) =>
    Number(median(rounds.map(of)).toFixed(digits));
  // The machine's speed drifts: what is measured right before and after stands for the time between.
  const bareAround = ({ bare }: Round, at: number) => (bare[at]! + bare[at + 1]!) / 2;
  const bareOf = ({ bare }: Round) => median(bare);
  const ideal = (round: Round, bare: number) => cores / (bare + round.decode);
  const efficiency = (round: Round, at: number) => round.fps[at]! / ideal(round, bareAround(round, at));
  const byCameras = cameras.map((count, at) => ({
    cameras: count,
    fps: across((r) => r.fps[at]!, 1),
    efficiency: across((r) => efficiency(r, at), 3),
    efficiencyAgainstAlone: across((r) => r.fps[at]! / ideal(r, r.alone), 3),
    efficiencyByRound: rounds.map((r) => Number(efficiency(r, at).toFixed(3))),
  }));
  return {
    bareRunCpuMs: { allCores: across((r) => bareOf(r) * 1000, 2), alone: across((r) => r.alone * 1000, 2) },
    decodeCpuMs: across((r) => r.decode * 1000, 3),
    idealFps: {
      allCores: across((r) => ideal(r, bareOf(r)), 1),
      alone: across((r) => ideal(r, r.alone), 1),
    },
    efficiency: Math.min(...byCameras.map((measured) => measured.efficiency)),
    cameras: byCameras,
  };
}

function median(values: readonly number[]): number {
  return percentile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

/** Frames analysed a second by all cameras together, once each of them flows. */
async function throughput(
  cameras: number,
  { source, size, ffmpeg, pool, seconds }: ThroughputOptions,
): Promise<number> {
  const ending = new AbortController();
  setMaxListeners(cameras, ending.signal);
  const dispatcher = new Dispatcher(pool, systemClock);
  const started = new Set<number>();
  let frames = 0;
  let startedMs = 0;
  let measured = 0;
  const runs = Array.from({ length: cameras }, (_, camera) =>
    analyseFile({
      source,
      size,
      ffmpeg,
      pool,
      dispatcher,
      longSidePx: LONG_SIDE_PX,
      labels: [],
      scoreMin: SCORE_MIN,
      clock: systemClock,
      log: createLog('error'),
      loop: true,
      signal: ending.signal,
      onFrame: () => {
        frames++;
        started.add(camera);
        const nowMs = systemClock.monotonicMs();
        if (started.size < cameras) return;
        if (startedMs === 0) {
          startedMs = nowMs;
          frames = 0;
        } else if (nowMs - startedMs >= seconds * 1000 && measured === 0) {
          measured = (frames / (nowMs - startedMs)) * 1000;
          ending.abort();
        }
      },
    }),
  );
  await Promise.all(runs);
  return measured;
}

type ThroughputOptions = Pick<Parameters<typeof analyseFile>[0], 'source' | 'size' | 'ffmpeg' | 'pool'> &
  Pick<BenchOptions, 'seconds'>;

/** The report as a person reads it. */
export function benchText(report: BenchReport): string {
  const { machine, bareRunCpuMs, decodeCpuMs, idealFps } = report;
  return [
    `${machine.cores} cores, ${machine.cpu}, Node ${machine.node}, FFmpeg ${machine.ffmpeg}`,
    `${report.model} at ${report.inputPx}: ${bareRunCpuMs.allCores} ms CPU a run (${bareRunCpuMs.alone} ms alone), decode ${decodeCpuMs} ms`,
    `ideal ${idealFps.allCores} frames/s`,
    ...report.cameras.map(
      ({ cameras, fps, efficiency }) =>
        `${String(cameras).padStart(4)} cameras: ${fps} frames/s, efficiency ${efficiency}`,
    ),
  ].join('\n');
}
