import type { Accounts } from '../access/index.js';
import type { Clock, Log } from '../base/index.js';
import type { Classifiers } from '../classifiers/index.js';
import { parseCameraRules, type Config, type ConfigFile } from '../config/index.js';
import type { EngineClient } from '../engine/index.js';
import { discoverCameras, trySource } from '../ingest/index.js';
import type { Ffmpeg } from '../media/index.js';
import type { Metrics } from '../metrics/index.js';
import type { Recordings } from '../recording/index.js';
import type { Readiness, ServerDependencies } from '../server/index.js';
import type { Store } from '../store/index.js';
import type { Camera } from './camera.js';
import { coveredClip } from './covered-clip.js';
import { hostFacts } from './host-facts.js';
import type { ModelList } from './model-list.js';
import type { SceneDesk } from './scene-desk.js';
import type { ProcessorLoad } from './processor-load.js';
import { RedactedPictures, redactionOf } from './redaction.js';
import { StoredSizes } from './stored-sizes.js';
import { tryRules } from './try-rules.js';
import { Uploads } from './uploads.js';

/** A source that is tried shows its first picture within this time, or is told to show none. */
const TRIAL_MS = 15_000;
const TRIAL_PICTURE_PX = 1280;
/** Cameras answer within half a second; slow ones, and a lost datagram, are given more. */
const DISCOVERY_MS = 3000;

/** The parts of a running server that its routes and sockets ask. */
export interface AppParts {
  readonly cameras: ReadonlyMap<string, Camera>;
  /** As in force now. */
  readonly config: () => Config;
  readonly models: ModelList;
  readonly scenes: SceneDesk;
  readonly store: Store;
  readonly recordings: Recordings;
  readonly accounts: Accounts;
  readonly classifiers: Classifiers;
  readonly readiness: () => Readiness;
  /** Undefined where the server was started without one. */
  readonly configFile: ConfigFile | undefined;
  readonly ffmpeg: () => Promise<Ffmpeg>;
  /** Undefined until it was found. */
  readonly ffmpegFound: () => Ffmpeg | undefined;
  readonly engine: EngineClient;
  readonly load: ProcessorLoad;
  /** Inference workers of the engine. */
  readonly workers: number;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the server asks of the rest of Sightline, by whom it is answered. */
export function serverDependencies(parts: AppParts): ServerDependencies {
  const { cameras, config, configFile, engine, models, scenes, store, recordings, accounts } = parts;
  const { classifiers, readiness, ffmpeg, metrics, clock, log, workers } = parts;
  const views = () => [...cameras.values()].map((camera) => camera.view());
  const sizes = new StoredSizes({ store, clock });
  const redacted = new RedactedPictures({ engine, config });
  return {
    cameras: views,
    camera: (id) => cameras.get(id)?.view(),
    stages: (id) => cameras.get(id)?.work.view(),
    live: (id) => cameras.get(id)?.live,
    coveredLive: (id) => cameras.get(id)?.covered?.feed,
    push: (id) => cameras.get(id)?.inlet,
    snapshot: (id, widthPx) => cameras.get(id)?.snapshots.take(widthPx),
    configuredCameras: () => config().cameras.map(({ id }) => id),
    redaction: (id) => redactionOf(config(), id),
    redact: (id, jpeg, known) => redacted.redact(id, jpeg, known),
    coveredClip: (id, range) => coveredClip({ config, recordings, redacted, store }, id, range),
    follow: (id, box, label) => cameras.get(id)?.follow(box, label),
    release: (id, trackId) => cameras.get(id)?.release(trackId),
    tryRules: ({ camera, rules, ...span }) => {
      const { zones, lines, calibration } = config().cameras.find(({ id }) => id === camera)!;
      const written = { zones, lines, ...(calibration !== undefined && { calibration }), ...rules };
      return tryRules(store, { camera, rules: parseCameraRules(camera, written), ...span });
    },
    trySource: async (source, signal) => {
      const limits = { pictureWidthPx: TRIAL_PICTURE_PX, timeoutMs: TRIAL_MS };
      const trial = await trySource({ source, signal, ...limits, ffmpeg, clock, log });
      if (trial.state !== 'live') return trial;
      const { widthPx: width, heightPx: height, firstFrameMs: firstPictureMs, ...rest } = trial;
      return { ...rest, width, height, firstPictureMs };
    },
    scenes,
    discoverCameras: (signal) => discoverCameras({ timeoutMs: DISCOVERY_MS, signal, clock, log }),
    uploads: new Uploads({ config, ffmpeg, clock }),
    host: () => {
      const { engine, load, ffmpegFound } = parts;
      return hostFacts({ config, cameras: views, engine, workers, ffmpeg: ffmpegFound, store, sizes, load });
    },
    models,
    journal: store.journal,
    history: store.table('history'),
    pictures: store.table('pictures'),
    looks: store.table('looks'),
    similarity: store.table('similarity'),
    texts: store.table('texts'),
    recordings,
    accounts,
    classifiers,
    configFile,
    readiness,
    metrics,
    clock,
    log,
  };
}
