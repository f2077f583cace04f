import type { Accounts } from '../access/index.js';
import type { Clock, Log } from '../base/index.js';
import { parseCameraRules, type Config, type ConfigFile } from '../config/index.js';
import type { Metrics } from '../metrics/index.js';
import type { Recordings } from '../recording/index.js';
import type { Readiness, ServerDependencies } from '../server/index.js';
import type { Store } from '../store/index.js';
import type { Camera } from './camera.js';
import { tryRules } from './try-rules.js';

/** The parts of a running server that its routes and sockets ask. */
export interface AppParts {
  readonly cameras: ReadonlyMap<string, Camera>;
  /** As in force now. */
  readonly config: () => Config;
  readonly store: Store;
  readonly recordings: Recordings;
  readonly accounts: Accounts;
  readonly readiness: () => Readiness;
  /** Undefined where the server was started without one. */
  readonly configFile: ConfigFile | undefined;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the server asks of the rest of Sightline, by whom it is answered. */
export function serverDependencies(parts: AppParts): ServerDependencies {
  const { cameras, config, configFile, store, recordings, accounts, readiness, metrics, clock, log } = parts;
  return {
    cameras: () => [...cameras.values()].map((camera) => camera.view()),
    camera: (id) => cameras.get(id)?.view(),
    live: (id) => cameras.get(id)?.live,
    snapshot: (id, widthPx) => cameras.get(id)?.snapshots.take(widthPx),
    follow: (id, box, label) => cameras.get(id)?.follow(box, label),
    release: (id, trackId) => cameras.get(id)?.release(trackId),
    tryRules: ({ camera, rules, ...span }) => {
      const { zones, lines, calibration } = config().cameras.find(({ id }) => id === camera)!;
      const written = { zones, lines, ...(calibration !== undefined && { calibration }), ...rules };
      return tryRules(store, { camera, rules: parseCameraRules(camera, written), ...span });
    },
    journal: store.journal,
    history: store.table('history'),
    pictures: store.table('pictures'),
    looks: store.table('looks'),
    recordings,
    accounts,
    configFile,
    readiness,
    metrics,
    clock,
    log,
  };
}
