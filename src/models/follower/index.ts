export * from './follower-spec.js';
export * from './prepare-follower.js';
export { recogniseFollower } from './recognise-follower.js';
