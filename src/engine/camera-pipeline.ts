import { AppError, Backoff, messageOf, type Clock, type Log, type Timer } from '../base/index.js';
import { FrameQueue, HealthWatch } from '../frames/index.js';
import type { Size } from '../geometry/index.js';
import type { Ffmpeg } from '../media/index.js';
import type { FrameSource } from './dispatcher.js';
import { DecodeGate } from './decode-gate.js';
import { Decoder, type PacketTimes } from './decoder.js';
import { planAnalysis, queuedBytes, withFine, type AnalysisPlan } from './analysis-plan.js';
import { BestViews } from './best-views.js';
import { FrameAnalyser, type DetectorPool } from './frame-analyser.js';
import type { FollowWish } from './hand-followed.js';
import type { CameraReading, DropReason, EngineCamera, EngineCounts, Observation, TrackView } from './messages.js'; // prettier-ignore
import { addedTexts, NO_TEXTS } from './text-counts.js';
import type { TextReading } from './text-reading.js';
import { addedMasks, type MaskCounts } from './track-masks.js';
import { TrackTexts } from './track-texts.js';
import { trackView } from './track-view.js';
import type { ViewEncoder } from './view-encoder.js';

/** Half a second to eight between starts of a decoder that keeps dying: its stream is broken, not the machine. */
const RESTART_FIRST_MS = 500;
const RESTART_LAST_MS = 8000;
/** A picture that is not there after so long will not come: its packet was broken, or its decoder died. */
const PICTURE_LIMIT_MS = 250;

const NO_MASKS: MaskCounts = { made: 0, gaveWay: 0, failed: 0 };

/** What a camera's pipeline needs of the engine. */
export interface CameraPipelineOptions {
  readonly camera: EngineCamera;
  readonly ffmpeg: Ffmpeg;
  readonly pool: DetectorPool;
  /** Number of the first track. */
  readonly firstTrack: number;
  /** Frames of this camera that may be in the workers at once. */
  readonly inWorkersMax: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether a picture decoded now would soon find a worker. */
  readonly hasRoom: () => boolean;
  /** A frame waits: the scheduler may want to take it. */
  readonly onReady: () => void;
  readonly onObservation: (observation: Observation) => void;
  readonly encoder: ViewEncoder;
  /** Takes the view of a track; false where it could not. */
  readonly onView: (view: TrackView) => boolean;
  readonly reading: TextReading;
  readonly onText: (reading: CameraReading) => void;
}

/** One unbroken stream: its decoder, queue and tracks. */
interface Stream {
  readonly epoch: number;
  readonly initSegment: Buffer;
  readonly plan: AnalysisPlan;
  readonly queue: FrameQueue;
  readonly analyser: FrameAnalyser;
  readonly views: BestViews | undefined;
  readonly texts: TrackTexts | undefined;
  readonly gate: DecodeGate<EnginePacket>;
  decoder: Decoder | undefined;
}

/** One compressed frame, `moof` and `mdat`, which is the engine's own. */
export interface EnginePacket extends PacketTimes {
  readonly bytes: Buffer;
  readonly isKeyframe: boolean;
}

/** The way of one camera's frames within the engine: packets in, observations out. */
export class CameraPipeline implements FrameSource {
  readonly #options: CameraPipelineOptions;
  readonly #log: Log;
  readonly #backoff: Backoff;
  #stream: Stream | undefined;
  #restart: Timer | undefined;
  #nextTrack: number;
  #decoded = 0;
  #dropped: Partial<Record<DropReason, number>> = {};
  #skipped = 0;
  #viewsDropped = 0;
  /** Kept over breaks of the stream: a camera may be turned meanwhile. */
  #health: { readonly watch: HealthWatch; readonly frame: Size } | undefined;
  #masks = NO_MASKS;
  #texts = NO_TEXTS;
  /** When the packet was written whose picture is wanted and has not come. */
  #wantedSinceMs: number | undefined;

  constructor(options: CameraPipelineOptions) {
    this.#options = options;
    this.#nextTrack = options.firstTrack;
    this.#log = options.log.child({ camera: options.camera.id });
    this.#backoff = new Backoff({ firstMs: RESTART_FIRST_MS, lastMs: RESTART_LAST_MS });
  }

  /** Whether a decoded frame waits for a worker. */
  get ready(): boolean {
    return this.#stream?.queue.ready === true && this.#options.pool.idle > 0;
  }

  /** The number that the next track will have. */
  get nextTrack(): number {
    return this.#stream?.analyser.nextTrack ?? this.#nextTrack;
  }

