import type { EncodedError } from '../base/index.js';
import type { FrameObject, Light, TrackReport } from '../events/index.js';
import type { Box, Polygon } from '../geometry/index.js';
import type { Fallback, FollowerSource, Provider, ProviderPlan } from '../inference/index.js';
import type { Ffmpeg } from '../media/index.js';
import type { DetectEvery } from './detect-schedule.js';
import type { FollowWish } from './hand-followed.js';

/** Everything the engine must know of a camera. */
export interface EngineCamera {
  readonly id: string;
  /** Highest number of frames analysed a second. */
  readonly fps: number;
  /** Longer side of the analysed picture, px. */
  readonly longSidePx: number;
  /** Labels to report; empty: all. */
  readonly labels: readonly string[];
  /** Lowest score that may start a track, 0..1. */
  readonly scoreMin: number;
  /** Id of the {@link EngineModel} that looks at its pictures. */
  readonly model: string;
  /** Which pictures the detector looks at; tracks are followed through the others. */
  readonly detectEvery: DetectEvery;
  /** Whether tracks are searched for where the detector does not see them. */
  readonly follow: boolean;
  /** Whether the best view of each track is kept. */
  readonly snapshots: boolean;
  /** Told again with each view: those of a camera's earlier run, with other masks perhaps, are known by it. */
  readonly run: string;
  /** Masked parts of the picture, as shares of it: what lies in them is not reported, however coarsely it can be seen. */
  readonly hidden: readonly Polygon[];
}

/** A detector that cameras may ask for by its id. */
export interface EngineModel {
  readonly id: string;
  /** A file, or a model of the catalogue, whose file must be on the engine's machine: nothing is fetched. */
  readonly source: { readonly path: string } | { readonly catalogueName: string };
  /** See `models/families`; found out when absent. */
  readonly family?: string;
  readonly plan: ProviderPlan;
}

/** How a model is. `failed` with `isOldInUse`: the file or provider asked for last cannot be used, and the one before goes on. */
export type ModelState =
  | { readonly state: 'loading' }
  | {
      readonly state: 'ready';
      /** `name@sha256:…` */
      readonly version: string;
      readonly family: string;
      readonly provider: Provider;
      readonly fallbacks: readonly Fallback[];
      readonly labels: readonly string[];
    }
  | { readonly state: 'failed'; readonly error: EncodedError; readonly isOldInUse: boolean };

/** What a run of the engine needs once. */
export interface EngineSetup {
  readonly ffmpeg: Ffmpeg;
  /** Pictures that the processor looks at at the same time. */
  readonly workers: number;
  /** Where optimised graphs are kept; nowhere when absent. */
  readonly graphCacheDir?: string;
  /** What finds tracks again between detections; nothing does when absent. */
  readonly follower?: FollowerSource;
  /** `SIGHTLINE_MODEL_DIR` and `SIGHTLINE_CACHE_DIR`: where models of the catalogue are. */
  readonly modelEnv?: Readonly<Record<string, string>>;
}

/** Control to engine. Binary payloads (init segments, fragments) travel beside the header, see `framing.ts`. */
export type ToEngine =
  | { readonly type: 'setup'; readonly setup: EngineSetup }
  | { readonly type: 'model'; readonly model: EngineModel }
  | { readonly type: 'model-removed'; readonly model: string }
  /** `firstTrack`: of an engine that is told of the camera for the first time; numbers of an earlier one are not used again. */
  | { readonly type: 'camera'; readonly camera: EngineCamera; readonly firstTrack: number }
  | { readonly type: 'camera-removed'; readonly camera: string }
  /** Follow what is in a box; or, with `track`, follow that one no more. Each is answered by `follow-result` of the same request. */
  | { readonly type: 'follow'; readonly request: number; readonly camera: string; readonly wish: FollowWish }
  | { readonly type: 'release'; readonly request: number; readonly camera: string; readonly track: number }
  | {
      readonly type: 'stream';
      readonly camera: string;
      readonly epoch: number;
      readonly widthPx: number;
      readonly heightPx: number;
    }
  | {
      readonly type: 'fragment';
      readonly camera: string;
      readonly epoch: number;
      readonly ptsTicks: number;
      readonly isKeyframe: boolean;
      readonly arrivedMs: number;
      readonly capturedAtMs: number;
    };

