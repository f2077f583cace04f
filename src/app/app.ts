import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ControlSocket, deskOf, type Accounts } from '../access/index.js';
import { entryFile, once, systemClock, type Clock, type Closable, type Log } from '../base/index.js';
import { Classifiers } from '../classifiers/index.js';
import {
  diffCameras,
  differInRulesOnly,
  sectionsNeedingRestart,
  watchConfig,
  type CameraConfig,
  type Config,
  type ConfigWatch,
  type Environment,
} from '../config/index.js';
import { EngineClient } from '../engine/index.js';
import type { DurableMessage } from '../events/index.js';
import {
  defaultCacheDir,
  defaultFollower,
  defaultMaskHead,
  ensureDefaultDetector,
} from '../inference/index.js';
import { createMetrics, type Metrics } from '../metrics/index.js';
import { COCO_CLASSES } from '../models/index.js';
import type { Recordings } from '../recording/index.js';
import { HttpServer, type Readiness } from '../server/index.js';
import { Store } from '../store/index.js';
import { Camera } from './camera.js';
import { configChanged } from './config-changed.js';
import { configFileOf } from './config-file-of.js';
import { FfmpegInUse } from './ffmpeg-in-use.js';
import { keepGauges } from './gauges.js';
import { keepAuditShort, keepHistoryShort } from './history-retention.js';
import { EngineHealth } from './engine-health.js';
import { endWhatWasLeftOpen } from './left-open.js';
import { ModelList } from './model-list.js';
import { ModelsInUse } from './models-in-use.js';
import { ProcessorLoad } from './processor-load.js';
import { Outlets } from './outlets.js';
import { Publisher } from './publisher.js';
import { openAccounts } from './open-accounts.js';
import { openRecordings } from './open-recordings.js';
import { SceneDesk } from './scene-desk.js';
import { serverDependencies } from './server-dependencies.js';
import { readinessOf } from './readiness.js';
import { SnapshotKeeper } from './snapshot-keeper.js';
import { waitingRules } from './waiting-rules.js';
import { wireEngine } from './wire-engine.js';

/** What a server is started with. */
export interface AppOptions {
  readonly config: Config;
  /** The file that `config` came from: watched, and applied when saved. */
  readonly configPath?: string;
  /** While there is no file at `configPath`: its text, as `config` was made of it. The first change by the API saves it there. */
  readonly unsavedConfig?: string;
  readonly env: Environment;
  /** Sightline's own version, told to clients. */
  readonly version: string;
  readonly log: Log;
  readonly clock?: Clock;
  /** Called while the default detector is made ready on the first start. */
  readonly onProgress?: (what: string) => void;
}

/** A running server: control process with its engine. */
export class App {
  readonly #options: AppOptions;
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  readonly #store: Store;
  readonly #accounts: Accounts;
  readonly #engine: EngineClient;
  readonly #workers: number;
  readonly #engineHealth: EngineHealth;
  readonly #models: ModelsInUse;
  readonly #modelList: ModelList;
  readonly #publisher: Publisher;
  readonly #outlets: Outlets;
  readonly #snapshots: SnapshotKeeper;
  readonly #ffmpeg: FfmpegInUse;
  readonly #scenes: SceneDesk;
  readonly #load = new ProcessorLoad();
  readonly #cameras = new Map<string, Camera>();
  readonly #closables: Closable[] = [];
  #config: Config;
  #recordings: Recordings | undefined;
  #server: HttpServer | undefined;
  #classifiers: Classifiers | undefined;
  #watch: ConfigWatch | undefined;
  #configReason: string | undefined;