  get claims(): number {
    const sinceMs = this.#wantedSinceMs;
    const isDecoding =
      sinceMs !== undefined && this.#options.clock.monotonicMs() - sinceMs < PICTURE_LIMIT_MS;
    return (this.#stream?.queue.ready === true ? 1 : 0) + (isDecoding ? 1 : 0);
  }

  /**
   * Begins a new stream; what the one before still has in the workers is reported under its own epoch. Its
   * tracks end without a word: control knows which are open, and must be able to end them without us anyway.
   */
  startStream(epoch: number, widthPx: number, heightPx: number, initSegment: Buffer): void {
    this.#endStream();
    const { camera, pool, clock, inWorkersMax, hasRoom } = this.#options;
    const planned = planAnalysis({ widthPx, heightPx }, camera.longSidePx, pool.model.input);
    const plan = camera.read === undefined ? planned : withFine(planned, camera.read.longSidePx);
    const queue = new FrameQueue({
      frameBytes: queuedBytes(plan),
      // One more waits for its turn where it is detected before the one ahead of it, and a search may need it.
      takenMax:
        inWorkersMax +
        (camera.follow || camera.snapshots || camera.read ? 1 : 0) +
        (camera.heads.includes('mask') ? 1 : 0),
      policy: 'latest',
    });
    const { labels, hidden, scoreMin, detectEvery, follow, light, heads } = camera;
    const views = camera.snapshots ? this.#bestViews(plan) : undefined;
    const texts = this.#trackTexts(plan, epoch);
    const analyser = new FrameAnalyser({
      plan,
      pool,
      queue,
      clock,
      log: this.#log,
      labels,
      hidden,
      scoreMin,
      detectEvery,
      follow,
      light,
      firstTrack: this.#nextTrack,
      healthWatch: this.#healthWatch(plan.frame),
      ...(heads.includes('mask') && { masks: 'tracks' as const }),
      ...(views !== undefined && { views }),
      ...(texts !== undefined && { texts }),
    });
    const gate = new DecodeGate<EnginePacket>({ fps: camera.fps, hasRoom });
    this.#stream = { epoch, initSegment, plan, queue, analyser, views, texts, gate, decoder: undefined };
    this.#startDecoder(this.#stream);
  }

  /**
   * Follows what is in a box of the stream's pictures.
   * @returns the number of its track
   * @throws {AppError} `engine/no-stream`; as {@link FrameAnalyser.followByHand}
   */
  followByHand(wish: FollowWish): number {
    if (this.#stream === undefined) throw noStream();
    return this.#stream.analyser.followByHand(wish);
  }

  /** Follows it no more; whether it was followed by hand. */
  release(track: number): boolean {
    return this.#stream?.analyser.release(track) ?? false;
  }

  /** Takes one compressed frame; ignored unless it belongs to the current stream. */
  write(epoch: number, packet: EnginePacket): void {
    const stream = this.#stream;
    if (stream?.epoch !== epoch) return;
    const decision = stream.gate.offer(packet);
    if (!decision.decode) return;
    for (const held of stream.gate.takeHeld()) this.#decode(stream, held, false);
    this.#decode(stream, packet, decision.isWanted);
  }

  /** Takes the waiting frame through the workers. Resolves when a worker is free again; never rejects. */
  async analyseNext(): Promise<void> {
    const stream = this.#stream;
    const frame = stream?.queue.take();
    if (stream === undefined || frame === undefined) return;
    try {
      const { detections, ...found } = await stream.analyser.analyse(frame);
      this.#backoff.reset();
      this.#options.onObservation({
        camera: this.#options.camera.id,
        epoch: stream.epoch,
        model: this.#options.pool.model.version,
        provider: this.#options.pool.model.provider,
        arrivedMs: frame.arrivedMs,
        capturedAtMs: frame.capturedAtMs,
        widthPx: stream.plan.source.widthPx,
        heightPx: stream.plan.source.heightPx,
        isDetected: detections !== undefined,
        ...found,
      });
    } catch (error) {
      this.#countDrop('inference-failed');
      // The model is being replaced, or all ends: nothing is wrong.
      if (error instanceof AppError && error.code === 'inference/closed') return;
      this.#log.warn({ cause: messageOf(error) }, 'a frame could not be analysed');
    }
  }

