import type { Clock, Log } from '../base/index.js';
import type { FrameObject, Light } from '../events/index.js';
import {
  CameraMotion,
  i420Bytes,
  LightJudge,
  LightMeter,
  type FrameQueue,
  type QueuedFrame,
} from '../frames/index.js';
import { boxShareIn, type Detection, type Polygon, type Similarity } from '../geometry/index.js';
import type { DetectJob, DetectResult, ModelInfo } from '../inference/index.js';
import type { TrackerStep } from '../tracking/index.js';
import type { AnalysisPlan } from './analysis-plan.js';
import type { BestViews } from './best-views.js';
import { DetectSchedule, type DetectEvery, type SceneState } from './detect-schedule.js';
import type { FollowWish } from './hand-followed.js';
import type { FrameTiming, TrackChange } from './messages.js';
import { StreamTracker, type Tracked } from './stream-tracker.js';
import { trackChanges } from './track-changes.js';
import type { FollowerPool } from './track-follower.js';

const TICKS_PER_MS = 90;
/** Of the score that starts a track, what a detection must have to continue one. Weaker ones are seen where nothing is, and lead tracks astray. */
const WEAK_SHARE = 0.5;
const DETECTIONS_MAX = 100;
/** An object of which masks hide so much is not reported. */
const MASKED_MAX = 0.5;
const IOU_MAX = 0.6;

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
  readonly log: Log;
  /** Labels to report; empty: all. */
  readonly labels: readonly string[];
  /** Parts of the picture, as shares of it, in which nothing is reported; none when absent. */
  readonly hidden?: readonly Polygon[];
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
  /** Where the best view of each track is chosen; nowhere when absent. Pictures are then kept until their turn has come. */
  readonly views?: BestViews;
}

/** A picture taken from the queue. */
interface Taken {
  readonly frame: QueuedFrame;
  readonly startedMs: number;
  /** Gives its memory back; may be called again. */
  readonly release: () => void;
}

/** What is known of a picture before anyone has looked for objects. */
interface Picture extends Taken {
  readonly light: Light;
  readonly cameraMotion: Similarity | undefined;
}

/** A picture, and what the detector saw in it; undefined where it did not look. */
interface Begun {
  readonly picture: Picture;
  readonly result: DetectResult | undefined;
}

/**
 * Takes the frames of one stream through light, detection and tracking. Several may be in the workers at
 * once; what they show comes out in the order in which they were taken, since a tracker needs it so.
 */
export class FrameAnalyser {
  readonly #options: FrameAnalyserOptions;
  readonly #labels: ReadonlySet<string>;
  /** In source pixels. */
  readonly #hidden: readonly Polygon[];
  readonly #tracks: StreamTracker;
  readonly #schedule: DetectSchedule;
  readonly #cameraMotion: CameraMotion;
  readonly #lightMeter: LightMeter;
  readonly #lightJudge = new LightJudge();
  #previous: Promise<void> = Promise.resolve();
  #inFlight = 0;
  #scene: SceneState | undefined;