  private constructor(
    options: AppOptions,
    metrics: Metrics,
    store: Store,
    accounts: Accounts,
    engine: EngineClient,
    ffmpeg: FfmpegInUse,
    workers: number,
    defaultModelPath: string,
  ) {
    this.#options = options;
    this.#config = options.config;
    this.#clock = options.clock ?? systemClock;
    this.#ffmpeg = ffmpeg;
    this.#metrics = metrics;
    this.#store = store;
    const common = { store, metrics, clock: this.#clock, log: options.log };
    this.#outlets = new Outlets({ version: options.version, ...common });
    this.#snapshots = new SnapshotKeeper({ ...common, cameras: this.#cameras, config: () => this.#config });
    this.#publisher = new Publisher({
      ...common,
      server: () => this.#server,
      rules: options.config.rules,
      stored: this.#outlets.stored,
      frame: this.#outlets.frame,
      notice: (message) => {
        this.#recordings?.notice(message);
        this.#snapshots.notice(message);
      },
    });
    this.#accounts = accounts;
    this.#engine = engine;
    this.#workers = workers;
    this.#engineHealth = new EngineHealth({ engine: this.#engine, clock: this.#clock });
    const [env, config, states] = [options.env, () => this.#config, () => this.#engine.models];
    const onPulled = () => this.#models.apply(this.#config);
    this.#modelList = new ModelList({ ...common, states, config, env, onPulled });
    this.#scenes = new SceneDesk({ ...common, cameras: this.#cameras, config, env });
    this.#models = new ModelsInUse({
      engine: this.#engine,
      defaultPath: defaultModelPath,
      engineCacheDir: path.join(defaultCacheDir(options.env), 'tensorrt'),
      metrics,
      log: options.log,
    });
  }

  /**
   * Starts everything. What only one camera or the engine lacks does not fail the start: it is told by
   * `/readyz`, and heals by itself.
   * @throws {AppError} `server/port-in-use`, `store/locked`, and what the default detector's preparation throws
   */
  static async open(options: AppOptions): Promise<App> {
    const { config, env, log } = options;
    const clock = options.clock ?? systemClock;
    const workers = config.engine.workers ?? availableParallelism();
    const modelEnv = {
      SIGHTLINE_CACHE_DIR: defaultCacheDir(env),
      SIGHTLINE_MODEL_DIR: env['SIGHTLINE_MODEL_DIR'] ?? '',
    };
    const setup = {
      workers,
      graphCacheDir: path.join(defaultCacheDir(env), 'graphs'),
      modelEnv,
      follower: defaultFollower(),
      maskHead: defaultMaskHead(),
    };
    let app: App | undefined;
    const ffmpeg = new FfmpegInUse({ config: () => (app === undefined ? config : app.#config), env });
    const engine = new EngineClient({
      setup: async () => ({ ...setup, ffmpeg: await ffmpeg.find() }),
      clock,
      log,
    });
    try {
      // What takes longest to be ready comes first.
      engine.start();
      const onProgress = options.onProgress ?? (() => undefined);
      const modelPath = await ensureDefaultDetector({ log, onProgress });
      const { dir: dataDir, postgresUrl } = config.data;
      const store = await Store.open({ dataDir, postgresUrl, clock, log });
      const accounts = await openAccounts(store, config, { clock, log });
      app = new App(options, createMetrics({ clock }), store, accounts, engine, ffmpeg, workers, modelPath);
      await app.#start();
      return app;
    } catch (error) {
      await (app ?? engine).close();
      throw error;
    }
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  /** The code with which the first administrator is made; undefined when there is one. */
  get setupCode(): string | undefined {
    return this.#accounts.setupCode;
  }

  /** Process id of the engine, for tests and support. */
  get enginePid(): number | undefined {
    return this.#engine.pid;
  }

  /** Stores a message, then tells everyone. */
  publish(message: DurableMessage): void {
    this.#publisher.publish(message);
  }

  close = once(async () => {
    for (const closable of this.#closables.reverse()) await closable.close();
    await this.#modelList.close();
    await this.#scenes.close();
    await Promise.all([...this.#cameras.values()].map((camera) => camera.close()));
    await this.#recordings?.close();
    await this.#outlets.close();
    await this.#snapshots.close();
    await this.#classifiers?.close();
    await this.#engine.close();
    await this.#server?.close();
    await this.#accounts.close();
    await this.#store.close();
    this.#metrics.close();
  });

  async #start(): Promise<void> {
    const { configPath, unsavedConfig, env, log } = this.#options;
    await endWhatWasLeftOpen(this.#store, log);
    this.#classifiers = await Classifiers.open({
      ...{ store: this.#store, publish: this.#publisher.publish, clock: this.#clock, log },
      onClass: ({ camera, number }, said) => this.#cameras.get(camera)?.classified(number!, said),
      onDropped: (camera) =>
        this.#metrics.framesDropped.inc({ camera, stage: 'classify', reason: 'queue-full' }),
    });
    wireEngine({
      ...{ engine: this.#engine, metrics: this.#metrics, models: this.#modelList },
      ...{ cameras: this.#cameras, snapshots: this.#snapshots },
    });
    this.#models.apply(this.#config);
    this.#outlets.apply(this.#config);
    const tools = { metrics: this.#metrics, clock: this.#clock, log, ffmpeg: this.#ffmpeg.find };
    const recordings = await openRecordings({ ...tools, config: () => this.#config, store: this.#store });
    this.#recordings = recordings;
    const dataDir = this.#config.data.dir;
    const control = await ControlSocket.open({ desk: deskOf(this.#accounts), dataDir, log });
    if (control !== undefined) this.#closables.push(control);
    this.#server = await HttpServer.open({
      ...this.#config.server,
      version: this.#options.version,
      dashboardDir: fileURLToPath(entryFile(import.meta.url, '../dashboard')),
      dependencies: serverDependencies({
        ...{ cameras: this.#cameras, engine: this.#engine, load: this.#load, workers: this.#workers },
        ...{ config: () => this.#config, ffmpegFound: () => this.#ffmpeg.found },
        models: this.#modelList,
        scenes: this.#scenes,
        store: this.#store,
        recordings,
        accounts: this.#accounts,
        classifiers: this.#classifiers,
        readiness: () => this.#readiness(),
        configFile: configFileOf(this.#options, () => this.#watch),
        ...tools,
      }),
    });
    for (const camera of this.#config.cameras) this.#addCamera(camera);
    const config = () => this.#config;
    this.#closables.push(keepHistoryShort({ ...tools, store: this.#store, config }));
    this.#closables.push(keepAuditShort({ ...tools, accounts: this.#accounts, config }));
    this.#closables.push(keepGauges({ ...tools, store: this.#store, load: this.#load }));
    const stopTicking = this.#publisher.start();
    this.#closables.push({ close: () => Promise.resolve(stopTicking()) });
    if (configPath !== undefined) {
      this.#watch = await watchConfig({
        ...{ path: configPath, env, running: this.#config, labels: COCO_CLASSES, clock: this.#clock },
        isAbsent: unsavedConfig !== undefined,
        onChange: (config) => this.#applyConfig(config),
        onRefused: (error) => this.#refuseConfig(error.message),
      });
      this.#closables.push(this.#watch);
    }
  }

  #addCamera(config: CameraConfig): void {
    const recordings = this.#recordings;
    if (!config.enabled || recordings === undefined) return;
    const { log } = this.#options;
    const camera = new Camera({
      config,
      ffmpeg: this.#ffmpeg.find,
      engine: this.#engine,
      recorder: recordings.recorder(config.id, config.record),
      classify: (seen) => this.#classifiers?.view(seen),
      metrics: this.#metrics,
      outlets: this.#publisher,
      clock: this.#clock,
      log,
    });
    this.#cameras.set(config.id, camera);
    camera.start();
  }

  async #removeCamera(id: string): Promise<void> {
    const camera = this.#cameras.get(id);
    this.#cameras.delete(id);
    await camera?.close();
  }

  #applyConfig(config: Config): void {
    const { log } = this.#options;
    const cameras = diffCameras(this.#config, config);
    const waiting = sectionsNeedingRestart(this.#config, config);
    if (waiting.length > 0)
      log.warn({ sections: waiting }, 'these sections of the configuration apply at the next start');
    const before = this.#config;
    this.#config = config;
    this.#publisher.setRules(config.rules);
    this.#outlets.apply(config);
    this.#configReason = undefined;
    const byId = new Map(config.cameras.map((camera) => [camera.id, camera]));
    this.#models.apply(config);
    const removed = cameras.removed.map((id) => this.#removeCamera(id));
    for (const id of cameras.added) this.#addCamera(byId.get(id)!);
    const changed = cameras.changed.map(async (id) => {
      const [old, camera] = [before, config].map((one) => one.cameras.find((each) => each.id === id)!);
      if (differInRulesOnly(old!, camera!)) return this.#cameras.get(id)?.applyRules(camera!);
      await this.#removeCamera(id);
      this.#addCamera(byId.get(id)!);
    });
    void Promise.all([...removed, ...changed]).then(() => this.#models.removeUnused());
    log.info(cameras, 'configuration applied');
    this.publish(configChanged(cameras, this.#clock));
  }

  #refuseConfig(reason: string): void {
    this.#configReason = reason;
    this.#metrics.configReloadFailed.inc();
    this.#options.log.error({ reason }, 'the saved configuration is refused: the running one stays');
  }

  #readiness(): Readiness {
    return readinessOf({
      engine: this.#engine.status,
      engineHealth: this.#engineHealth.view,
      models: this.#models,
      cameras: [...this.#cameras.values()],
      ffmpeg: this.#ffmpeg.found,
      ffmpegReason: this.#ffmpeg.reason,
      configReason: this.#configReason,
      storeReason: this.#store.failure,
      ruleWarnings: waitingRules(this.#config.cameras, this.#classifiers?.inForce ?? new Map()),
      outletWarnings: this.#outlets.warnings,
      recordingWarnings: this.#recordings?.warnings ?? [],
    });
  }
}
