export { SightlineClient, type EventView, type TrackView } from './client.js';
export type { Reach, TokenSource } from './connection.js';
export type { BackoffOptions } from './backoff.js';
export { EventStream, type EventStreamOptions, type Reconnect } from './event-stream.js';
export type * from './messages.js';
export { SightlineError, type Problem } from './problem.js';
export type { paths } from './gen/rest.js';
