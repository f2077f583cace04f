import type { Clock } from '../base/index.js';
import type { FrameObject, Light } from '../events/index.js';
import { CameraMotion, meanLuma, type FrameQueue, type QueuedFrame } from '../frames/index.js';
import type { Detection, Similarity } from '../geometry/index.js';
import type { DetectJob, DetectResult, ModelInfo } from '../inference/index.js';
import { Tracker, type TrackerStep } from '../tracking/index.js';
import type { AnalysisPlan } from './analysis-plan.js';
import { DetectSchedule, type DetectEvery, type SceneState } from './detect-schedule.js';
import type { FrameTiming, TrackChange } from './messages.js';
import { StopWatch } from './stop-watch.js';
import { oneStep, trackChanges } from './track-changes.js';
import { TrackFollower, type FollowerPool } from './track-follower.js';

const TICKS_PER_MS = 90;
/** Of the score that starts a track, what a detection must have to continue one. Weaker ones are seen where nothing is, and lead tracks astray. */
const WEAK_SHARE = 0.5;
const DETECTIONS_MAX = 100;
const IOU_MAX = 0.6;
/** Mean luma below which a picture counts as dark. */
const LOW_LIGHT_LUMA = 0.2;

/** The part of the inference pool that analysis needs. */
export interface DetectorPool extends FollowerPool {
  readonly model: Pick<ModelInfo, 'input' | 'version' | 'provider'>;
  /** Pictures that workers would take at once. */
  readonly idle: number;
  /** @param waits for a worker, rather than to throw when none is idle */
  detect(job: DetectJob, waits?: boolean): Promise<DetectResult>;
}

/** What the analysis of one frame found. */
export interface Analysis {
  readonly ptsMs: number;
  readonly light: Light;
  readonly objects: readonly FrameObject[];
  readonly changes: readonly TrackChange[];
  /** What the detector found, before tracking; undefined where it did not look. */
  readonly detections: readonly Detection[] | undefined;
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
  /** Which pictures the detector looks at; 1 by default. */
  readonly detectEvery?: DetectEvery;
  /** Whether tracks are searched for where the detector does not see them, by a pool with a follower; default true. */
  readonly follow?: boolean;
}

/** What is known of a picture before anyone has looked for objects. */
interface Picture {
  readonly frame: QueuedFrame;
  readonly startedMs: number;
  readonly brightness: number;
  readonly cameraMotion: Similarity | undefined;
}

/** What finding and following objects in one picture gave. */
interface Tracked {
  readonly step: TrackerStep;
  readonly detections: readonly Detection[] | undefined;
  readonly preprocessMs: number;
  readonly inferenceMs: number;
  readonly postprocessMs: number;
  readonly followMs: number;
  readonly trackMs: number;
}

/**
 * Takes the frames of one stream through light, detection and tracking. Several may be in the workers at
 * once; what they show comes out in the order in which they were taken, since a tracker needs it so.
 */
export class FrameAnalyser {
  readonly #options: FrameAnalyserOptions;
  readonly #labels: ReadonlySet<string>;
  readonly #tracker: Tracker;
  readonly #schedule: DetectSchedule;
  readonly #cameraMotion: CameraMotion;
  readonly #follower: TrackFollower | undefined;
  #previous: Promise<void> = Promise.resolve();
  #inFlight = 0;
  #scene: SceneState | undefined;

