import type { Clock } from '../base/index.js';
import type { FrameObject, Light } from '../events/index.js';
import { meanLuma, type FrameQueue, type QueuedFrame } from '../frames/index.js';
import { analysisSize, letterbox, type Detection, type Letterbox, type Size } from '../geometry/index.js';
import type { DetectJob, DetectResult, ModelInfo } from '../inference/index.js';
import { Tracker } from '../tracking/index.js';
import type { FrameTiming, TrackChange } from './messages.js';

const TICKS_PER_MS = 90;
/** Scores from here up reach the tracker, which continues tracks with weak detections but starts none. */
const TRACKED_SCORE_MIN = 0.1;
const DETECTIONS_MAX = 100;
const IOU_MAX = 0.6;
/** Mean luma below which a picture counts as dark. */
const LOW_LIGHT_LUMA = 0.2;

/** The part of the inference pool that analysis needs. */
export interface DetectorPool {
  readonly model: Pick<ModelInfo, 'input' | 'version' | 'provider'>;
  /** Pictures that workers would take at once. */
  readonly idle: number;
  detect(job: DetectJob): Promise<DetectResult>;
}

/** How one source is shown to the model. */
export interface AnalysisPlan {
  readonly source: Size;
  /** Size of the pictures in the queue. */
  readonly frame: Size;
  readonly placed: Letterbox;
}

/**
 * Plans how a source is shown to a model: its aspect kept, as large as asked, or as the model's fixed input allows; stretched
 * where the model was trained so.
 */
export function planAnalysis(source: Size, longSidePx: number, input: ModelInfo['input']): AnalysisPlan {
  if (input.size === 'dynamic') {
    const planned = analysisSize(source, longSidePx, input.stridePx);
    return {
      source,
      frame: planned.frame,
      placed: letterbox(source, planned.frame, planned.input, input.anchor),
    };
  }
  if (input.fit === 'stretch')
    return { source, frame: input.size, placed: letterbox(source, input.size, input.size) };
  const scale = Math.min(input.size.widthPx / source.widthPx, input.size.heightPx / source.heightPx);
  const { frame } = analysisSize(source, Math.max(source.widthPx, source.heightPx) * scale, 2);
  return { source, frame, placed: letterbox(source, frame, input.size, input.anchor) };
}

/** What the analysis of one frame found. */
export interface Analysis {
  readonly ptsMs: number;
  readonly light: Light;
  readonly objects: readonly FrameObject[];
  readonly changes: readonly TrackChange[];
  /** What the detector found, before tracking. */
  readonly detections: readonly Detection[];
  readonly timing: FrameTiming;
}

/** What the analysis of one stream works with. */
export interface FrameAnalyserOptions {
  readonly plan: AnalysisPlan;
  readonly pool: DetectorPool;
  readonly queue: FrameQueue;
  readonly clock: Clock;
  /** Labels to report; empty: all. */
  readonly labels: readonly string[];
  /** Lowest score that may start a track. */
  readonly scoreMin: number;
  /** Lowest score of the detections delivered; by default those of use to the tracker. */
  readonly detectionScoreMin?: number;
  /** Number of the first track. */
  readonly firstTrack: number;
}

/**
 * Takes the frames of one stream through light, detection and tracking. Several may be in the workers at
 * once; what they show comes out in the order in which they were taken, since a tracker needs it so.
 */
export class FrameAnalyser {
  readonly #options: FrameAnalyserOptions;
  readonly #labels: ReadonlySet<string>;
  readonly #tracker: Tracker;
  #previous: Promise<void> = Promise.resolve();

  constructor(options: FrameAnalyserOptions) {
    this.#options = options;
    this.#labels = new Set(options.labels);
    this.#tracker = new Tracker(
      { frame: options.plan.source, startScoreMin: options.scoreMin },
      options.firstTrack,
    );
  }

  /** The number that the next track will have. */
  get nextTrack(): number {
    return this.#tracker.nextNumber;
  }

  /**
   * Analyses a frame taken from the queue, and gives it back as soon as its pixels are read.
   * Rejects when inference failed; the frames after it are not concerned.
   */
  async analyse(frame: QueuedFrame): Promise<Analysis> {
    const { plan, pool, queue, clock, scoreMin, detectionScoreMin = TRACKED_SCORE_MIN } = this.#options;
    const startedMs = clock.monotonicMs();
    const luma = new Uint8Array(queue.memory, frame.byteOffset, plan.frame.widthPx * plan.frame.heightPx);
    const brightness = meanLuma(luma, plan.frame);
    const detecting = pool
      .detect({
        memory: queue.memory,
        byteOffset: frame.byteOffset,
        frame: plan.frame,
        placed: plan.placed,
        options: {
          scoreMin: Math.min(scoreMin, detectionScoreMin),
          iouMax: IOU_MAX,
          countMax: DETECTIONS_MAX,
        },
      })
      .finally(() => queue.release(frame));

    const turn = this.#previous;
    const analysed = detecting.then(async (result) => {
      await turn;
      return this.#track(frame, result, startedMs, brightness);
    });
    this.#previous = analysed.then(
      () => undefined,
      () => turn,
    );
    return analysed;
  }

  /** Ends all tracks: the stream is over. */
  finish(): TrackChange[] {
    return this.#tracker.endAll().map((object) => ({ change: 'ended', object }));
  }

  #track(frame: QueuedFrame, result: DetectResult, startedMs: number, brightness: number): Analysis {
    const { clock } = this.#options;
    const beganMs = clock.monotonicMs();
    const ptsMs = frame.ptsTicks / TICKS_PER_MS;
    const wanted =
      this.#labels.size === 0
        ? result.detections
        : result.detections.filter(({ label }) => this.#labels.has(label));
    const step = this.#tracker.update(
      wanted.filter(({ score }) => score >= TRACKED_SCORE_MIN),
      ptsMs,
    );
    return {
      ptsMs,
      light: { regime: brightness < LOW_LIGHT_LUMA ? 'low' : 'day', meanLuma: brightness, normalised: false },
      objects: step.objects,
      detections: wanted,
      changes: [
        ...step.ended.map((object) => ({ change: 'ended' as const, object })),
        ...step.started.map((object) => ({ change: 'started' as const, object })),
      ],
      timing: {
        decodeMs: frame.decodedMs - frame.arrivedMs,
        queueMs: startedMs - frame.decodedMs,
        preprocessMs: result.preprocessMs,
        inferenceMs: result.inferenceMs,
        postprocessMs: result.postprocessMs,
        trackMs: clock.monotonicMs() - beganMs,
      },
    };
  }
}
