export * from './assign.js';
export * from './tracked-box.js';
export * from './single-object-search.js';
export * from './single-object.js';
export { isInFront } from './occlusion.js';
export * from './tracker.js';
export type { TrackerTuning } from './tuning.js';
