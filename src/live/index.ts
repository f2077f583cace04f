export * from './covered-feed.js';
export type { CoverPicture } from './covered-run.js';
export * from './live-feed.js';
export * from './snapshots.js';
