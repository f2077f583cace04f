import { messageOf } from '../base/index.js';
import type { Light } from '../events/index.js';
import {
  CameraMotion,
  HealthWatch,
  i420Bytes,
  type PictureHealth,
  type QueuedFrame,
  type Relighting,
} from '../frames/index.js';
import { boxShareIn, type Detection, type Polygon, type Similarity } from '../geometry/index.js';
import type { DetectResult } from '../inference/index.js';
import type { TrackerStep } from '../tracking/index.js';
import type { AnalysisPlan } from './analysis-plan.js';
import { DetectSchedule, type SceneState } from './detect-schedule.js';
import type { FollowWish } from './hand-followed.js';
import type { LightReport, TrackChange } from './messages.js';
import { StreamLight, type LitPicture } from './stream-light.js';
import { StreamTracker, type PictureInTurn, type Tracked } from './stream-tracker.js';
import { trackChanges } from './track-changes.js';
import type { Analysis, FrameAnalyserOptions } from './frame-analyser-options.js';
import { TrackMasks, type MaskCounts } from './track-masks.js';

export type { Analysis, DetectorPool, FrameAnalyserOptions } from './frame-analyser-options.js';

const TICKS_PER_MS = 90;
/** Of the score that starts a track, what a detection must have to continue one. Weaker ones are seen where nothing is, and lead tracks astray. */
const WEAK_SHARE = 0.5;
const DETECTIONS_MAX = 100;
/** An object of which masks hide so much is not reported. */
const MASKED_MAX = 0.5;
const IOU_MAX = 0.6;

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
  readonly health: PictureHealth;
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
  readonly #masks: TrackMasks | undefined;
  readonly #schedule: DetectSchedule;
  readonly #cameraMotion: CameraMotion;
  readonly #light: StreamLight;
  readonly #healthWatch: HealthWatch;
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
    this.#light = new StreamLight(plan.frame, options.light ?? 'off');
    this.#healthWatch = options.healthWatch ?? new HealthWatch(plan.frame);
    const pictures = { memory: queue.memory, frame: plan.frame, source: plan.source };
    if (options.masks !== undefined) this.#masks = new TrackMasks({ pool, pictures, clock, log });
    this.#tracks = new StreamTracker({
      pictures,
      startScoreMin: options.scoreMin,
      firstTrack: options.firstTrack,
      ...(follow && { follower: pool }),
      ...(views !== undefined && { onLook: (track, embedding) => views.learn(track, embedding) }),
      clock,
      log,
    });
  }

  /** Whether another light helps, where that is being found out. */
  get lightReport(): LightReport | undefined {
    return this.#light.report;
  }

  /** The number that the next track will have. */
  get nextTrack(): number {
    return this.#tracks.nextTrack;
  }

  /** What became of masks since the last call; undefined where none are made. */
  takeMaskCounts(): MaskCounts | undefined {
    return this.#masks?.takeCounts();
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
    const isLooked = this.#schedule.next(this.#scene);
    const ptsMs = frame.ptsTicks / TICKS_PER_MS;
    const lit = this.#light.next(bytes, frame.slot, ptsMs, isLooked);
    const picture = {
      ...taken,
      light: lit.light,
      health: this.#healthWatch.take(bytes, this.#light.measures!, lit.light.regime, ptsMs),
      cameraMotion: inSource(this.#cameraMotion.next(bytes), plan),
    };
    if (!isLooked) return { picture, result: undefined };
    const result = await this.#detect(frame, waits, lit.relighting);
    const compared = this.#compare(frame, lit, result);
    if (compared !== undefined) {
      void compared.then(release);
      return { picture: { ...picture, release: () => void compared.then(release) }, result };
    }
    // Only a follower, and who keeps views or makes masks, look at a picture after its detection, when its turn has come.
    const { views, texts } = this.#options;
    if (!this.#tracks.searches && !views && !texts && !this.#masks) release();
    return { picture, result };
  }

  /** Looks at the picture the other way as well, if that is asked for and a worker has nothing else to do. Never rejects. */
  #compare(
    frame: QueuedFrame,
    { relighting, comparison }: LitPicture,
    result: DetectResult,
  ): Promise<void> | undefined {
    const { pool, comparesAlways = false } = this.#options;
    if (comparison === undefined || (pool.idle === 0 && !comparesAlways)) return undefined;
    return this.#detect(frame, comparesAlways, comparison.relighting).then(
      (other) => {
        const [raw, relit] = relighting === undefined ? [result, other] : [other, result];
        comparison.note(this.#wanted(raw.detections), this.#wanted(relit.detections));
      },
      (error: unknown) => this.#options.log.debug({ cause: messageOf(error) }, 'lights were not compared'),
    );
  }

  async #inTurn(begun: Promise<Begun>, turn: Promise<void>): Promise<Analysis> {
    const { picture, result } = await begun;
    await turn;
    const { frame, cameraMotion } = picture;
    const inTurn = { frame, ptsMs: frame.ptsTicks / TICKS_PER_MS, cameraMotion };
    const detections = result && (await this.#withMasks(frame, this.#wanted(result.detections)));
    const tracked =
      detections === undefined
        ? await this.#tracks.undetected(inTurn)
        : await this.#tracks.detected(inTurn, this.#known(detections));
    const isLooked = this.#lookForMasks(inTurn, tracked, detections ?? []);
    const analysis = await this.#shown(frame, this.#analysisOf(picture, result, detections, tracked));
    void Promise.all([tracked.isRead, isLooked]).then(picture.release);
    this.#scene = this.#sceneAfter(tracked.step);
    return analysis;
  }

  async #withMasks(frame: QueuedFrame, detections: readonly Detection[]): Promise<readonly Detection[]> {
    if (this.#options.masks !== 'all' || this.#masks === undefined) return detections;
    return this.#masks.ofAll(frame, detections);
  }

  /** Resolves when the picture's memory is needed no more. */
  #lookForMasks(
    { frame, ptsMs }: PictureInTurn,
    { step: { objects } }: Tracked,
    detections: readonly Detection[],
  ): Promise<void> | undefined {
    if (this.#options.masks !== 'tracks') return undefined;
    return this.#masks?.look(frame, { ptsMs, objects, detections }, this.#options.queue.ready);
  }

  #analysisOf(
    picture: Picture,
    result: DetectResult | undefined,
    detections: readonly Detection[] | undefined,
    tracked: Tracked,
  ): Analysis {
    const analysis = analysisOf(picture, result, detections, tracked);
    const masks = this.#masks;
    if (masks === undefined) return analysis;
    return {
      ...analysis,
      objects: masks.told(analysis.objects),
      timing: { ...analysis.timing, maskMs: masks.takeSpentMs() },
    };
  }

  /** Shows tracks to who keeps their views and reads their texts; with what was read by then. */
  async #shown({ byteOffset, capturedAtMs }: QueuedFrame, analysis: Analysis): Promise<Analysis> {
    const { views, texts, waitsForTexts, plan, queue } = this.#options;
    if (views === undefined && texts === undefined) return analysis;
    const picture = new Uint8Array(queue.memory, byteOffset, i420Bytes(plan.frame));
    const fine = plan.fine && new Uint8Array(queue.memory, byteOffset + picture.length, i420Bytes(plan.fine));
    const { ptsMs, objects, changes, detections } = analysis;
    const isDetected = detections !== undefined;
    const seen = { picture, ...(fine && { fine }), ptsMs, capturedAtMs, objects, changes, isDetected };
    views?.look(seen);
    if (texts === undefined) return analysis;
    const reading = texts.look(seen, queue.ready);
    if (waitsForTexts === true) await reading;
    return { ...analysis, objects: texts.marked(objects), changes: texts.markedChanges(changes) };
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

  #detect(frame: QueuedFrame, waits: boolean, light?: Relighting): Promise<DetectResult> {
    const { plan, pool, queue, scoreMin, detectionScoreMin = 1 } = this.#options;
    const job = {
      memory: queue.memory,
      byteOffset: frame.byteOffset,
      frame: plan.frame,
      placed: plan.placed,
      ...(light !== undefined && { light }),
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
  { frame, startedMs, light, health }: Picture,
  result: DetectResult | undefined,
  detections: readonly Detection[] | undefined,
  { step, followMs, trackMs }: Tracked,
): Analysis {
  return {
    ptsMs: frame.ptsTicks / TICKS_PER_MS,
    light,
    health,
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
      maskMs: 0,
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
