export * from './single-object-search.js';
export * from './single-object.js';
export * from './tracker.js';