  constructor(options: FrameAnalyserOptions) {
    const { plan, pool, queue, scoreMin, detectEvery = 1, follow = true } = options;
    this.#options = options;
    this.#labels = new Set(options.labels);
    this.#tracker = new Tracker({ frame: plan.source, startScoreMin: scoreMin }, options.firstTrack);
    this.#schedule = new DetectSchedule(detectEvery);
    this.#cameraMotion = new CameraMotion(plan.frame);
    if (follow && pool.follower !== undefined)
      this.#follower = new TrackFollower(pool, {
        memory: queue.memory,
        frame: plan.frame,
        source: plan.source,
      });
  }

  /** The number that the next track will have. */
  get nextTrack(): number {
    return this.#tracker.nextNumber;
  }

  /**
   * Analyses a frame taken from the queue, and gives it back once nobody needs its pixels.
   * Rejects when inference failed; the frames after it are not concerned.
   */
  async analyse(frame: QueuedFrame): Promise<Analysis> {
    const { plan, queue, clock } = this.#options;
    const startedMs = clock.monotonicMs();
    const luma = new Uint8Array(queue.memory, frame.byteOffset, plan.frame.widthPx * plan.frame.heightPx);
    const brightness = meanLuma(luma, plan.frame);
    const cameraMotion = this.#cameraMotion.next(luma);
    const picture = { frame, startedMs, brightness, cameraMotion };
    // With nothing else under way, what is decided now is decided on all that is known; else it is decided in turn.
    const looks =
      this.#schedule.isAdaptive && this.#inFlight > 0 ? undefined : this.#schedule.next(this.#scene);
    const detecting = looks === true ? this.#detect(frame, false) : undefined;

    const turn = this.#previous;
    this.#inFlight++;
    // Only a follower looks at a picture after its detection, when its turn has come.
    const isReleasedEarly = detecting !== undefined && this.#follower === undefined;
    const early = isReleasedEarly ? detecting.finally(() => queue.release(frame)) : detecting;
    const analysed = this.#inTurn(picture, looks, early, turn).finally(() => {
      this.#inFlight--;
      if (!isReleasedEarly) queue.release(frame);
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

  async #inTurn(
    picture: Picture,
    looks: boolean | undefined,
    detecting: Promise<DetectResult> | undefined,
    turn: Promise<void>,
  ): Promise<Analysis> {
    const early = await detecting;
    await turn;
    const isDetecting = looks ?? this.#schedule.next(this.#scene);
    const result = early ?? (isDetecting ? await this.#detect(picture.frame, true) : undefined);
    const tracked =
      result === undefined ? await this.#followOnly(picture) : await this.#trackDetections(picture, result);
    this.#scene = this.#sceneAfter(tracked.step);
    return this.#analysis(picture, tracked);
  }

  #detect(frame: QueuedFrame, waits: boolean): Promise<DetectResult> {
    const { plan, pool, queue, scoreMin, detectionScoreMin = 1 } = this.#options;
    const job = {
      memory: queue.memory,
      byteOffset: frame.byteOffset,
      frame: plan.frame,
      placed: plan.placed,
      options: {
        scoreMin: Math.min(WEAK_SHARE * scoreMin, detectionScoreMin),
        iouMax: IOU_MAX,
        countMax: DETECTIONS_MAX,
      },
    };
    return pool.detect(job, waits);
  }

  async #trackDetections(picture: Picture, result: DetectResult): Promise<Tracked> {
    const { frame } = picture;
    const ptsMs = frame.ptsTicks / TICKS_PER_MS;
    const wanted =
      this.#labels.size === 0
        ? result.detections
        : result.detections.filter(({ label }) => this.#labels.has(label));
    const known = wanted.filter(({ score }) => score >= WEAK_SHARE * this.#options.scoreMin);
    const timer = new StopWatch(this.#options.clock);
    const follower = this.#follower;
    const looked =
      follower?.hasAppearance === true
        ? await follower.withAppearance(frame, known, this.#tracker.wantsAppearance(known, ptsMs))
        : known;
    const detected = timer.time(() => this.#tracker.update(looked, ptsMs, this.#aids(picture)));
    const seen = detected.objects.filter(({ state }) => state === 'tracked');
    const followed = await follower?.follow(frame, this.#tracker.targets(ptsMs), seen, ptsMs);
    const hasFound = followed !== undefined && followed.boxes.length > 0;
    const step = hasFound
      ? timer.time(() => oneStep(detected, this.#tracker.follow(followed.boxes, ptsMs)))
      : detected;
    return {
      step,
      detections: wanted,
      preprocessMs: result.preprocessMs,
      inferenceMs: result.inferenceMs,
      postprocessMs: result.postprocessMs,
      followMs: followed?.spentMs ?? 0,
      trackMs: timer.totalMs,
    };
  }

  /** A picture that the detector does not see: tracks are searched for, or carried by motion where there is no follower. */
  async #followOnly(picture: Picture): Promise<Tracked> {
    const { frame } = picture;
    const ptsMs = frame.ptsTicks / TICKS_PER_MS;
    const timer = new StopWatch(this.#options.clock);
    const followed = await this.#follower?.follow(frame, this.#tracker.targets(ptsMs), [], ptsMs);
    const step = timer.time(() => this.#tracker.follow(followed?.boxes ?? [], ptsMs, this.#aids(picture)));
    return {
      step,
      detections: undefined,
      preprocessMs: 0,
      inferenceMs: 0,
      postprocessMs: 0,
      followMs: followed?.spentMs ?? 0,
      trackMs: timer.totalMs,
    };
  }

  #aids({ cameraMotion }: Picture): { cameraMotion?: Similarity } {
    if (cameraMotion === undefined) return {};
    const { source, frame } = this.#options.plan;
    const { a, b, dx, dy } = cameraMotion;
    const [x, y] = [source.widthPx / frame.widthPx, source.heightPx / frame.heightPx];
    return { cameraMotion: { a, b, dx: dx * x, dy: dy * y } };
  }

  #sceneAfter({ objects }: TrackerStep): SceneState | undefined {
    if (!this.#schedule.isAdaptive) return undefined;
    const { source, frame } = this.#options.plan;
    const [x, y] = [frame.widthPx / source.widthPx, frame.heightPx / source.heightPx];
    const boxes = objects.map(({ box: [x1, y1, x2, y2] }) => [x1 * x, y1 * y, x2 * x, y2 * y] as const);
    return {
      uncertain: objects.filter(({ state, confidence }) => state !== 'tracked' && confidence === undefined)
        .length,
      isChanging: this.#cameraMotion.changesOutside(boxes),
    };
  }

  #analysis({ frame, startedMs, brightness }: Picture, { step, detections, ...times }: Tracked): Analysis {
    this.#follower?.keepOnly(this.#tracker.numbers);
    return {
      ptsMs: frame.ptsTicks / TICKS_PER_MS,
      light: { regime: brightness < LOW_LIGHT_LUMA ? 'low' : 'day', meanLuma: brightness, normalised: false },
      objects: step.objects,
      detections,
      changes: trackChanges(step),
      timing: {
        decodeMs: frame.decodedMs - frame.arrivedMs,
        queueMs: startedMs - frame.decodedMs,
        ...times,
      },
    };
  }
}
