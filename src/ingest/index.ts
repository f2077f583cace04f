export * from './connection-limits.js';
export * from './connection.js';
export { RECONNECT_REASONS, type ReconnectReason } from './ending.js';
export { SpawnSlots } from './spawn-slots.js';
export * from './take-picture.js';
export * from './types.js';
