export * from './decode-command.js';
export * from './ffmpeg-binary.js';
export * from './ffmpeg-process.js';
export * from './raw-frame-reader.js';
export { guardedCommand } from './orphan-guard.js';
