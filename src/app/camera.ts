import { once, type Clock, type Log } from '../base/index.js';
import { ClassBook, type SeenTrack } from '../classifiers/index.js';
import type { CameraConfig, CameraRules } from '../config/index.js';
import {
  textMessage,
  type CameraReading,
  type EngineClient,
  type LightReport,
  type Observation,
  type TrackView,
} from '../engine/index.js';
import {
  PathBook,
  PROTOCOL_VERSION,
  TrackBook,
  type DurableMessage,
  type FrameContext,
  type FrameMessage,
  type Light,
  type TrackMessage,
  type ZonesOfTrack,
} from '../events/index.js';
import type { Box } from '../geometry/index.js';
import {
  Connection,
  RECONNECT_REASONS,
  type ConnectionStatus,
  type PushInlet,
  type ReconnectReason,
} from '../ingest/index.js';
import { LiveFeed, Snapshots } from '../live/index.js';
import { maskSource, type Ffmpeg } from '../media/index.js';
import type { Metrics } from '../metrics/index.js';
import type { Recorder } from '../recording/index.js';
import type { CameraView, FollowedView } from '../server/index.js';
import { CameraHealth } from './camera-health.js';
import type { TrackClassRow } from '../store/index.js';
import { lightView, showLight } from './camera-light.js';
import { CameraWork } from './camera-work.js';
import { CoveredLive } from './covered-live.js';
import { frameMessage } from './frame-message.js';
import { RulesAtWork } from './rules-at-work.js';

/** Analysed frames are counted over this span. */
const RATE_SPAN_MS = 4000;

/** Where a camera's messages go. */
export interface CameraOutlets {
  /** Stores a message, and the path of a track with its end, then tells everyone. */
  readonly publish: (message: DurableMessage, path?: Uint8Array) => void;
  readonly publishFrame: (message: FrameMessage) => void;
  /** Stores that tracks under way came into zones. */
  readonly keepZones: (tracks: readonly ZonesOfTrack[]) => void;
}

/** What a camera needs of the rest of the control process. */
export interface CameraOptions {
  readonly config: CameraConfig;
  readonly ffmpeg: () => Promise<Ffmpeg>;
  readonly engine: EngineClient;
  readonly recorder: Recorder;
  /** Takes the best view of a track so far. */
  readonly classify: (seen: SeenTrack) => void;
  readonly metrics: Metrics;
  readonly outlets: CameraOutlets;
  readonly clock: Clock;
  readonly log: Log;
}

/** One camera in the control process: its connection, live feed and open tracks, and what is told of them. */
export class Camera {
  readonly config: CameraConfig;
  /** Distinguishes this run of the camera from all others. */
  readonly run: string;
  readonly live: LiveFeed;
  /** The same for those who see people covered; undefined where nobody is to be covered. */
  readonly covered: CoveredLive | undefined;
  readonly snapshots: Snapshots;
  /** Where the time of its frames goes. */
  readonly work: CameraWork;
  readonly #options: CameraOptions;
  readonly #connection: Connection;
  readonly #tracks: TrackBook;
  readonly #paths = new PathBook();
  readonly #classes = new ClassBook();
  #light: Light | undefined;
  #lightTrial: LightReport | undefined;
  readonly #rules: RulesAtWork;
  readonly #health: CameraHealth;
  readonly #analysedAtMs: number[] = [];
  readonly #reconnects = new Map<ReconnectReason, number>();
  #epoch = 0;
  #told: string | undefined;

