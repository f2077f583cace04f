/** What goes over the wire of `GET /api/v1/stream`, the live feed and the REST answers; the dashboard imports its types from here. */
import type { z } from 'zod';
import type { CameraFault, Colour } from '../frames/index.js';
import type { EventFacts, FrameMessage, NumberedMessage, TextReadMessage } from '../events/index.js';
import type { Box } from '../geometry/index.js';
import type { TrackClassView } from './classifier-protocol.js';
import type { clientMessageSchema, CONTROL_MESSAGES } from './stream-messages.js';

export type * from '../events/index.js';
export type * from './account-views.js';
export type * from './camera-source-views.js';
export type * from './camera-test-view.js';
export type * from './classifier-protocol.js';
export type * from './model-views.js';
export type * from './scene-view.js';
export type * from './system-view.js';
export type * from './stages-view.js';

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
  /** You see its pictures, live view and clips with people, say, covered. */
  readonly redacted?: true;
  readonly reconnects: number;
  /** `learning`: what the camera usually shows is not known yet, or it moves all the time; `faulty`: see `faults`. */
  readonly health: {
    readonly state: 'learning' | 'good' | 'faulty';
    /** What is wrong now, and since when that has been known, ISO 8601. */
    readonly faults: readonly { readonly fault: CameraFault; readonly since: string }[];
  };
  /**
   * Absent before the first picture was analysed. `normalised`: the detector sees it in another light. `trial`: what that method finds more, as a
   * share, in so many comparisons; absent where none is tried.
   */
  readonly light?: {
    readonly regime: string;
    readonly meanLuma: number;
    readonly normalised: boolean;
    readonly trial?: { readonly method: string; readonly samples: number; readonly gain: number };
  };
  /** Absent where nothing is to be recorded. `waiting`: for an event; `paused`: for the disk, says `reason`. */
  readonly recording?: { readonly state: 'waiting' | 'recording' | 'paused'; readonly reason?: string };
}

/** `GET /api/v1/cameras`. */
export interface CameraList {
  readonly cameras: readonly CameraView[];
  readonly engine?: EngineHealthView;
}

/** Whether pictures are analysed: only where `state` is `ready`. The cameras' pictures do not depend on it. */
export interface EngineHealthView {
  /** `loading`: it runs, and loads its models. */
  readonly state: 'starting' | 'loading' | 'ready' | 'restarting' | 'stopped';
  /** ISO 8601: since when it is ready, or is not. */
  readonly since: string;
  /** Why it ended, while it is not ready again. */
  readonly reason?: string;
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
  /** What somebody said of it last (`PUT /api/v1/events/:id/verdict`): whether it was so, a comment (plain text), or both. `at`: ISO 8601. */
  readonly review?: {
    readonly verdict?: 'true' | 'false alarm';
    readonly comment?: string;
    readonly by: string;
    readonly at: string;
  };
  readonly event: EventFacts;
  readonly frame?: { readonly width: number; readonly height: number };
  readonly model?: string;
}

/**
 * `GET /api/v1/events`, newest first, by `camera` (several times for several), `rule`, `type`, `label`, `zone` (or line), `severity`,
 * `marked`, `verdict`, and when they began: `from` (included) and `to` (not). `limit`: 50, at most 500.
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
  /** What classifiers of the user's say that it is; `value` may be `unsure`. Absent where none was asked. */
  readonly classes?: readonly TrackClassView[];
  /** What is written on it, as `text.read` told it last; `readAt`: when. Absent where nothing was read. */
  readonly text?: TextReadMessage['text'] & { readonly readAt: string };
  /** Names of the zones that it was in. Absent where it was in none. */
  readonly zones?: readonly string[];
  /** What most of it is, by its best views; absent where none is clearly so, and for who sees people of its camera covered. */
  readonly colour?: Colour;
}

/**
 * `GET /api/v1/tracks`, newest first, by `camera`, `label`, `text` (what is written on them; case, spaces and punctuation do not count, O is 0
 * and I is 1), `zone` (that they were in), `colour`, `from`, `to`; pages as of events.
 */
export interface TrackPage {
  readonly tracks: readonly TrackView[];
  readonly next?: string;
}

/** `GET /api/v1/search/similar`: tracks that look like one, the most similar first; `POST`: like what a picture shows. */
export interface SimilarTracks {
  /** Version of the network that says so. */
  readonly model: string;
  /**
   * `score`: cosine of how the two look, -1..1; 1 is the same. `others`, where distinct ones were asked for: further tracks of its camera, at
   * least so many, that look nearly the same at about that time.
   */
  readonly similar: readonly {
    readonly score: number;
    readonly others?: number;
    readonly track: TrackView;
  }[];
}

/** `GET /api/v1/search/text`: tracks on which a text, or one near it, is written; the nearest first, of equals the newest. */
export interface TextSearch {
  /** `distance`: by how much the text differs; see the confusable-character rule. */
  readonly texts: readonly { readonly distance: number; readonly track: TrackView }[];
  /** There are more that may be near, of before, that were not looked at: narrow the time. */
  readonly isCut: boolean;
}

/** `GET /api/v1/search/groups`: tracks that look alike, the largest groups first. */
export interface LookGroups {
  /** So many tracks were looked at; `isCut` when there were more: the newest were. */
  readonly looked: number;
  readonly isCut: boolean;
  readonly groups: readonly {
    readonly count: number;
    /** The most typical first, 50 at most; `score`: cosine with the group's mean. */
    readonly tracks: readonly { readonly score: number; readonly track: TrackView }[];
  }[];
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
    readonly health: EngineHealthView;
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
  /** One may sign in there, too: `POST /api/v1/oidc/start`. */
  readonly oidc?: { readonly name: string };
  /** Absent when one is not signed in. */
  readonly me?: MeView;
}

/** `POST /api/v1/oidc/start`: where the browser goes to sign in. */
export interface OidcStart {
  readonly address: string;
}

/** An error answer (RFC 9457, `application/problem+json`). `code` is stable and documented in `docs/errors.md`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
}
