export * from './connection-limits.js';
export * from './connection.js';
export { discoverCameras } from './discover-cameras.js';
export { RECONNECT_REASONS, type ReconnectReason } from './ending.js';
export type { Push, PushEnding, Pusher, PushInlet } from './push-inlet.js';
export { SpawnSlots } from './spawn-slots.js';
export * from './take-picture.js';
export * from './try-source.js';
export * from './types.js';
