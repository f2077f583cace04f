import type { z } from 'zod';
import type {
  durableSchemas,
  eventEndingSchema,
  eventFactsSchema,
  eventValueSchema,
  frameObjectSchema,
  frameSchema,
  lightSchema,
  lineCountsSchema,
  topicSchema,
  trackSchema,
  trackStateSchema,
} from './message-schemas.js';

/** Version of the message contract; rises when a documented field changes. */
export const PROTOCOL_VERSION = 1;

type Durable<Name extends keyof typeof durableSchemas> = Readonly<z.output<(typeof durableSchemas)[Name]>>;

/** How sure the tracker is of an object in this frame. */
export type TrackState = z.output<typeof trackStateSchema>;

/** Light of one frame, measured on its luma plane. */
export type Light = z.output<typeof lightSchema>;

/** An object in one analysed frame. `box` is `[x1, y1, x2, y2]` in source pixels. */
export type FrameObject = z.output<typeof frameObjectSchema>;

/** All objects of one analysed frame. Ephemeral: has no `seq`, and may be dropped for a slow client. */
export type FrameMessage = z.output<typeof frameSchema>;

/**
 * A track began (was confirmed) or ended. `track.id` is unique over all cameras and restarts: `<camera>-<run>-<number>`; the number is the
 * `track` of `frame` messages.
 */
export type TrackStartedOrEndedMessage = Durable<'TrackStartedOrEnded'>;

/** Two tracks were one object: `track` is over, without a `track.ended`, and all that it did belongs to `into`, an older track's id. */
export type TrackMergedMessage = Durable<'TrackMerged'>;

/** A track is something else than `was` said (in `track.started` or the last `track.renamed`): from its start on, it was `track.label`. */
export type TrackRenamedMessage = Durable<'TrackRenamed'>;

/** What a classifier of the user's says that a track is. */
export type TrackClassifiedMessage = Durable<'TrackClassified'>;

/** What is written on a track: `text.value` is a vote of `text.views` pictures. One for each track, and another when the vote turns out otherwise. */
export type TextReadMessage = Durable<'TextRead'>;

/** What happened to a track. A count of objects is put right by the last two. */
export type TrackMessage = TrackStartedOrEndedMessage | TrackMergedMessage | TrackRenamedMessage;

/** A camera's connection changed state. */
export type CameraStatusMessage = Durable<'CameraStatus'>;

/** The configuration in force changed. `camera` is `*`. */
export type ConfigChangedMessage = Durable<'ConfigChanged'>;

/** An object that an event is about, as it was last seen; `id` as in `track.started`. `box` is in source pixels. */
export type EventTrack = z.output<typeof trackSchema>;

/** Crossings of a line since a time, by direction and label. */
export type LineCounts = z.output<typeof lineCountsSchema>;

/**
 * What an event measured; which of these there are depends on the type of its rule. `seconds`: of a visit, a stand, a drive, the dark. `count`
 * and `peak`: objects in the zone, and the most that there were. `kmh`: the highest speed. `direction`: how a line was crossed. `isCounted`:
 * false for a crossing that is not counted any more, since its track was another's. `counts`: all crossings of the line, this one included.
 * `fault`: what is wrong with the camera. `text`: what was read, `entry` of the list that it is nearest to, and `distance` from that.
 * `class`: what a classifier says that the object is.
 */
export type EventValue = z.output<typeof eventValueSchema>;

/** Why an event is over. `lost`: its object was not seen any more. `stream`, `config`: not its own end, but that of what it was seen with. */
export type EventEnding = z.output<typeof eventEndingSchema>;

/**
 * What is known of an event. `id` is unique over all cameras and restarts; `rule.version` changes with the rule and with its zone, line and
 * calibration; `startedAt` is since when what the rule asks for was so (for loitering, since the object came); `endedAt` comes when it is over.
 */
export type EventFacts = z.output<typeof eventFactsSchema>;

/**
 * The beginning, change or end of what a rule looks for. Each `event.started` has one `event.ended`. `epoch`, `ptsMs`, `frame` and `model` are
 * of the frame that decided it; absent where none did, as for a camera that is offline. `before`: in `event.updated`, what was otherwise.
 */
export type EventMessage = Durable<'Event'>;

/** A durable message before the journal has numbered it. */
export type DurableMessage =
  | TrackMessage
  | TrackClassifiedMessage
  | TextReadMessage
  | EventMessage
  | CameraStatusMessage
  | ConfigChangedMessage;

/** A durable message with its number: rises by one per message of the whole server, never repeats. */
export type NumberedMessage = DurableMessage & { readonly seq: number };

/** The topic a client subscribes to for a message type. */
export type Topic = z.output<typeof topicSchema>;

/** The topic of a message type. */
export function topicOf(type: DurableMessage['type'] | 'frame'): Topic {
  if (type === 'frame') return 'frame';
  if (type.startsWith('track.') || type.startsWith('text.')) return 'track';
  if (type.startsWith('camera.') || type.startsWith('config.')) return 'camera';
  return 'event';
}
