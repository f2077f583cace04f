import { statfs } from 'node:fs/promises';
import { availableParallelism, freemem, totalmem } from 'node:os';
import type { Config } from '../config/index.js';
import type { EngineClient } from '../engine/index.js';
import type { Ffmpeg } from '../media/index.js';
import { reserveBytesOf } from '../recording/index.js';
import type { CameraView, HostFacts } from '../server/index.js';
import type { Store } from '../store/index.js';
import type { ProcessorLoad } from './processor-load.js';
import type { StoredSizes } from './stored-sizes.js';

const DAY_MS = 86_400_000;

/** What is asked for the facts about the machine. */
export interface HostFactsOptions {
  /** As in force now. */
  readonly config: () => Config;
  readonly cameras: () => readonly CameraView[];
  readonly engine: Pick<EngineClient, 'status'>;
  /** Inference workers of the engine. */
  readonly workers: number;
  readonly ffmpeg: () => Ffmpeg | undefined;
  readonly store: Store;
  readonly sizes: StoredSizes;
  readonly load: Pick<ProcessorLoad, 'busy'>;
}

/**
 * What the machine has, and what of it is used, as of now.
 *
 * @throws {AppError} `store/read-failed` and the like
 */
export async function hostFacts(options: HostFactsOptions): Promise<HostFacts> {
  const { config, cameras, engine, workers, store, load } = options;
  const { data, cameras: configured } = config();
  const ffmpeg = options.ffmpeg();
  const [sizes, disk] = await Promise.all([options.sizes.read(), diskOf(config())]);
  const live = cameras().filter(({ state }) => state === 'live');
  const wanted = new Map(configured.map(({ id, analyse }) => [id, analyse.fps]));
  return {
    processors: {
      count: availableParallelism(),
      ...(load.busy !== undefined && { busy: load.busy }),
    },
    memory: { total: totalmem(), free: freemem() },
    analysis: {
      workers,
      // A camera cannot have more pictures analysed than it sends.
      wantedFps: sum(live.map(({ id, fps }) => Math.min(wanted.get(id) ?? 0, fps ?? Infinity))),
      fps: sum(live.map(({ analysedFps }) => analysedFps ?? 0)),
    },
    engine: { ...engine.status },
    ...(ffmpeg !== undefined && { ffmpeg: { version: ffmpeg.version, origin: ffmpeg.origin } }),
    store: {
      ...(data.postgresUrl === undefined
        ? { kind: 'embedded', bytes: store.journal.bytes }
        : { kind: 'postgresql' }),
      ...(store.failure !== undefined && { failure: store.failure }),
    },
    pictures: { bytes: sizes.pictureBytes, bytesMax: data.snapshotsBytes },
    recordings: { bytes: sizes.recordingBytes, segments: sizes.segments },
    ...(disk !== undefined && { disk }),
    retention: {
      infoDays: data.historyAgesMs.info / DAY_MS,
      warningDays: data.historyAgesMs.warning / DAY_MS,
      alertDays: data.historyAgesMs.alert / DAY_MS,
      tracksDays: data.historyAgesMs.track / DAY_MS,
      auditDays: data.auditDays,
    },
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

/** The disk of the data folder; undefined where the system does not tell. */
async function diskOf({ data, recording }: Config): Promise<HostFacts['disk']> {
  try {
    const { bavail, bsize, blocks } = await statfs(data.dir);
    const total = blocks * bsize;
    return { total, free: bavail * bsize, reserve: reserveBytesOf(total, recording.reserveBytes) };
  } catch {
    return undefined;
  }
}
