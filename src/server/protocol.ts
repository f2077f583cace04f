/** What goes over the wire of `GET /api/v1/stream`, the live feed and the REST answers; the dashboard imports its types from here. */
import type { z } from 'zod';
import type { EventFacts, FrameMessage, NumberedMessage } from '../events/index.js';
import type { Box } from '../geometry/index.js';
import type { clientMessageSchema, CONTROL_MESSAGES } from './stream-messages.js';

export type * from '../events/index.js';

/** WebSocket subprotocol of the event stream. */
export const STREAM_SUBPROTOCOL = 'sightline.v1';

/** What a client may send over the event stream, as JSON text. */
export type ClientMessage = Readonly<z.output<typeof clientMessageSchema>>;

/** What the server sends over the event stream, as JSON text. */
export type ServerMessage =
  z.output<(typeof CONTROL_MESSAGES)[keyof typeof CONTROL_MESSAGES]> | FrameMessage | NumberedMessage;

/**
 * The live feed (`GET /api/v1/cameras/:id/live`) sends, at the start of each stream of the camera: one text
 * message, the MIME type exactly as `MediaSource.isTypeSupported` takes it (`video/mp4; codecs="avc1.64001e"`);
 * one text message, this object as JSON; one binary message, the init segment; then one binary message per
 * frame, an fMP4 fragment, beginning at a keyframe. A reconnect of the camera begins again with the MIME type.
 */
export interface LiveEpochMessage {
  readonly type: 'epoch';
  /** Equals `epoch` of the `frame` messages whose `ptsMs` counts on this stream's timeline. */
  readonly epoch: number;
  readonly width: number;
  readonly height: number;
}

/** One camera in `GET /api/v1/cameras`. The source's password is masked. */
export interface CameraView {
  readonly id: string;
  readonly source: string;
  readonly state: string;
  /** ISO 8601: since when in this state. */
  readonly since: string;
  readonly reason?: string;
  readonly codec?: string;
  readonly width?: number;
  readonly height?: number;
  /** Frames arriving, and frames analysed, a second. */
  readonly fps?: number;
  readonly analysedFps?: number;
  /** Encoded anew: its codec cannot be copied, or parts of the picture are masked. */
  readonly transcoded: boolean;
  readonly masked?: true;
  readonly reconnects: number;
  /** Absent where nothing is to be recorded. `waiting`: for an event; `paused`: for the disk, says `reason`. */
  readonly recording?: { readonly state: 'waiting' | 'recording' | 'paused'; readonly reason?: string };
}

/** `GET /api/v1/cameras`. */
export interface CameraList {
  readonly cameras: readonly CameraView[];
}

/** `POST /api/v1/cameras/:id/follow` answers 201 with the track that follows the box; `DELETE …/follow/:track` (its `id`) ends it. */
export interface FollowedView {
  /** As in `track` messages. */
  readonly id: string;
  /** As in `frame` messages. */
  readonly number: number;
}

/** An event as it is now. */
export interface EventView {
  /** Number of its `event.started`. */
  readonly seq: number;
  /** `*` for one of a rule about events of several cameras. */
  readonly camera: string;
  /** Somebody wants it kept. */
  readonly marked: boolean;
  readonly event: EventFacts;
  readonly frame?: { readonly width: number; readonly height: number };
  readonly model?: string;
}

/**
 * `GET /api/v1/events`, newest first, by `camera` (several times for several), `rule`, `type`, `label`, `zone` (or line), `severity`,
 * `marked`, and when they began: `from` (included) and `to` (not). `limit`: 50, at most 500.
 */
export interface EventPage {
  readonly events: readonly EventView[];
  /** For `cursor`, to go on after the last one; absent on the last page. */
  readonly next?: string;
}

/** A track as it is now. Boxes are `[x1, y1, x2, y2]` in source pixels. */
export interface TrackView {
  /** Number of its `track.started`. */
  readonly seq: number;
  readonly id: string;
  readonly camera: string;
  readonly label: string;
  readonly score: number;
  readonly startedAt: string;
  readonly endedAt?: string;
  /** Id of the track that it turned out to be; lists leave such tracks out. */
  readonly mergedInto?: string;
  readonly frame: { readonly width: number; readonly height: number };
  readonly firstBox: Box;
  readonly lastBox: Box;
  /** Whether `GET /api/v1/tracks/:id/path` has something to tell. */
  readonly hasPath: boolean;
  readonly model: string;
}

/** `GET /api/v1/tracks`, newest first, by `camera`, `label`, `from`, `to`; pages as of events. */
export interface TrackPage {
  readonly tracks: readonly TrackView[];
  readonly next?: string;
}