/** Where the time of one frame went, ms. */
export interface FrameTiming {
  /** Arrival of the packet to decoded picture. */
  readonly decodeMs: number;
  /** Decoded picture to start of its inference. */
  readonly queueMs: number;
  /** These three are the detector's: 0 for a picture that it did not look at. */
  readonly preprocessMs: number;
  readonly inferenceMs: number;
  readonly postprocessMs: number;
  /** Templates and searches of the Siamese network, 0 where there were none. */
  readonly followMs: number;
  readonly trackMs: number;
}

/** A track's beginning, end or correction, as the tracker saw it. */
export type TrackChange = TrackReport;

/** What one analysed frame showed. */
export interface Observation {
  readonly camera: string;
  readonly epoch: number;
  /** Version of the model that looked at it, and where it ran. */
  readonly model: string;
  readonly provider: Provider;
  readonly ptsMs: number;
  readonly arrivedMs: number;
  readonly capturedAtMs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly light: Light;
  /** Whether the detector looked at it. */
  readonly isDetected: boolean;
  readonly objects: readonly FrameObject[];
  readonly changes: readonly TrackChange[];
  readonly timing: FrameTiming;
}

/** The best view of a track. Beside it travel the JPEG and behind that the embedding, numbers of 32 bits. */
export interface ViewHeader {
  readonly camera: string;
  /** Of {@link EngineCamera}. */
  readonly run: string;
  readonly track: number;
  readonly label: string;
  /** How good it is, 0..1. */
  readonly quality: number;
  /** Where the object is, and what the picture shows: both in pixels of the source, of this size. */
  readonly box: Box;
  readonly shows: Box;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly ptsMs: number;
  readonly capturedAtMs: number;
  /** Version of the network that made the embedding; absent where none did. */
  readonly model?: string;
}

/** The best view of a track so far. */
export interface TrackView extends ViewHeader {
  readonly jpeg: Buffer;
  /** A unit vector; empty without a `model`. */
  readonly embedding: Float32Array;
}

/** Why a frame was not analysed. */
export type DropReason =
  | 'replaced' // a newer frame came before a worker was free
  | 'link-full' // control could not hand packets over fast enough
  | 'decoder-behind' // the decoder is slower than the camera
  | 'inference-failed';

/** Counts since the last report, per camera. */
export interface EngineCounts {
  /** Pictures that came out of the decoder: those that were wanted. */
  readonly decoded: number;
  /** Packets that were never decoded, since no picture that needs them was wanted. */
  readonly skipped: number;
  /** Whether packets are being decoded now; not so while the gate waits for the next keyframe. */
  readonly isGateOpen: boolean;
  /** Views of tracks that were given up: there was no room for their crops, too many waited to be encoded, or the link was full. */
  readonly viewsDropped: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
}

/** Engine to control. */
export type FromEngine =
  | { readonly type: 'ready' }
  | { readonly type: 'model-state'; readonly model: string; readonly state: ModelState }
  /** A camera's tracks began anew, since its model changed: those that were open are over. */
  | { readonly type: 'tracks-reset'; readonly camera: string }
  | {
      readonly type: 'heartbeat';
      readonly counts: Readonly<Record<string, EngineCounts>>;
    }
  /** `track`: of the object that is followed from the next picture on, or that was released; absent where none was. */
  | {
      readonly type: 'follow-result';
      readonly request: number;
      readonly track?: number;
      readonly error?: EncodedError;
    }
  | { readonly type: 'observation'; readonly observation: Observation }
  | { readonly type: 'view'; readonly view: ViewHeader; readonly jpegBytes: number };
