import { AppError, messageOf, type Clock, type Log } from '../base/index.js';
import { FrameQueue } from '../frames/index.js';
import type { ReadConfig } from '../config/index.js';
import type { Size } from '../geometry/index.js';
import type { InferencePool } from '../inference/index.js';
import type { Ffmpeg } from '../media/index.js';
import { Decoder } from './decoder.js';
import type { DetectEvery } from './detect-schedule.js';
import { Dispatcher, type FrameSource } from './dispatcher.js';
import { planAnalysis, queuedBytes, withFine } from './analysis-plan.js';
import { FrameAnalyser, type Analysis } from './frame-analyser.js';
import type { LightMode, TrackChange, TrackReading } from './messages.js';
import type { TextThread } from './text-reading.js';
import { TrackTexts } from './track-texts.js';

/** Pictures between two detections that are kept at once, at most. */
const BETWEEN_MAX = 8;

/** What to analyse, with what, and who hears of it. */
export interface AnalyseFileOptions {
  /** A path or URL that FFmpeg can open and that has an end. */
  readonly source: string;
  readonly size: Size;
  readonly ffmpeg: Ffmpeg;
  readonly pool: InferencePool;
  /** Shared by all that use the pool at the same time; one of its own by default. */
  readonly dispatcher?: Dispatcher;
  /** Pictures analysed per second of video; all by default. */
  readonly fpsMax?: number;
  readonly longSidePx: number;
  /** Labels to report; empty: all. */
  readonly labels: readonly string[];
  readonly scoreMin: number;
  readonly detectionScoreMin?: number;
  /** See {@link FrameAnalyserOptions}. */
  readonly detectEvery?: DetectEvery;
  readonly follow?: boolean;
  /** Whether the mask of each detection is made. */
  readonly masks?: boolean;
  readonly light?: LightMode;
  /** What reads what is written on tracks, how, and who hears of it; nothing is read when absent. */
  readonly texts?: {
    readonly thread: TextThread;
    readonly read: ReadConfig;
    readonly onText: (reading: TrackReading) => void;
  };
  readonly clock: Clock;
  readonly log: Log;
  /** Called for each frame, in order. */
  readonly onFrame: (analysis: Analysis) => void;
  /** Plays the file again and again, until `signal` aborts. */
  readonly loop?: boolean;
  /** Ends the analysis early. */
  readonly signal?: AbortSignal;
}

/**
 * Takes a file through the same decoder, detector and tracker as a camera, as fast as the workers can, and
 * without dropping a frame. Returns the changes at the end: the tracks that were still open.
 *
 * @throws {AppError} `engine/decode-failed` when FFmpeg stops before the end; what inference and `onFrame` throw
 */
export async function analyseFile(options: AnalyseFileOptions): Promise<TrackChange[]> {
  const { pool, clock, dispatcher = new Dispatcher(pool, clock) } = options;
  const run = new FileRun(options, () => dispatcher.dispatch());
  dispatcher.add(run);
  options.signal?.addEventListener('abort', () => run.abort(), { once: true });
  try {
    await run.finished;
  } finally {
    dispatcher.delete(run);
    await run.close();
  }
  return run.endTracks();
}

/**
 * Pictures that are kept while they wait for their turn: those between two detections, while a worker is already at the second, and
 * one that is detected before the one ahead of it, where a search may need it.
 */
function waitingFor(detectEvery: DetectEvery = 1, follow = true): number {
  const between = typeof detectEvery === 'number' ? Math.min(detectEvery - 1, BETWEEN_MAX) : 0;
  return between + (follow ? 1 : 0);
}

/** One file on its way through the workers. */
class FileRun implements FrameSource {
  readonly finished: Promise<void>;
  readonly #options: AnalyseFileOptions;
  readonly #queue: FrameQueue;
  readonly #analyser: FrameAnalyser;
  readonly #decoder: Decoder;
  readonly #texts: TrackTexts | undefined;
  #running = 0;
  #decoded = false;
  #aborted = false;
  #finish: () => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;

  constructor(options: AnalyseFileOptions, dispatch: () => void) {
    this.#options = options;
    const { source, size, ffmpeg, pool, fpsMax, clock, log, labels, scoreMin } = options;
    const { detectionScoreMin, detectEvery, follow, light, masks = false } = options;
    this.finished = new Promise((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    const planned = planAnalysis(size, options.longSidePx, pool.model.input);
    const { texts } = options;
    const plan = texts === undefined ? planned : withFine(planned, texts.read.longSidePx);
    const queue = new FrameQueue({
      frameBytes: queuedBytes(plan),
      takenMax: pool.sizeMax + waitingFor(detectEvery, follow) + (masks || texts ? 1 : 0),
      policy: 'lossless',
    });
    const how = {
      scoreMin,
      ...(detectionScoreMin !== undefined && { detectionScoreMin }),
      ...(detectEvery !== undefined && { detectEvery }),
      ...(follow !== undefined && { follow }),
      ...(masks && { masks: 'all' as const }),
      ...(light !== undefined && { light, comparesAlways: true }),
    };
    if (texts !== undefined)
      this.#texts = new TrackTexts({ ...texts, reading: texts, ...plan, waits: true, clock, log });
    this.#queue = queue;
    this.#analyser = new FrameAnalyser({
      ...{ plan, pool, queue, clock, log, labels, ...how, firstTrack: 1 },
      ...(this.#texts !== undefined && { texts: this.#texts, waitsForTexts: true }),
    });
    this.#decoder = new Decoder({
      name: 'decode file',
      ffmpeg,
      input: { from: 'file', path: source, loop: options.loop ?? false },
      size: plan.frame,
      fine: plan.fine,
      ...(fpsMax === undefined ? {} : { fpsMax }),
      queue,
      clock,
      log,
      onFrame: dispatch,
      onEnd: (reason) => {
        if (reason !== undefined)
          this.#fail(new AppError('engine/decode-failed', 'input', `${source}: ${reason}`));
        this.#decoded = true;
        this.#finishIfDone();
      },
    });
  }

  get ready(): boolean {
    return !this.#aborted && this.#queue.ready;
  }

  get claims(): number {
    return this.ready ? 1 : 0;
  }

  async analyseNext(): Promise<void> {
    const frame = this.#queue.take();
    if (frame === undefined) return;
    this.#running++;
    const analysed = this.#analyser.analyse(frame);
    // After the frame has its worker: what is decoded at once asks for one, too.
    this.#decoder.resume();
    try {
      this.#options.onFrame(await analysed);
    } catch (error) {
      this.#options.log.debug({ cause: messageOf(error) }, 'a frame could not be analysed');
      this.#fail(error);
    }
    this.#running--;
    this.#decoder.resume();
    this.#finishIfDone();
  }

  endTracks(): TrackChange[] {
    this.#texts?.close();
    return this.#analyser.finish();
  }

  /** Takes no further frame. */
  abort(): void {
    this.#aborted = true;
    this.#decoded = true;
    this.#finishIfDone();
  }

  close(): Promise<void> {
    return this.#decoder.close();
  }

  #finishIfDone(): void {
    if (this.#aborted && this.#running === 0) this.#finish();
    if (this.#decoded && this.#running === 0 && !this.#queue.ready) this.#finish();
  }
}
