import { Backoff, messageOf, type Clock, type Log, type Timer } from '../base/index.js';
import { FrameQueue } from '../frames/index.js';
import type { Ffmpeg } from '../media/index.js';
import type { FrameSource } from './dispatcher.js';
import { Decoder, type PacketTimes } from './decoder.js';
import { FrameAnalyser, planAnalysis, type AnalysisPlan, type DetectorPool } from './frame-analyser.js';
import type { DropReason, EngineCamera, EngineCounts, Observation } from './messages.js';

/** Half a second to eight between starts of a decoder that keeps dying: its stream is broken, not the machine. */
const RESTART_FIRST_MS = 500;
const RESTART_LAST_MS = 8000;

/** What a camera's pipeline needs of the engine. */
export interface CameraPipelineOptions {
  readonly camera: EngineCamera;
  readonly ffmpeg: Ffmpeg;
  readonly pool: DetectorPool;
  /** Where within its period this camera's pictures are taken, 0..1. */
  readonly phase: number;
  /** Frames of this camera that may be in the workers at once. */
  readonly inWorkersMax: number;
  readonly clock: Clock;
  readonly log: Log;
  /** A frame waits: the scheduler may want to take it. */
  readonly onReady: () => void;
  readonly onObservation: (observation: Observation) => void;
}

/** One unbroken stream: its decoder, queue and tracks. */
interface Stream {
  readonly epoch: number;
  readonly initSegment: Buffer;
  readonly plan: AnalysisPlan;
  readonly queue: FrameQueue;
  readonly analyser: FrameAnalyser;
  decoder: Decoder | undefined;
}

/** The way of one camera's frames within the engine: packets in, observations out. */
export class CameraPipeline implements FrameSource {
  readonly #options: CameraPipelineOptions;
  readonly #log: Log;
  readonly #backoff: Backoff;
  #stream: Stream | undefined;
  #restart: Timer | undefined;
  #nextTrack = 1;
  #decoded = 0;
  #dropped: Partial<Record<DropReason, number>> = {};

  constructor(options: CameraPipelineOptions) {
    this.#options = options;
    this.#log = options.log.child({ camera: options.camera.id });
    this.#backoff = new Backoff({ firstMs: RESTART_FIRST_MS, lastMs: RESTART_LAST_MS });
  }

  /** Whether a decoded frame waits for a worker. */
  get ready(): boolean {
    return this.#stream?.queue.ready ?? false;
  }

  /**
   * Begins a new stream; what the one before still has in the workers is reported under its own epoch. Its
   * tracks end without a word: control knows which are open, and must be able to end them without us anyway.
   */
  startStream(epoch: number, widthPx: number, heightPx: number, initSegment: Buffer): void {
    this.#endStream();
    const { camera, pool, clock, inWorkersMax } = this.#options;
    const plan = planAnalysis({ widthPx, heightPx }, camera.longSidePx, pool.model.input);
    const queue = new FrameQueue({
      frameBytes: (plan.frame.widthPx * plan.frame.heightPx * 3) / 2,
      takenMax: inWorkersMax,
      policy: 'latest',
    });
    const { labels, scoreMin } = camera;
    const analyser = new FrameAnalyser({
      plan,
      pool,
      queue,
      clock,
      labels,
      scoreMin,
      firstTrack: this.#nextTrack,
    });
    this.#stream = { epoch, initSegment, plan, queue, analyser, decoder: undefined };
    this.#startDecoder(this.#stream);
  }

  /** Takes one compressed frame; ignored unless it belongs to the current stream. */
  write(epoch: number, fragment: Buffer, times: PacketTimes, isKeyframe: boolean): void {
    const stream = this.#stream;
    if (stream?.epoch !== epoch || stream.decoder === undefined) return;
    if (!stream.decoder.write(fragment, times, isKeyframe)) this.#countDrop('decoder-behind');
  }

  /** Takes the waiting frame through the workers. Resolves when a worker is free again; never rejects. */
  async analyseNext(): Promise<void> {
    const stream = this.#stream;
    const frame = stream?.queue.take();
    if (stream === undefined || frame === undefined) return;
    try {
      const { ptsMs, light, objects, changes, timing } = await stream.analyser.analyse(frame);
      this.#backoff.reset();
      this.#options.onObservation({
        camera: this.#options.camera.id,
        epoch: stream.epoch,
        arrivedMs: frame.arrivedMs,
        capturedAtMs: frame.capturedAtMs,
        widthPx: stream.plan.source.widthPx,
        heightPx: stream.plan.source.heightPx,
        ptsMs,
        light,
        objects,
        changes,
        timing,
      });
    } catch (error) {
      this.#countDrop('inference-failed');
      this.#log.warn({ cause: messageOf(error) }, 'a frame could not be analysed');
    }
  }

  /** Counts since the last call. */
  takeCounts(): EngineCounts {
    if (this.#stream !== undefined) this.#countReplaced(this.#stream);
    const counts = { decoded: this.#decoded, dropped: this.#dropped };
    this.#decoded = 0;
    this.#dropped = {};
    return counts;
  }

  async close(): Promise<void> {
    const decoder = this.#stream?.decoder;
    this.#endStream();
    await decoder?.close();
  }

  #startDecoder(stream: Stream): void {
    const { camera, ffmpeg, clock, onReady } = this.#options;
    stream.decoder = new Decoder({
      name: `decode ${camera.id}`,
      ffmpeg,
      input: { from: 'fragments' },
      size: stream.plan.frame,
      fpsMax: camera.fps,
      phase: this.#options.phase,
      queue: stream.queue,
      clock,
      log: this.#log,
      onFrame: () => {
        this.#decoded++;
        onReady();
      },
      onEnd: (reason) => this.#restartDecoder(stream, reason ?? 'its input ended'),
    });
    stream.decoder.writeInit(stream.initSegment);
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
    this.#nextTrack = stream.analyser.nextTrack;
    this.#countReplaced(stream);
  }

  #countReplaced(stream: Stream): void {
    this.#countDrop('replaced', stream.queue.countReplaced());
  }

  #countDrop(reason: DropReason, count = 1): void {
    if (count > 0) this.#dropped[reason] = (this.#dropped[reason] ?? 0) + count;
  }
}
