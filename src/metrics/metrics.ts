import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Clock } from '../base/index.js';
import { EventLoopLag } from './event-loop-lag.js';

/** How far a camera's frame came. */
type FrameStage = 'received' | 'skipped' | 'decoded' | 'analysed';

/** Where a frame was given up: before the decoder, in front of the detector, in it, or on its way to a live viewer. */
type DropStage = 'link' | 'decode' | 'queue' | 'inference' | 'live' | 'classify';

/** Why a frame was given up. */
type FrameDropReason =
  | 'replaced'
  | 'link-full'
  | 'decoder-behind'
  | 'inference-failed'
  | 'slow-viewer'
  | 'queue-full'
  | 'cover-busy'
  | 'cover-failed';

/** Where the time of an analysed frame goes. */
type TimedStage =
  'decode' | 'queue' | 'preprocess' | 'inference' | 'postprocess' | 'follow' | 'mask' | 'track';

/** Why a camera was connected anew. */
type ReconnectReason =
  'eof' | 'stalled' | 'timeout' | 'auth' | 'not_found' | 'redirect' | 'killed' | 'changed' | 'error';

/** Why a frame was not recorded. */
type RecordingDropReason = 'queue-full' | 'disk-full' | 'disk-error';

/** Why a picture was not kept: the engine or the control process had no room or time, there was none, or the store or its disk would not take it. */
type SnapshotDropReason = 'engine-full' | 'queue-full' | 'no-picture' | 'disk-full' | 'store';

/** What became of a mask that was due: made; put off for what matters more; or not made. */
type MaskOutcome = 'made' | 'gave-way' | 'failed';

/** What became of a view of a track that was due to be read. */
type ReadOutcome = 'read' | 'nothing' | 'failed';

/** Why such a view was put off: for the detector, for another view, since much has been read of late, or for want of the models. */
type ReadSkip = 'detection' | 'busy' | 'budget' | 'loading';

/** What became of a message that was posted to a webhook: taken; answered with another status; or not answered. */
type WebhookOutcome = 'delivered' | 'rejected' | 'failed';

/** What can be wrong with a camera. */
type CameraFault = 'blocked' | 'blurred' | 'moved' | 'frozen' | 'infrared-failed' | 'signal-lost';

/** Types of durable messages. */
type EventType =
  | 'track.started'
  | 'track.ended'
  | 'track.merged'
  | 'track.renamed'
  | 'track.classified'
  | 'event.started'
  | 'event.updated'
  | 'event.ended'
  | 'text.read'
  | 'camera.status'
  | 'config.changed';

/** A number that only rises. */
interface CounterOf<Labels> {
  inc(labels: Labels, by?: number): void;
}

/** A number that goes up and down. */
interface GaugeOf<Labels> {
  set(labels: Labels, value: number): void;
}

/** A distribution of durations, in seconds. */
interface HistogramOf<Labels> {
  observe(labels: Labels, seconds: number): void;
}

/** As the three above, without labels. */
interface PlainInstrument {
  inc(by?: number): void;
  set(value: number): void;
  observe(seconds: number): void;
}

