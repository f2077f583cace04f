export * from './camera-motion.js';
export { cutOut, rgbOf, sharpness, type CutOut } from './cut-out.js';
export { Cropper, type CropTarget } from './cropper.js';
export * from './frame-queue.js';
export * from './i420.js';
export * from './light/index.js';
export * from './mean-colour.js';
export * from './rgb-to-i420.js';
