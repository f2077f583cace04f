/** What goes over the wire of `GET /api/v1/stream` and the cameras' REST answers; the dashboard imports its types from here. */
import type { FrameMessage, NumberedMessage, Topic } from '../events/index.js';

export type * from '../events/messages.js';

/** WebSocket subprotocol of the event stream. */
export const STREAM_SUBPROTOCOL = 'sightline.v1';

export type ClientMessage =
  | {
      readonly type: 'subscribe';
      readonly cameras: readonly string[] | '*';
      readonly topics: readonly Topic[];
      readonly since?: number;
    }
  | { readonly type: 'unsubscribe' }
  | { readonly type: 'ping' };

export type ServerMessage =
  | { readonly type: 'hello'; readonly v: number; readonly server: string; readonly lastSeq: number }
  | {
      readonly type: 'subscribed';
      readonly cameras: readonly string[] | '*';
      readonly topics: readonly Topic[];
      readonly lastSeq: number;
    }
  | { readonly type: 'unsubscribed' }
  | { readonly type: 'pong' }
  | { readonly type: 'gap'; readonly from: number; readonly to: number; readonly reason: 'retention' }
  | { readonly type: 'error'; readonly code: string; readonly message: string }
  | FrameMessage
  | NumberedMessage;

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