/** `GET /api/v1/search/similar`: tracks that look like one, the most similar first. */
export interface SimilarTracks {
  /** Version of the network that says so. */
  readonly model: string;
  /** `score`: cosine of how the two look, -1..1; 1 is the same. */
  readonly similar: readonly { readonly score: number; readonly track: TrackView }[];
}

/** `GET /api/v1/tracks/:id/path`: where it was, in pixels of `frame`; thinned where it said nothing. */
export interface TrackPathView {
  readonly frame: { readonly width: number; readonly height: number };
  /** `[ms since startedAt, x1, y1, x2, y2]`, in order. */
  readonly points: readonly (readonly number[])[];
}

/** `POST /api/v1/rules/try`: what rules would have done with the tracks of before, beside what was told then. */
export interface RulesTrial {
  /** All events that there would have been, oldest first; ids are made up. */
  readonly events: readonly EventFacts[];
  /** Of these, ids of those that were not told, and of those that were, but began or ended more than two seconds off. */
  readonly new: readonly string[];
  readonly changed: readonly { readonly id: string; readonly was: string }[];
  /** Ids of events that were told, and would not have been. */
  readonly gone: readonly string[];
  /** How many tracks there were; `isCut` when there were more than are looked at. */
  readonly tracks: number;
  readonly isCut: boolean;
}

/** `GET /api/v1/system`. */
export interface SystemView {
  readonly name: 'sightline';
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly uptimeSeconds: number;
  readonly node: string;
  readonly platform: string;
  /** Open event streams, of either kind, and live feeds. */
  readonly clients: number;
  /** The newest and the oldest durable message that can be read; `firstSeq` is `lastSeq + 1` when there is none. */
  readonly lastSeq: number;
  readonly firstSeq: number;
}

/** How one model is. `old`: another file or provider was asked for and cannot be used, and the one before goes on. */
export interface ModelReadiness {
  /** As the configuration calls it. */
  readonly id: string;
  readonly state: 'loading' | 'ready' | 'failed' | 'old';
  /** `name@sha256:…` */
  readonly model?: string;
  readonly family?: string;
  readonly provider?: string;
  /** Providers that were tried before and cannot be used. */
  readonly fallbacks?: readonly { readonly provider: string; readonly reason: string }[];
  readonly reason?: string;
}

/** `GET /readyz`: 200 when `ready`, otherwise 503 with at least one reason. */
export interface Readiness {
  readonly ready: boolean;
  /** Sentences: what is missing and what to do. */
  readonly reasons: readonly string[];
  readonly ffmpeg?: { readonly path: string; readonly version: string; readonly origin: string };
  readonly engine?: {
    readonly state: string;
    readonly restarts: number;
    readonly models: readonly ModelReadiness[];
  };
  /** What works and is probably not meant so. */
  readonly warnings?: readonly string[];
  readonly cameras: { readonly total: number; readonly live: number };
  /** Why the configuration file as saved last is not in force. */
  readonly config?: string;
}

/** A recorded time of one camera in `GET /api/v1/recordings`. Times are ISO 8601, UTC. */
export interface RecordingView {
  readonly camera: string;
  readonly from: string;
  readonly to: string;
  /** `event`: it belongs to one, and is kept as long as those are. */
  readonly severity: 'routine' | 'event';
  /** Never deleted. */
  readonly marked: boolean;
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly bytes: number;
  readonly tier: string;
  /** The stream it comes from, as in `frame` messages of that time. */
  readonly epoch: number;
  /** It is still being written. */
  readonly open?: true;
}

/** `GET /api/v1/recordings`. */
export interface RecordingPage {
  /** By their starts. */
  readonly recordings: readonly RecordingView[];
  /** What lies between them, and at both ends of the asked-for time. */
  readonly gaps: readonly { readonly from: string; readonly to: string; readonly reason: string }[];
  /** For `cursor`, to go on after the last one; absent on the last page. */
  readonly next?: string;
}

/** `PUT` and `DELETE /api/v1/recordings/:camera/mark`. */
export interface MarkResult {
  /** So many recorded files overlap the time and are marked, or unmarked, now. */
  readonly segments: number;
}

/** Who one is: `GET /api/v1/me`. */
export interface MeView {
  readonly kind: 'session' | 'token';
  readonly name: string;
  readonly role?: 'viewer' | 'operator' | 'admin';
  readonly permissions: readonly string[];
  readonly cameras: '*' | readonly string[];
}

/** `GET /api/v1/session`: what anybody may know before signing in. */
export interface SessionState {
  /** There is no user yet: `POST /api/v1/setup` makes the first one. */
  readonly needsSetup: boolean;
  /** On this machine, and there is no user yet: one may look without signing in. */
  readonly isVisitor: boolean;
  /** Absent when one is not signed in. */
  readonly me?: MeView;
}

/** An error answer (RFC 9457, `application/problem+json`). `code` is stable and documented in `docs/errors.md`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
}
