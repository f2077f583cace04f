export * from './assign.js';
export * from './tracker.js';
