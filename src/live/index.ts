export * from './live-feed.js';
export * from './snapshots.js';
