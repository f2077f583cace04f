import type { components } from './gen/messages.js';

type Schemas = components['schemas'];

/** Kept and numbered: told once each, in order, whatever happens to the connection. */
export type DurableMessage = Schemas[
  'TrackStartedOrEnded' | 'TrackMerged' | 'TrackRenamed' | 'CameraStatus' | 'ConfigChanged' | 'Event'];

/** All objects of one analysed picture; not kept. */
export type FrameMessage = Schemas['Frame'];

/** Messages that were asked for and that the server does not keep any more. */
export type GapMessage = Schemas['Gap'];

/** The server could not do what was asked. `server/since-ahead`: its store is another than before, and numbers begin anew. */
export type StreamErrorMessage = Schemas['StreamError'];

/** What an event stream yields. */
export type StreamMessage = DurableMessage | FrameMessage | GapMessage | StreamErrorMessage;

/** Whatever the server sends over an event stream. */
export type ServerMessage = StreamMessage | Schemas['Hello' | 'Subscribed'];

/** What may be asked for. */
export type Topic = Schemas['Subscribe']['topics'][number];
