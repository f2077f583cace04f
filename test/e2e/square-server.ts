import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Accounts } from '../../src/access/index.js';
import { silentLog, systemClock } from '../../src/base/index.js';
import type { OidcConfig } from '../../src/config/index.js';
import type { DurableMessage, FrameMessage } from '../../src/events/index.js';
import type { Fragment } from '../../src/ingest/index.js';
import { findFfmpeg } from '../../src/media/index.js';
import { Recordings, segmentIndexOf, type Recorder } from '../../src/recording/index.js';
import { Classifiers } from '../../src/classifiers/index.js';
import { LiveFeed } from '../../src/live/index.js';
import { createMetrics } from '../../src/metrics/index.js';
import { HttpServer, type CameraView, type ServerDependencies } from '../../src/server/index.js';
import { Store } from '../../src/store/index.js';
import { idleHost } from '../support/idle-host.js';
import { noRecordings } from '../support/no-recordings.js';
import { ANALYSED_EVERY, Fmp4Source, SQUARE_PICTURE, squareAt } from '../support/fmp4-source.js';

const { widthPx, heightPx, fps } = SQUARE_PICTURE;
const STARTED = new Date().toISOString();
/** What an engine needs for a frame, ms, more or less. */
const ANALYSIS_MS = { least: 60, spread: 60 };

const UNSEEN: readonly CameraView[] = [
  {
    id: 'gate',
    source: 'rtsp://user:***@gate.lan/stream1',
    state: 'auth_failed',
    since: STARTED,
    reason: 'the camera refuses the password: check "user" and "password" in its source',
    transcoded: false,
    reconnects: 3,
    health: { state: 'good', faults: [] },
  },
  {
    id: 'loading-bay',
    source: 'rtsp://bay.lan/stream1',
    state: 'reconnecting',
    since: STARTED,
    reason: 'the connection was lost; next try in 4 s',
    transcoded: false,
    reconnects: 12,
    health: { state: 'good', faults: [] },
  },
];

/** The real server with the real live feed in front of a camera whose truth is known. */
export class SquareServer {
  source!: Fmp4Source;
  readonly #server: HttpServer;
  readonly #store: Store;
  readonly #feed: LiveFeed;
  readonly #square: { view: CameraView };
  readonly #dir: string;
  readonly #metrics: ReturnType<typeof createMetrics>;
  readonly #accounts: Accounts;
  readonly #classifiers: Classifiers;
  readonly #recordings: Recordings | undefined;
  readonly #recorder: Recorder | undefined;
  /** Told of each analysed frame when it is captured. */
  readonly onAnalysed = new Set<(frame: FrameMessage) => void>();

  private constructor(parts: {
    server: HttpServer;
    store: Store;
    feed: LiveFeed;
    square: { view: CameraView };
    dir: string;
    metrics: ReturnType<typeof createMetrics>;
    accounts: Accounts;
    classifiers: Classifiers;
    recordings: Recordings | undefined;
  }) {
    this.#server = parts.server;
    this.#store = parts.store;
    this.#feed = parts.feed;
    this.#square = parts.square;
    this.#dir = parts.dir;
    this.#metrics = parts.metrics;
    this.#accounts = parts.accounts;
    this.#classifiers = parts.classifiers;
    this.#recordings = parts.recordings;
    const plan = { mode: 'continuous', preRollMs: 0, postRollMs: 0, segmentMs: 10_000 } as const;
    this.#recorder = parts.recordings?.recorder('square', plan);
  }

