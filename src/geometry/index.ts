export * from './box.js';
export * from './detection.js';
export * from './follower-geometry.js';
export * from './label-colour.js';
export * from './letterbox.js';
export * from './mask-rle.js';
export * from './place-tags.js';
export * from './similarity.js';
