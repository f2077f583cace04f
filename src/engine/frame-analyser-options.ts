import type { Clock, Log } from '../base/index.js';
import type { FrameObject, Light } from '../events/index.js';
import type { FrameQueue, HealthWatch, PictureHealth } from '../frames/index.js';
import type { Detection, Polygon } from '../geometry/index.js';
import type { DetectJob, DetectResult, ModelInfo } from '../inference/index.js';
import type { AnalysisPlan } from './analysis-plan.js';
import type { BestViews } from './best-views.js';
import type { DetectEvery } from './detect-schedule.js';
import type { FrameTiming, LightMode, TrackChange } from './messages.js';
import type { FollowerPool } from './track-follower.js';
import type { MaskPool } from './track-masks.js';
import type { TrackTexts } from './track-texts.js';

/** The part of the inference pool that analysis needs. */
export interface DetectorPool extends FollowerPool, MaskPool {
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
  readonly health: PictureHealth;
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
  /** Masks of what is found: `all` of every detection, which waits for them; `tracks` of confirmed tracks, as workers have time. None when absent. */
  readonly masks?: 'all' | 'tracks';
  /** What is known of the camera's health from the stream before, if its pictures had the same size. */
  readonly healthWatch?: HealthWatch;
  /** The light in which the detector sees pictures; `off` by default. */
  readonly light?: LightMode;
  /** Whether comparing lights waits for a worker, rather than for a moment when one has nothing to do. */
  readonly comparesAlways?: boolean;
  /** Where the best view of each track is chosen; nowhere when absent. Pictures are then kept until their turn has come. */
  readonly views?: BestViews;
  /** What reads what is written on tracks; as with views, pictures are kept until their turn has come. */
  readonly texts?: TrackTexts;
  /** Whether a picture is told when its texts have been read; else as soon as it is known who is in it. */
  readonly waitsForTexts?: boolean;
}