  /** Counts since the last call. */
  takeCounts(): EngineCounts {
    if (this.#stream !== undefined) this.#countOf(this.#stream);
    const light = this.#stream?.analyser.lightReport;
    const counts = {
      ...(light !== undefined && { light }),
      decoded: this.#decoded,
      skipped: this.#skipped,
      isGateOpen: this.#stream?.gate.isHolding !== true,
      dropped: this.#dropped,
      viewsDropped: this.#viewsDropped,
      ...(this.#options.camera.heads.includes('mask') && { masks: this.#masks }),
      ...(this.#options.camera.read !== undefined && { texts: this.#texts }),
    };
    this.#masks = NO_MASKS;
    this.#texts = NO_TEXTS;
    this.#viewsDropped = 0;
    this.#decoded = 0;
    this.#skipped = 0;
    this.#dropped = {};
    return counts;
  }

  async close(): Promise<void> {
    const decoder = this.#stream?.decoder;
    this.#endStream();
    await decoder?.close();
  }

  #healthWatch(frame: Size): HealthWatch {
    const { widthPx, heightPx } = this.#health?.frame ?? {};
    if (this.#health === undefined || widthPx !== frame.widthPx || heightPx !== frame.heightPx)
      this.#health = { watch: new HealthWatch(frame), frame };
    return this.#health.watch;
  }

  #bestViews(plan: AnalysisPlan): BestViews {
    const { camera, pool, encoder, onView } = this.#options;
    const onEncoded = (view: TrackView) => {
      if (!onView(view)) this.#viewsDropped++;
    };
    return new BestViews({
      ...plan,
      onView: (chosen) => {
        const describe = trackView(camera, plan, pool.follower?.version);
        if (!encoder.encode(chosen, (view, jpeg) => onEncoded(describe(view, jpeg)))) this.#viewsDropped++;
      },
      onFull: () => this.#viewsDropped++,
    });
  }

  #trackTexts(plan: AnalysisPlan, epoch: number): TrackTexts | undefined {
    const { camera, reading, clock, onText } = this.#options;
    const { id, run, read } = camera;
    if (read === undefined) return undefined;
    reading.want();
    const about = { camera: id, run, epoch, ...plan.source };
    return new TrackTexts({
      ...{ read, reading, ...plan, clock, log: this.#log },
      onText: (said) => onText({ ...about, ...said }),
    });
  }

  #startDecoder(stream: Stream): void {
    const { camera, ffmpeg, clock, onReady } = this.#options;
    stream.decoder = new Decoder({
      name: `decode ${camera.id}`,
      ffmpeg,
      input: { from: 'fragments' },
      size: stream.plan.frame,
      fine: stream.plan.fine,
      queue: stream.queue,
      clock,
      log: this.#log,
      onFrame: () => {
        this.#decoded++;
        this.#wantedSinceMs = undefined;
        onReady();
      },
      onEnd: (reason) => this.#restartDecoder(stream, reason ?? 'its input ended'),
    });
    stream.decoder.writeInit(stream.initSegment);
  }

  #decode(stream: Stream, { bytes, isKeyframe, ...times }: EnginePacket, isWanted: boolean): void {
    const { decoder } = stream;
    if (decoder === undefined) return;
    if (!decoder.write({ bytes, times, isKeyframe, isWanted })) this.#countDrop('decoder-behind');
    else if (isWanted) this.#wantedSinceMs = this.#options.clock.monotonicMs();
  }

  #restartDecoder(stream: Stream, reason: string): void {
    stream.decoder = undefined;
    if (stream !== this.#stream) return;
    const delayMs = this.#backoff.nextMs();
    this.#log.warn({ reason, delayMs: Math.round(delayMs) }, 'decoder ended, starting another');
    this.#restart = this.#options.clock.after(delayMs, () => {
      if (stream === this.#stream) this.#startDecoder(stream);
    });
  }

  #endStream(): void {
    const stream = this.#stream;
    if (stream === undefined) return;
    this.#stream = undefined;
    this.#restart?.cancel();
    void stream.decoder?.close();
    this.#wantedSinceMs = undefined;
    this.#nextTrack = stream.analyser.nextTrack;
    stream.views?.close();
    stream.texts?.close();
    this.#countOf(stream);
  }

  #countOf(stream: Stream): void {
    this.#countDrop('replaced', stream.queue.countReplaced() + stream.gate.countMissed());
    this.#skipped += stream.gate.countSkipped();
    const masks = stream.analyser.takeMaskCounts();
    if (masks !== undefined) this.#masks = addedMasks(this.#masks, masks);
    if (stream.texts !== undefined) this.#texts = addedTexts(this.#texts, stream.texts.takeCounts());
  }

  #countDrop(reason: DropReason, count = 1): void {
    if (count > 0) this.#dropped[reason] = (this.#dropped[reason] ?? 0) + count;
  }
}

/** There is nothing to follow an object in. */
export function noStream(): AppError {
  return new AppError(
    'engine/no-stream',
    'unavailable',
    'the camera shows no pictures now: try again when it is live',
  );
}
