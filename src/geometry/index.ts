export * from './box.js';
export * from './detection.js';
export * from './letterbox.js';
export * from './mask-rle.js';