  static async open(
    options: {
      readonly port?: number;
      readonly oidc?: OidcConfig;
      readonly records?: boolean;
      readonly models?: ServerDependencies['models'];
    } = {},
  ): Promise<SquareServer> {
    const dir = mkdtempSync(path.join(tmpdir(), 'sightline-e2e-'));
    const clock = systemClock;
    const store = await Store.open({ dataDir: dir, clock, log: silentLog });
    const accounts = await Accounts.open({
      table: store.table('access'),
      dataDir: dir,
      oidc: options.oidc,
      clock,
      log: silentLog,
    });
    const metrics = createMetrics({ clock });
    const feed = new LiveFeed();
    const recordings = options.records === true ? await recordingsIn(dir, store, metrics) : undefined;
    const square: { view: CameraView } = {
      view: {
        id: 'square',
        source: 'rtsp://square.lan/stream1',
        state: 'live',
        since: STARTED,
        codec: 'avc1.42c01e',
        width: widthPx,
        height: heightPx,
        fps,
        analysedFps: fps / ANALYSED_EVERY,
        transcoded: false,
        reconnects: 0,
        health: { state: 'good', faults: [] },
      },
    };
    const cameras = () => [square.view, ...UNSEEN];
    const classifiers = await Classifiers.open({
      ...{ store, clock, log: silentLog },
      publish: () => undefined,
      onClass: () => undefined,
      onDropped: () => undefined,
    });
    const server = await HttpServer.open({
      host: '127.0.0.1',
      port: options.port ?? 0,
      version: '0.0.0',
      dashboardDir: path.resolve('dist/dashboard'),
      dependencies: {
        cameras,
        camera: (id) => cameras().find((view) => view.id === id),
        coveredLive: () => undefined,
        live: (id) =>
          id === 'square' ? feed : cameras().some((view) => view.id === id) ? new LiveFeed() : undefined,
        stages: () => undefined,
        snapshot: () => undefined,
        journal: store.journal,
        recordings: recordings ?? noRecordings,
        history: store.table('history'),
        pictures: store.table('pictures'),
        looks: store.table('looks'),
        similarity: store.table('similarity'),
        texts: store.table('texts'),
        configuredCameras: () => cameras().map(({ id }) => id),
        redaction: () => undefined,
        redact: () => Promise.reject(new Error('not here')),
        coveredClip: () => Promise.reject(new Error('not set')),
        follow: () => undefined,
        release: () => undefined,
        trySource: () => Promise.reject(new Error('not here')),
        scenes: { last: () => undefined, look: () => undefined },
        tryRules: () => Promise.reject(new Error('not here')),
        ...idleHost,
        ...(options.models !== undefined && { models: options.models }),
        accounts,
        classifiers,
        configFile: undefined,
        readiness: () => ({ ready: true, reasons: [], cameras: { total: 3, live: 1 } }),
        metrics,
        clock,
        log: silentLog,
      },
    });
    const opened = new SquareServer({
      server,
      store,
      feed,
      square,
      dir,
      metrics,
      accounts,
      classifiers,
      recordings,
    });
    opened.source = await Fmp4Source.open({
      onStream: (stream) => {
        feed.startStream(stream);
        opened.#recorder?.startStream(stream);
      },
      onFragment: (fragment) => opened.#pass(fragment),
    });
    return opened;
  }

  get url(): string {
    return this.#server.url;
  }

  get setupCode(): string | undefined {
    return this.#accounts.setupCode;
  }

  /** What it keeps; tests put in what the engine would have. */
  get store(): Store {
    return this.#store;
  }

  /** Commits and publishes, as the application does. */
  async tell(message: DurableMessage, path?: Uint8Array): Promise<void> {
    this.#server.publish(await this.#store.journal.append(message, path));
  }

  /** The square's camera changes its state. */
  async setState(state: string, reason?: string): Promise<void> {
    const { reason: _, ...view } = this.#square.view;
    const time = new Date().toISOString();
    const why = reason === undefined ? {} : { reason };
    this.#square.view = { ...view, state, since: time, ...why };
    const status = { state, transcoded: false, ...why };
    await this.tell({ v: 1, type: 'camera.status', camera: 'square', time, status });
  }

  /** A track begins or ends, in words only: what is drawn comes from frames. */
  async tellTrack(type: 'track.started' | 'track.ended', number: number): Promise<void> {
    await this.tell({
      v: 1,
      type,
      camera: 'square',
      time: new Date().toISOString(),
      epoch: 1,
      ptsMs: 0,
      frame: { width: widthPx, height: heightPx },
      track: { id: `square-e2e-${number}`, label: 'person', score: 0.81, box: squareAt(0) },
      model: 'truth',
    });
  }

  async close(): Promise<void> {
    this.source.close();
    this.#feed.close();
    await this.#classifiers.close();
    await this.#recordings?.close();
    await this.#server.close();
    await this.#store.close();
    this.#metrics.close();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #pass(fragment: Fragment): void {
    this.#feed.push(fragment);
    this.#recorder?.push(fragment);
    const ptsMs = fragment.ptsTicks / 90;
    if (Math.round((ptsMs * fps) / 1000) % ANALYSED_EVERY !== 0) return;
    const frame = analysed(fragment, ptsMs);
    for (const listener of this.onAnalysed) listener(frame);
    const tookMs = ANALYSIS_MS.least + Math.random() * ANALYSIS_MS.spread;
    setTimeout(() => this.#server.publishFrame(frame), tookMs);
  }
}

function recordingsIn(dir: string, store: Store, metrics: ReturnType<typeof createMetrics>) {
  return Recordings.open({
    places: { dir: path.join(dir, 'recordings'), reserveBytes: 0 },
    index: segmentIndexOf(store),
    keepOf: () => ({ routineMs: 3_600_000, eventMs: 3_600_000 }),
    ffmpeg: () => findFfmpeg({}),
    ...{ metrics, clock: systemClock, log: silentLog },
  });
}

function analysed({ epoch, capturedAtMs }: Fragment, ptsMs: number): FrameMessage {
  return {
    v: 1,
    type: 'frame',
    camera: 'square',
    time: new Date(capturedAtMs).toISOString(),
    epoch,
    ptsMs,
    frame: { width: widthPx, height: heightPx },
    light: { regime: 'day', meanLuma: 0.4, normalised: false },
    timing: { decodeMs: 5, queueMs: 5, inferenceMs: 50 },
    objects: [{ track: 1, label: 'person', score: 0.81, box: squareAt(ptsMs), state: 'tracked' }],
  };
}