  constructor(options: CameraOptions) {
    const { config, engine, recorder, metrics, clock, log, ffmpeg } = options;
    this.#options = options;
    this.config = config;
    this.run = clock.wallMs().toString(36);
    this.#tracks = new TrackBook(this.run);
    this.#rules = new RulesAtWork({
      camera: config.id,
      rules: config,
      trackRun: this.run,
      clock,
      publish: options.outlets.publish,
    });
    this.#health = new CameraHealth({ camera: config.id, metrics, clock });
    this.work = new CameraWork({ clock });
    this.live = new LiveFeed({
      onDropped: () => {
        metrics.framesDropped.inc({ camera: config.id, stage: 'live', reason: 'slow-viewer' });
        this.work.dropped('slow-viewer', 1);
      },
    });
    this.snapshots = new Snapshots({ camera: config.id, feed: this.live, ffmpeg, clock, log });
    const { redact } = config;
    if (redact !== undefined)
      this.covered = new CoveredLive({
        ...{ config: { ...config, redact }, plain: this.live, engine, ffmpeg, metrics, clock, log },
      });
    this.#connection = new Connection({
      ...{ camera: config.id, source: config.source, privacy: config.privacy, ffmpeg, clock, log },
    });
    this.#connection.on('status', (status) => this.#onStatus(status));
    this.#connection.on('stream', (stream) => {
      this.#endTracks();
      this.#epoch = stream.epoch;
      this.live.startStream(stream);
      this.covered?.startStream();
      recorder.startStream(stream);
      engine.startStream(config.id, stream);
    });
    this.#connection.on('fragment', (fragment) => {
      metrics.cameraFrames.inc({ camera: config.id, stage: 'received' });
      this.work.received();
      this.live.push(fragment);
      this.covered?.feed.push(fragment);
      recorder.push(fragment);
      engine.write(config.id, fragment);
    });
  }

  start(): void {
    const { id, analyse, privacy } = this.config;
    const hidden = privacy.map(({ polygon }) => polygon);
    this.#options.engine.setCamera({ id, run: this.run, hidden, ...analyse });
    this.#rules.setLive(false);
    this.#connection.start();
  }

  /** Where a browser sends its pictures; undefined: they come from elsewhere. */
  get inlet(): PushInlet | undefined {
    return this.#connection.inlet;
  }

  /** Puts other zones, lines and rules in force; connection and analysis go on. */
  applyRules(rules: CameraRules): void {
    this.#rules.replace(rules);
  }

  close = once(async () => {
    const { engine, metrics, recorder } = this.#options;
    await this.#connection.close();
    await recorder.close();
    engine.removeCamera(this.config.id);
    this.#endTracks();
    this.#rules.close();
    this.live.close();
    await this.covered?.feed.close();
    await metrics.removeCamera(this.config.id);
  });

  /** Takes what the engine saw in one frame; late words about an older stream are ignored. */
  observe(observation: Observation): void {
    if (observation.epoch !== this.#epoch) return;
    const { clock, metrics, outlets } = this.#options;
    this.#light = observation.light;
    this.covered?.see(observation);
    const context: FrameContext = observation;
    this.#health.see(observation.health, observation.capturedAtMs);
    this.#classes.report(observation.changes);
    const objects = this.#classes.mark(observation.objects);
    const ruled = this.#rules.observe(
      objects === observation.objects ? observation : { ...observation, objects },
    );
    outlets.publishFrame(frameMessage(observation, ruled.objects));
    this.#publishTracks(this.#tracks.report(observation.changes, context, ruled.objects));
    ruled.publish();
    outlets.keepZones(this.#tracks.follow(ruled.objects, context));
    this.#paths.follow(observation.objects, (track) => this.#tracks.idOf(track, this.config.id), context);

    metrics.cameraFrames.inc({ camera: this.config.id, stage: 'analysed' });
    metrics.tracksActive.set({ camera: this.config.id }, this.#tracks.active);
    const totalMs = clock.monotonicMs() - observation.arrivedMs;
    metrics.frameToEventSeconds.observe(totalMs / 1000);
    this.work.analysed(observation.timing, observation.isDetected, totalMs);
    this.#analysedAtMs.push(clock.monotonicMs());
    while (clock.monotonicMs() - (this.#analysedAtMs[0] ?? Infinity) > RATE_SPAN_MS)
      this.#analysedAtMs.shift();
  }

  /** Takes what the engine knows of another light for the detector. */
  noteLight(trial: LightReport | undefined): void {
    if (this.#light === undefined) return;
    this.#lightTrial = trial;
    showLight(this.#options.metrics, this.config.id, this.#light, trial);
  }

  /**
   * Follows what is in a box, source pixels, as a track of its own.
   * @throws {AppError} as {@link EngineClient.follow}
   */
  async follow(box: Box, label: string): Promise<FollowedView> {
    const { id } = this.config;
    const number = await this.#options.engine.follow(id, { box, label });
    return { id: this.#tracks.idOf(number, id), number };
  }

  /** Follows it no more; whether it was followed by hand. @throws {AppError} `engine/no-answer` */
  async release(trackId: string): Promise<boolean> {
    const number = this.#tracks.numberOf(trackId, this.config.id);
    return number !== undefined && this.#options.engine.release(this.config.id, number);
  }

  /** Takes the best view of a track; ignored if it was taken before the settings changed. */
  takeView({ run, track, label, jpeg }: TrackView): void {
    if (run !== this.run) return;
    const { id } = this.config;
    this.#options.classify({ camera: id, id: this.#tracks.idOf(track, id), number: track, label, jpeg });
  }

  /** Takes what is written on a track; ignored if it was read before the settings changed. */
  takeText(reading: CameraReading): void {
    if (reading.run !== this.run) return;
    this.#options.outlets.publish(textMessage(reading, this.trackIdOf(reading.track)));
  }

  /** Takes what a classifier says of a track under way: its frames tell it from now on. */
  classified(track: number, said: TrackClassRow): void {
    if (this.#tracks.isOpen(track)) this.#classes.take(track, said);
  }

  /** The id of a track of this run, by its number. */
  trackIdOf(track: number): string {
    return this.#tracks.idOf(track, this.config.id);
  }

  /** The engine is gone, and with it everything it knew of this camera's tracks. */
  engineLost(): void {
    this.#health.forget();
    this.#endTracks();
  }

  /** What people and programs are told of the camera; holds no secret. */
  view(): CameraView {
    const status = this.#connection.status;
    const nowMs = this.#options.clock.monotonicMs();
    const recent = this.#analysedAtMs.filter((atMs) => nowMs - atMs <= RATE_SPAN_MS).length;
    return {
      id: this.config.id,
      source: maskSource(this.config.source),
      state: status.state,
      since: new Date(status.sinceMs).toISOString(),
      transcoded: status.transcoded,
      reconnects: status.reconnects,
      analysedFps: recent / (RATE_SPAN_MS / 1000),
      health: this.#health.view(),
      ...(this.#light !== undefined && { light: lightView(this.#light, this.#lightTrial) }),
      ...recordingOf(this.#options.recorder),
      ...(status.fps === undefined ? {} : { fps: status.fps }),
      ...described(status),
    };
  }

  get isLive(): boolean {
    return this.#connection.status.state === 'live';
  }

  #publishTracks(messages: readonly TrackMessage[]): void {
    for (const message of messages) this.#options.outlets.publish(message, this.#paths.take(message));
  }

  #onStatus(status: ConnectionStatus): void {
    const { metrics, outlets, clock } = this.#options;
    const camera = this.config.id;
    metrics.cameraUp.set({ camera }, status.state === 'live' ? 1 : 0);
    this.#health.setConnection(status.state);
    this.#countReconnects();
    if (this.#told === 'live' && status.state !== 'live') this.#endTracks();
    if (this.#told === status.state) return;
    this.#told = status.state;
    this.#rules.setLive(status.state === 'live');
    outlets.publish({
      v: PROTOCOL_VERSION,
      type: 'camera.status',
      camera,
      time: new Date(clock.wallMs()).toISOString(),
      status: { state: status.state, transcoded: status.transcoded, ...described(status) },
    });
  }

  #countReconnects(): void {
    const counts = this.#connection.reconnectsByReason;
    for (const reason of RECONNECT_REASONS) {
      const more = counts[reason] - (this.#reconnects.get(reason) ?? 0);
      if (more > 0) this.#options.metrics.cameraReconnects.inc({ camera: this.config.id, reason }, more);
      this.#reconnects.set(reason, counts[reason]);
    }
  }

  #endTracks(): void {
    this.#rules.tracksLost();
    this.#publishTracks(this.#tracks.endAll());
    this.#classes.clear();
    this.#options.metrics.tracksActive.set({ camera: this.config.id }, 0);
  }
}

/** The optional parts of a status, under their names on the wire. */
function described({ masked, reason, codec, widthPx, heightPx }: ConnectionStatus) {
  return {
    ...(masked === undefined ? {} : { masked }),
    ...(reason === undefined ? {} : { reason }),
    ...(codec === undefined ? {} : { codec }),
    ...(widthPx === undefined ? {} : { width: widthPx }),
    ...(heightPx === undefined ? {} : { height: heightPx }),
  };
}

function recordingOf({ state, pausedReason }: Recorder): Pick<CameraView, 'recording'> {
  if (state === 'off') return {};
  return { recording: { state, ...(pausedReason === undefined ? {} : { reason: pausedReason }) } };
}
