export { ClockDoubt } from './clock-doubt.js';
export * from './clock.js';
export * from './durable-files.js';
export * from './entry-file.js';
export * from './errors.js';
export * from './lifecycle.js';
export * from './log.js';
export * from './network-address.js';
export * from './secrets.js';
