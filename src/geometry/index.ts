export * from './box.js';
export * from './detection.js';
export * from './letterbox.js';
