import type { EncodedError } from '../base/index.js';
import type { FrameObject, Light, TextReadMessage, TrackReport } from '../events/index.js';
import type { ReadConfig } from '../config/index.js';
import type { Colour, LightEvidence, LightMethod, PictureHealth } from '../frames/index.js';
import type { Box, Polygon, Size } from '../geometry/index.js';
import type { Fallback, FollowerSource, MaskHeadSource, Provider, ProviderPlan } from '../inference/index.js';
import type { Ffmpeg } from '../media/index.js';
import type { Precision } from '../models/index.js';
import type { DetectEvery } from './detect-schedule.js';
import type { FollowWish } from './hand-followed.js';
import type { TextCounts } from './text-counts.js';
import type { RedactWish } from './redactor.js';
import type { MaskCounts } from './track-masks.js';

/** In which light the detector sees pictures: as they are, by one method, or by one while that helps. */
export type LightMode = 'off' | 'auto' | LightMethod;

/** Whether another light helps one camera's detector. */
export interface LightReport extends LightEvidence {
  readonly method: LightMethod;
  readonly isOn: boolean;
}

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
  /** What else is found out about its tracks. */
  readonly heads: readonly ('mask' | 'text')[];
  /** How `text` reads, where it is among the heads. */
  readonly read?: ReadConfig;
  /** Whether the best view of each track is kept. */
  readonly snapshots: boolean;
  readonly light: LightMode;
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
      readonly precision: Precision;
      /** What pictures are set into: a size, px, or any whose sides are multiples of `stridePx`. */
      readonly input: Size | { readonly stridePx: number };
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
  /** What finds the pixels of objects; opened when a camera first asks for masks. */
  readonly maskHead?: MaskHeadSource;
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
  /** Cover what is in a picture, a JPEG beside the header, as the model finds it. Answered by `redact-result` of the same request. */
  | { readonly type: 'redact'; readonly request: number; readonly model: string; readonly wish: RedactWish }
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
  /** Masks that were made since the picture before, 0 where there were none. */
  readonly maskMs: number;
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
  readonly health: PictureHealth;
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
  /** What most of it is, by the views so far; absent where no colour is clearly so. */
  readonly colour?: Colour;
  /** Version of the network that made the embedding; absent where none did. */
  readonly model?: string;
}

/** The best view of a track so far. */
export interface TrackView extends ViewHeader {
  readonly jpeg: Buffer;
  /** A unit vector; empty without a `model`. */
  readonly embedding: Float32Array;
}

/** What is written on a track, as its pictures say together. */
export interface TrackReading {
  readonly track: number;
  readonly label: string;
  readonly score: number;
  /** Of the track in the picture with which it is told; boxes and places in pixels of the source. */
  readonly box: Box;
  readonly ptsMs: number;
  readonly capturedAtMs: number;
  /** Version of what read it. */
  readonly model: string;
  readonly text: TextReadMessage['text'];
  /** What was told before, which this corrects. */
  readonly was?: string;
}

/** The same, with where it was read. */
export interface CameraReading extends TrackReading {
  readonly camera: string;
  /** Of {@link EngineCamera}. */
  readonly run: string;
  readonly epoch: number;
  readonly widthPx: number;
  readonly heightPx: number;
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
  /** Whether another light helps; absent where that is not being found out. */
  readonly light?: LightReport;
  /** Views of tracks that were given up: there was no room for their crops, too many waited to be encoded, or the link was full. */
  readonly viewsDropped: number;
  /** Absent where none are made. */
  readonly masks?: MaskCounts;
  /** Absent where nothing is read. */
  readonly texts?: TextCounts;
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
  /** The picture, a JPEG, beside the header unless there is an error. */
  | { readonly type: 'redact-result'; readonly request: number; readonly error?: EncodedError }
  | { readonly type: 'observation'; readonly observation: Observation }
  | { readonly type: 'text'; readonly reading: CameraReading }
  | { readonly type: 'view'; readonly view: ViewHeader; readonly jpegBytes: number };
