export * from './event-loop-lag.js';
export * from './metrics.js';
