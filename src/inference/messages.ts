import type { EncodedError } from '../base/index.js';
import type { Relighting } from '../frames/index.js';
import type { Box, Detection, Letterbox, MaskCells, Size } from '../geometry/index.js';
import type { Sighting } from '../tracking/index.js';
import type { KernelMemory } from './kernel-store.js';
import type { Batches } from './detector.js';
import type { FollowerSource, LoadedFollower } from './load-follower.js';
import type { MaskHeadSource } from './load-mask-head.js';
import type { LoadedModel } from './load-model.js';
import type { Fallback, Provider, ProviderPlan } from './provider.js';
import type { DetectOptions } from '../models/index.js';

/** One picture to look at. */
export interface DetectJob {
  /** Holds the picture: I420, BT.601 limited range, even width and height. Must not change until the job is done. */
  readonly memory: SharedArrayBuffer;
  readonly byteOffset: number;
  readonly frame: Size;
  /** How the picture is set into the model's input. */
  readonly placed: Letterbox;
  /** The light to show it in; as it is when absent. */
  readonly light?: Relighting;
  readonly options: DetectOptions;
}

/** What a picture shows, in source pixels and best score first, and what it took, ms. */
export interface DetectResult {
  readonly detections: Detection[];
  readonly preprocessMs: number;
  readonly inferenceMs: number;
  readonly postprocessMs: number;
}

/** One picture to search for objects, and to make templates of objects from. Boxes are in pixels of the source. */
export interface FollowJob {
  /** Holds the picture: I420, BT.601 limited range, even width and height. Must not change until the job is done. */
  readonly memory: SharedArrayBuffer;
  readonly byteOffset: number;
  readonly frame: Size;
  /** Size of the source that the picture was scaled from. */
  readonly source: Size;
  /** Where the templates' kernels are, see `KernelStore`. */
  readonly kernels: KernelMemory;
  /** Boxes around which the templates of slots are searched for. */
  readonly searches: readonly { readonly slot: number; readonly box: Box }[];
  /** Boxes to make templates of, after the searches; without a slot, the embedding alone is wanted. */
  readonly templates: readonly { readonly slot?: number; readonly box: Box }[];
}

/** What a follower found, in the order of the job, and what it took, ms. */
export interface FollowResult {
  readonly searches: readonly (Sighting & { readonly slot: number })[];
  /** `embedding` is L2-normalised, and there with models that have one. */
  readonly templates: readonly { readonly slot?: number; readonly embedding?: Float32Array }[];
  readonly cropMs: number;
  readonly networkMs: number;
  readonly postprocessMs: number;
}

/** Objects of one picture whose masks are wanted. Boxes are in pixels of the source. */
export interface SegmentJob extends Pick<FollowJob, 'memory' | 'byteOffset' | 'frame' | 'source'> {
  readonly boxes: readonly Box[];
}

/** What is the object in each box, in the order of the job, and what it took, ms. */
export interface SegmentResult {
  readonly masks: readonly MaskCells[];
  readonly cropMs: number;
  readonly networkMs: number;
}

/** Which model to read, see `loadModel`. */
export interface ModelSource {
  readonly modelPath: string;
  readonly family?: string;
}

/** What an inference worker is started with. */
export interface WorkerSetup {
  /** The file, for a pool's first worker; what that one made of it, for all others. */
  readonly model: ModelSource | LoadedModel;
  /** As `model`; none is opened when absent. */
  readonly follower?: FollowerSource | LoadedFollower;
  /** Read and opened with the first job that needs it. */
  readonly maskHead?: MaskHeadSource;
  readonly plan: ProviderPlan;
  /** Where optimised graphs are kept; nowhere when absent. */
  readonly graphCacheDir?: string;
  /** `auto` by default. */
  readonly batches?: Batches;
}

/** Pool to worker. A `detect`, `follow` or `segment` is answered by one {@link FromWorker} with the same `id`; after `close` the worker ends. */
export type ToWorker =
  | {
      readonly type: 'detect';
      readonly id: number;
      /** One, or several of one input size where the worker `canBatch`. */
      readonly jobs: readonly DetectJob[];
    }
  | { readonly type: 'follow'; readonly id: number; readonly job: FollowJob }
  | { readonly type: 'segment'; readonly id: number; readonly job: SegmentJob }
  | { readonly type: 'close' };

/** Worker to pool; `ready` or `refused` once, first of all. */
export type FromWorker =
  | {
      readonly type: 'ready';
      readonly model: LoadedModel;
      readonly follower?: LoadedFollower;
      readonly provider: Provider;
      readonly fallbacks: readonly Fallback[];
      readonly canBatch: boolean;
    }
  | { readonly type: 'refused'; readonly error: EncodedError }
  | { readonly type: 'detected'; readonly id: number; readonly answers: readonly PictureAnswer[] }
  | { readonly type: 'followed'; readonly id: number; readonly result: FollowResult }
  | { readonly type: 'segmented'; readonly id: number; readonly result: SegmentResult }
  | { readonly type: 'failed'; readonly id: number; readonly error: EncodedError };

/** What became of one picture. */
export type PictureAnswer = { readonly result: DetectResult } | { readonly error: EncodedError };