/** Every instrument of the server. Label values are closed sets; `camera` and `model` come from the configuration only. */
export interface Metrics {
  /** 1 while frames arrive, else 0. */
  readonly cameraUp: GaugeOf<{ camera: string }>;
  /** 1 while the camera has the fault, else 0. */
  readonly cameraHealthFault: GaugeOf<{ camera: string; type: CameraFault }>;
  readonly cameraFrames: CounterOf<{ camera: string; stage: FrameStage }>;
  readonly framesDropped: CounterOf<{ camera: string; stage: DropStage; reason: FrameDropReason }>;
  /** Pictures of tracks and events that were given up. */
  readonly masks: CounterOf<{ camera: string; reason: MaskOutcome }>;
  /** Answers that were told of tracks. */
  readonly readTexts: CounterOf<{ camera: string }>;
  readonly readViews: CounterOf<{ camera: string; reason: ReadOutcome }>;
  readonly readSkipped: CounterOf<{ camera: string; reason: ReadSkip }>;
  /** Time of one view in the thread that reads. */
  readonly readSeconds: Pick<PlainInstrument, 'observe'>;
  readonly snapshotsDropped: CounterOf<{ camera: string; reason: SnapshotDropReason }>;
  readonly cameraReconnects: CounterOf<{ camera: string; reason: ReconnectReason }>;
  readonly tracksActive: GaugeOf<{ camera: string }>;
  /** 1 while packets are decoded, 0 while nothing is needed before the next keyframe. */
  readonly decodeGateState: GaugeOf<{ camera: string }>;
  /** 1 for the kind of light that there is, 0 for the others. */
  readonly lightRegime: GaugeOf<{ camera: string; regime: string }>;
  /** 1 while the detector sees pictures in another light. */
  readonly lightNormalised: GaugeOf<{ camera: string }>;
  /** How much more is found in another light, as a share: its evidence. */
  readonly lightGain: GaugeOf<{ camera: string; method: string }>;
  readonly stageSeconds: HistogramOf<{ stage: TimedStage }>;
  /** From a frame's arrival to the event that it caused being published. */
  readonly frameToEventSeconds: Pick<PlainInstrument, 'observe'>;
  /** Providers that a model could not run on. */
  readonly providerFallbacks: CounterOf<{ model: string; provider: string }>;
  readonly inferenceSeconds: HistogramOf<{ model: string; provider: string }>;
  readonly events: CounterOf<{ type: EventType }>;
  readonly wsClients: Pick<PlainInstrument, 'set'>;
  readonly wsDropped: Pick<PlainInstrument, 'inc'>;
  /** On disk and in the index; also of cameras that are no longer configured. */
  readonly recordingBytes: GaugeOf<{ camera: string }>;
  readonly recordingSegments: GaugeOf<{ camera: string }>;
  /** Frames that were to be recorded and were not. */
  readonly recordingDropped: CounterOf<{ camera: string; reason: RecordingDropReason }>;
  /** Posts to webhooks, each repetition counted. */
  readonly webhookDeliveries: CounterOf<{ reason: WebhookOutcome }>;
  /** Messages that the webhook that is furthest behind has before it. */
  readonly webhookLag: Pick<PlainInstrument, 'set'>;
  /** Messages that the journal no longer had when a webhook's turn came. */
  readonly webhookLost: Pick<PlainInstrument, 'inc'>;
  /** 1 while the broker takes messages, else 0; also where none is configured. */
  readonly mqttConnected: Pick<PlainInstrument, 'set'>;
  /** Messages that the broker took, repetitions counted. */
  readonly mqttPublished: Pick<PlainInstrument, 'inc'>;
  /** Messages that the broker has not taken yet. */
  readonly mqttPending: Pick<PlainInstrument, 'set'>;
  /** Messages that the journal no longer had when the broker's turn came. */
  readonly mqttLost: Pick<PlainInstrument, 'inc'>;
  readonly storeBytes: Pick<PlainInstrument, 'set'>;
  readonly engineRestarts: Pick<PlainInstrument, 'inc'>;
  readonly configReloadFailed: Pick<PlainInstrument, 'inc'>;
  readonly eventLoopLag: EventLoopLag;
  /** Forgets every series of a camera. Call it when the camera is gone: a later value would begin a series anew. */
  removeCamera(camera: string): Promise<void>;
  /** Everything in the Prometheus text format 0.0.4. */
  text(): Promise<string>;
  /** Stops the event loop monitor. */
  close(): void;
}

/** Media type of {@link Metrics.text}. */
export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** 0.5 ms to 10 s: stages take single milliseconds, an overloaded machine seconds. */
const SECONDS_BUCKETS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10,
];
/** Of prom-client's defaults these are gauges named like counters, which promtool refuses, or told better by ours. */
const UNWANTED_DEFAULTS = /^nodejs_(active_.*_total|eventloop_lag_.*)$/;

