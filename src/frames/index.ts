export * from './camera-motion.js';
export * from './frame-queue.js';
export * from './i420.js';
export * from './light.js';
