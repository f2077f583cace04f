import type { LightRegime } from '../frames/index.js';
import type { Box, MaskRle } from '../geometry/index.js';

/** Version of the message contract; rises when a documented field changes. */
export const PROTOCOL_VERSION = 1;

/** How sure the tracker is of an object in this frame. */
export type TrackState = 'tentative' | 'tracked' | 'predicted' | 'occluded';

/** Light of one frame, as its camera took it. */
export interface Light {
  readonly regime: LightRegime;
  /** Mean luma, 0..1. */
  readonly meanLuma: number;
  /** Whether the detector saw the frame with its light made better. */
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
  /** Names of the zones that it is in; absent where it is in none. */
  readonly zones?: readonly string[];
  /** How fast it moves on the ground, km/h, where the camera is calibrated. */
  readonly speed?: number;
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

/** An object that an event is about, as it was last seen. `box` is in source pixels. */
export interface EventTrack {
  /** As in `track.started`. */
  readonly id: string;
  readonly label: string;
  readonly score: number;
  readonly box: Box;
}

/** Crossings of a line since a time, by direction and label. */
export interface LineCounts {
  readonly in: Readonly<Record<string, number>>;
  readonly out: Readonly<Record<string, number>>;
  /** ISO 8601, UTC. */
  readonly since: string;
}

/** What an event measured; which of these there are depends on the type of its rule. */
export interface EventValue {
  /** For how long: of a visit, a stand, a drive, the dark. */
  readonly seconds?: number;
  /** Objects in the zone, and the most that there were. */
  readonly count?: number;
  readonly peak?: number;
  /** The highest speed, km/h. */
  readonly kmh?: number;
  /** How a line was crossed. */
  readonly direction?: 'in' | 'out';
  /** False: a crossing that was told and is not counted any more, since its track was another's. */
  readonly isCounted?: boolean;
  /** All crossings of the line, this one included. */
  readonly counts?: LineCounts;
}

/** Why an event is over. `lost`: its object was not seen any more. `stream`, `config`: not its own end, but that of what it was seen with. */
export type EventEnding = 'over' | 'lost' | 'merged' | 'renamed' | 'schedule' | 'stream' | 'config';

/** What is known of an event. */
export interface EventFacts {
  /** Unique over all cameras and restarts. */
  readonly id: string;
  /** `version` changes with the rule and with its zone, line and calibration. */
  readonly rule: { readonly name: string; readonly type: string; readonly version: string };
  readonly severity: 'info' | 'warning' | 'alert';
  readonly zone?: string;
  readonly line?: string;
  /** What it is about, where that is one object. */
  readonly label?: string;
  /** The objects that made it: 50 at most. */
  readonly tracks: readonly EventTrack[];
  /** Since when what the rule asks for was so, ISO 8601: for loitering, since the object came. */
  readonly startedAt: string;
  /** Only when it is over. */
  readonly endedAt?: string;
  readonly ending?: EventEnding;
  readonly value?: EventValue;
  /** Ids of the events that this one was made from, for a rule about events. */
  readonly events?: readonly string[];
}

/** The beginning, change or end of what a rule looks for. Each `event.started` has one `event.ended`. */
export interface EventMessage extends DurableBase {
  readonly type: 'event.started' | 'event.updated' | 'event.ended';
  /** The frame that decided it; absent where none did, as for a camera that is offline. */
  readonly epoch?: number;
  readonly ptsMs?: number;
  readonly frame?: { readonly width: number; readonly height: number };
  readonly event: EventFacts;
  /** Of `event`, what was otherwise in the message before; in `event.updated`. */
  readonly before?: Partial<EventFacts>;
  /** Detector and its version. */
  readonly model?: string;
}

/** A durable message before the journal has numbered it. */
export type DurableMessage = TrackMessage | EventMessage | CameraStatusMessage | ConfigChangedMessage;

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