  constructor(options: FrameAnalyserOptions) {
    const { plan, pool, queue, clock, log, detectEvery = 1, follow = true, views } = options;
    this.#options = options;
    this.#labels = new Set(options.labels);
    const { widthPx, heightPx } = plan.source;
    this.#hidden = (options.hidden ?? []).map((mask) =>
      mask.map(([x, y]) => [x * widthPx, y * heightPx] as const),
    );
    this.#schedule = new DetectSchedule(detectEvery);
    this.#cameraMotion = new CameraMotion(plan.frame);
    this.#lightMeter = new LightMeter(plan.frame);
    this.#tracks = new StreamTracker({
      pictures: { memory: queue.memory, frame: plan.frame, source: plan.source },
      startScoreMin: options.scoreMin,
      firstTrack: options.firstTrack,
      ...(follow && { follower: pool }),
      ...(views !== undefined && { onLook: (track, embedding) => views.learn(track, embedding) }),
      clock,
      log,
    });
  }

  /** The number that the next track will have. */
  get nextTrack(): number {
    return this.#tracks.nextTrack;
  }

  /**
   * Analyses a frame taken from the queue, and gives it back once nobody needs its pixels.
   * Rejects when inference failed; the frames after it are not concerned.
   */
  async analyse(frame: QueuedFrame): Promise<Analysis> {
    const startedMs = this.#options.clock.monotonicMs();
    let isHeld = true;
    const release = () => {
      if (isHeld) this.#options.queue.release(frame);
      isHeld = false;
    };
    const turn = this.#previous;
    // What depends on the picture before is decided now where that is known, else in turn.
    const isDue = !this.#schedule.isAdaptive || this.#inFlight === 0;
    this.#inFlight++;
    const begin = (waits: boolean) => this.#begin({ frame, startedMs, release }, waits);
    const analysed = this.#inTurn(isDue ? begin(false) : turn.then(() => begin(true)), turn).finally(
      () => this.#inFlight--,
    );
    void analysed.catch(release);
    this.#previous = analysed.then(
      () => undefined,
      () => turn,
    );
    return analysed;
  }

  /** As {@link StreamTracker.followByHand}. */
  followByHand(wish: FollowWish): number {
    return this.#tracks.followByHand(wish);
  }

  /** As {@link StreamTracker.release}. */
  release(track: number): boolean {
    return this.#tracks.release(track);
  }

  /** Ends all tracks: the stream is over. */
  finish(): TrackChange[] {
    return this.#tracks.endAll().map((object) => ({ change: 'ended', object }));
  }

  /** Looks at the picture as a whole, and has the detector begin with it if it is its turn to look. */
  async #begin(taken: Taken, waits: boolean): Promise<Begun> {
    const { plan, queue } = this.#options;
    const { frame, release } = taken;
    const bytes = new Uint8Array(queue.memory, frame.byteOffset, i420Bytes(plan.frame));
    const measures = this.#lightMeter.measure(bytes);
    const picture = {
      ...taken,
      light: {
        regime: this.#lightJudge.take(measures, frame.ptsTicks / TICKS_PER_MS),
        meanLuma: measures.meanLuma,
        normalised: false,
      },
      cameraMotion: inSource(this.#cameraMotion.next(bytes), plan),
    };
    if (!this.#schedule.next(this.#scene)) return { picture, result: undefined };
    const result = await this.#detect(frame, waits);
    // Only a follower, and who keeps views, look at a picture after its detection, when its turn has come.
    if (!this.#tracks.searches && this.#options.views === undefined) release();
    return { picture, result };
  }

  async #inTurn(begun: Promise<Begun>, turn: Promise<void>): Promise<Analysis> {
    const { picture, result } = await begun;
    await turn;
    const { frame, cameraMotion } = picture;
    const inTurn = { frame, ptsMs: frame.ptsTicks / TICKS_PER_MS, cameraMotion };
    const detections = result && this.#wanted(result.detections);
    const tracked =
      detections === undefined
        ? await this.#tracks.undetected(inTurn)
        : await this.#tracks.detected(inTurn, this.#known(detections));
    const analysis = analysisOf(picture, result, detections, tracked);
    this.#keepViews(frame, analysis);
    void tracked.isRead.then(picture.release);
    this.#scene = this.#sceneAfter(tracked.step);
    return analysis;
  }

  #keepViews({ byteOffset, capturedAtMs }: QueuedFrame, analysis: Analysis): void {
    const { views, plan, queue } = this.#options;
    if (views === undefined) return;
    const picture = new Uint8Array(queue.memory, byteOffset, i420Bytes(plan.frame));
    const { ptsMs, objects, changes, detections } = analysis;
    views.look({ picture, ptsMs, capturedAtMs, objects, changes, isDetected: detections !== undefined });
  }

  #wanted(detections: readonly Detection[]): readonly Detection[] {
    if (this.#labels.size === 0 && this.#hidden.length === 0) return detections;
    return detections.filter(
      ({ label, box }) =>
        (this.#labels.size === 0 || this.#labels.has(label)) &&
        this.#hidden.every((mask) => boxShareIn(box, mask) < MASKED_MAX),
    );
  }

  /** Those that the tracker uses. */
  #known(detections: readonly Detection[]): readonly Detection[] {
    return detections.filter(({ score }) => score >= WEAK_SHARE * this.#options.scoreMin);
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
}

function analysisOf(
  { frame, startedMs, light }: Picture,
  result: DetectResult | undefined,
  detections: readonly Detection[] | undefined,
  { step, followMs, trackMs }: Tracked,
): Analysis {
  return {
    ptsMs: frame.ptsTicks / TICKS_PER_MS,
    light,
    objects: step.objects,
    detections,
    changes: trackChanges(step),
    timing: {
      decodeMs: frame.decodedMs - frame.arrivedMs,
      queueMs: startedMs - frame.decodedMs,
      preprocessMs: result?.preprocessMs ?? 0,
      inferenceMs: result?.inferenceMs ?? 0,
      postprocessMs: result?.postprocessMs ?? 0,
      followMs,
      trackMs,
    },
  };
}

/** A camera's motion in analysed pixels, in those of the source. */
function inSource(motion: Similarity | undefined, { source, frame }: AnalysisPlan): Similarity | undefined {
  if (motion === undefined) return undefined;
  const [x, y] = [source.widthPx / frame.widthPx, source.heightPx / frame.heightPx];
  return { ...motion, dx: motion.dx * x, dy: motion.dy * y };
}
