/** What goes over the wire of `GET /api/v1/stream`, the live feed and the REST answers; the dashboard imports its types from here. */
import type { FrameMessage, NumberedMessage, Topic } from '../events/index.js';

export type * from '../events/index.js';

/** WebSocket subprotocol of the event stream. */
export const STREAM_SUBPROTOCOL = 'sightline.v1';

/** What a client may send over the event stream, as JSON text. */
export type ClientMessage =
  | {
      readonly type: 'subscribe';
      readonly cameras: readonly string[] | '*';
      readonly topics: readonly Topic[];
      /** The highest `seq` that the client has: everything after it is replayed first. */
      readonly since?: number;
    }
  | { readonly type: 'unsubscribe' }
  | { readonly type: 'ping' };

/** What the server sends over the event stream, as JSON text. */
export type ServerMessage =
  | {
      readonly type: 'hello';
      readonly v: number;
      readonly server: string;
      readonly lastSeq: number;
    }
  | {
      readonly type: 'subscribed';
      readonly cameras: readonly string[] | '*';
      readonly topics: readonly Topic[];
      /** Without `since`, every durable message above this number follows; a client may resume from it. */
      readonly lastSeq: number;
    }
  | { readonly type: 'unsubscribed' }
  | { readonly type: 'pong' }
  /** The messages `from`..`to` (both included) were asked for by `since` and are no longer kept. */
  | { readonly type: 'gap'; readonly from: number; readonly to: number; readonly reason: 'retention' }
  | { readonly type: 'error'; readonly code: string; readonly message: string }
  | FrameMessage
  | NumberedMessage;

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
  readonly transcoded: boolean;
  readonly reconnects: number;
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

/** `GET /api/v1/system`. */
export interface SystemView {
  readonly name: 'sightline';
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly uptimeSeconds: number;
  readonly node: string;
  readonly platform: string;
  /** Open WebSockets: event streams and live feeds. */
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
