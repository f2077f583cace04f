import type { Box, MaskRle } from '../geometry/index.js';

/** Version of the message contract; rises when a documented field changes. */
export const PROTOCOL_VERSION = 1;

/** How sure the tracker is of an object in this frame. */
export type TrackState = 'tentative' | 'tracked' | 'predicted' | 'occluded';

/** Light of one frame, measured on its luma plane. */
export interface Light {
  readonly regime: 'day' | 'low';
  /** Mean luma, 0..1. */
  readonly meanLuma: number;
  readonly normalised: boolean;
}

/** An object in one analysed frame. `box` is `[x1, y1, x2, y2]` in source pixels. */
export interface FrameObject {
  readonly track: number;
  readonly label: string;
  readonly score: number;
  readonly box: Box;
  readonly state: TrackState;
  /** How sure the search is that shows it, 0..1, in frames in which no detection does. */
  readonly confidence?: number;
  /** The pixels it covers, in frames in which a model that segments has seen it. Source pixels. */
  readonly mask?: MaskRle;
}

/** All objects of one analysed frame. Ephemeral: has no `seq`, and may be dropped for a slow client. */
export interface FrameMessage {
  readonly v: typeof PROTOCOL_VERSION;
  readonly type: 'frame';
  readonly camera: string;
  readonly time: string;
  /** The stream that `ptsMs` counts in: a reconnect starts another. */
  readonly epoch: number;
  /** Presentation time within the live feed, to lay the boxes over the exact picture. */
  readonly ptsMs: number;
  readonly frame: { readonly width: number; readonly height: number };
  readonly light: Light;
  readonly objects: readonly FrameObject[];
  /** Where the time since the frame's arrival (`time`) went, ms. */
  readonly timing: { readonly decodeMs: number; readonly queueMs: number; readonly inferenceMs: number };
  /** `frame` messages of this camera that this client did not get since the last one it got. */
  readonly dropped?: number;
}

interface DurableBase {
  readonly v: typeof PROTOCOL_VERSION;
  readonly camera: string;
  /** ISO 8601, UTC. */
  readonly time: string;
}

interface TrackFacts extends DurableBase {
  readonly epoch: number;
  readonly ptsMs: number;
  readonly frame: { readonly width: number; readonly height: number };
  readonly track: {
    /** Unique over all cameras and restarts: `<camera>-<run>-<number>`; the number is the `track` of `frame` messages. */
    readonly id: string;
    readonly label: string;
    readonly score: number;
    readonly box: Box;
  };
  readonly model: string;
}

/** A track began (was confirmed) or ended. */
export interface TrackStartedOrEndedMessage extends TrackFacts {
  readonly type: 'track.started' | 'track.ended';
}

/** Two tracks were one object: `track` is over, without a `track.ended`, and all that it did belongs to `into`. */
export interface TrackMergedMessage extends TrackFacts {
  readonly type: 'track.merged';
  /** Id of an older track, which goes on. */
  readonly into: string;
}

/** A track is something else than was said: from its start on, it was `track.label`. */
export interface TrackRenamedMessage extends TrackFacts {
  readonly type: 'track.renamed';
  /** The label of `track.started`, or of the last `track.renamed`. */
  readonly was: { readonly label: string };
}

/** What happened to a track. A count of objects is put right by the last two. */
export type TrackMessage = TrackStartedOrEndedMessage | TrackMergedMessage | TrackRenamedMessage;

/** A camera's connection changed state. */
export interface CameraStatusMessage extends DurableBase {
  readonly type: 'camera.status';
  readonly status: {
    readonly state: string;
    readonly reason?: string;
    readonly codec?: string;
    readonly width?: number;
    readonly height?: number;
    readonly transcoded: boolean;
  };
}

/** The configuration in force changed. `camera` is `*`. */
export interface ConfigChangedMessage extends DurableBase {
  readonly type: 'config.changed';
  readonly cameras: { readonly added: string[]; readonly removed: string[]; readonly changed: string[] };
}

/** A durable message before the journal has numbered it. */
export type DurableMessage = TrackMessage | CameraStatusMessage | ConfigChangedMessage;

/** A durable message with its number: rises by one per message of the whole server, never repeats. */
export type NumberedMessage = DurableMessage & { readonly seq: number };

/** The topic a client subscribes to for a message type. */
export type Topic = 'event' | 'track' | 'frame' | 'camera';

/** The topic of a message type. */
export function topicOf(type: DurableMessage['type'] | 'frame'): Topic {
  if (type === 'frame') return 'frame';
  if (type.startsWith('track.')) return 'track';
  if (type.startsWith('camera.') || type.startsWith('config.')) return 'camera';
  return 'event';
}