/** Creates the instruments and a registry of their own, and starts to measure the event loop. */
export function createMetrics(options: { clock: Clock }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const { name } of registry.getMetricsAsArray())
    if (UNWANTED_DEFAULTS.test(name)) registry.removeSingleMetric(name);

  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Gauge({ name, help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Histogram({ name, help, labelNames, registers, buckets: SECONDS_BUCKETS });

  const perCamera = {
    cameraUp: gauge('sightline_camera_up', 'Whether frames arrive from the camera.', ['camera']),
    cameraHealthFault: gauge(
      'sightline_camera_health_fault',
      '1 while the camera has the fault, by its pictures or its connection.',
      ['camera', 'type'],
    ),
    cameraFrames: counter('sightline_camera_frames_total', 'Frames by how far they came.', [
      'camera',
      'stage',
    ]),
    framesDropped: counter('sightline_frames_dropped_total', 'Frames given up, by stage and reason.', [
      'camera',
      'stage',
      'reason',
    ]),
    masks: counter('sightline_masks_total', 'Masks of tracks that were due, and what became of them.', [
      'camera',
      'reason',
    ]),
    readTexts: counter(
      'sightline_read_texts_total',
      'Texts of tracks that were told, corrections included.',
      ['camera'],
    ),
    readViews: counter(
      'sightline_read_views_total',
      'Views of tracks that were read, and what came of them.',
      ['camera', 'reason'],
    ),
    readSkipped: counter(
      'sightline_read_skipped_total',
      'Views of tracks that were due to be read and put off, once in each picture.',
      ['camera', 'reason'],
    ),
    snapshotsDropped: counter(
      'sightline_snapshots_dropped_total',
      'Pictures of tracks and events given up.',
      ['camera', 'reason'],
    ),
    cameraReconnects: counter('sightline_camera_reconnects_total', 'New connections after a loss.', [
      'camera',
      'reason',
    ]),
    tracksActive: gauge('sightline_tracks_active', 'Objects being tracked.', ['camera']),
    decodeGateState: gauge(
      'sightline_decode_gate_state',
      '1 while packets are decoded, 0 while nothing is needed before the next keyframe.',
      ['camera'],
    ),
    lightRegime: gauge('sightline_light_regime', '1 for the kind of light that there is, 0 for the others.', [
      'camera',
      'regime',
    ]),
    lightNormalised: gauge(
      'sightline_light_normalised',
      '1 while the detector sees pictures in another light.',
      ['camera'],
    ),
    lightGain: gauge(
      'sightline_light_gain_ratio',
      'How much more the detector finds in another light, as a share of what it finds as it is.',
      ['camera', 'method'],
    ),
  };
  const recording = {
    recordingBytes: gauge('sightline_recording_bytes', 'Recorded files on disk.', ['camera']),
    recordingSegments: gauge('sightline_recording_segments', 'Number of recorded files.', ['camera']),
    recordingDropped: counter(
      'sightline_recording_dropped_total',
      'Frames that were to be recorded and were not.',
      ['camera', 'reason'],
    ),
  };
  const eventLoopLag = new EventLoopLag(options);

  return {
    ...perCamera,
    ...recording,
    stageSeconds: histogram('sightline_stage_seconds', 'Time of one frame in a stage.', ['stage']),
    frameToEventSeconds: histogram(
      'sightline_frame_to_event_seconds',
      'From the arrival of a frame to the publication of its event.',
      [],
    ),
    inferenceSeconds: histogram('sightline_inference_seconds', 'Time of one run of a model.', [
      'model',
      'provider',
    ]),
    readSeconds: histogram('sightline_read_seconds', 'Time of one view in the thread that reads.', []),
    providerFallbacks: counter(
      'sightline_provider_fallbacks_total',
      'Times that a model could not run on a provider and took another.',
      ['model', 'provider'],
    ),
    events: counter('sightline_events_total', 'Durable messages published.', ['type']),
    wsClients: gauge('sightline_ws_clients', 'Open WebSockets.', []),
    wsDropped: counter('sightline_ws_dropped_total', 'Frame messages not sent to slow clients.', []),
    webhookDeliveries: counter('sightline_webhook_deliveries_total', 'Messages posted to webhooks.', [
      'reason',
    ]),
    webhookLag: gauge(
      'sightline_webhook_lag_messages',
      'Messages before the webhook that is furthest behind.',
      [],
    ),
    webhookLost: counter(
      'sightline_webhook_lost_total',
      'Messages that the journal no longer had when the turn of a webhook came.',
      [],
    ),
    mqttConnected: gauge('sightline_mqtt_connected', 'Whether the MQTT broker takes messages.', []),
    mqttPublished: counter('sightline_mqtt_published_total', 'Messages that the MQTT broker took.', []),
    mqttPending: gauge('sightline_mqtt_pending', 'Messages that the MQTT broker has not taken yet.', []),
    mqttLost: counter(
      'sightline_mqtt_lost_total',
      'Messages that the journal no longer had when the turn of the MQTT broker came.',
      [],
    ),
    storeBytes: gauge('sightline_store_bytes', 'Size of the journal on disk.', []),
    engineRestarts: counter('sightline_engine_restarts_total', 'Restarts of the engine process.', []),
    configReloadFailed: counter(
      'sightline_config_reload_failed_total',
      'Changed configurations that were refused.',
      [],
    ),
    eventLoopLag,
    async removeCamera(camera) {
      for (const metric of Object.values<CameraMetric>(perCamera)) {
        for (const { labels } of (await metric.get()).values)
          if (labels['camera'] === camera) metric.remove(labels);
      }
    },
    text: async () => `${await registry.metrics()}\n${lagText(eventLoopLag)}`,
    close: () => eventLoopLag.close(),
  };
}

/** What removing a camera's series needs of an instrument, whatever its labels. */
interface CameraMetric {
  get(): Promise<{ values: { labels: Partial<Record<string, string | number>> }[] }>;
  remove(labels: Partial<Record<string, string | number>>): void;
}

/** A summary, since only a summary may have the label `quantile`; prom-client's own would compute the quantiles itself. */
function lagText(lag: EventLoopLag): string {
  const name = 'sightline_event_loop_lag_seconds';
  const { p50, p99, max } = lag.snapshot();
  return [
    `# HELP ${name} How late the event loop ran; quantiles (1 is the longest) of the last 15 s.`,
    `# TYPE ${name} summary`,
    `${name}{quantile="0.5"} ${p50}`,
    `${name}{quantile="0.99"} ${p99}`,
    `${name}{quantile="1"} ${max}`,
    `${name}_sum ${lag.sum}`,
    `${name}_count ${lag.count}`,
    '',
  ].join('\n');
}
