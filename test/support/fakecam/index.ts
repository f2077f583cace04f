export * from './annexb.js';
export * from './credentials.js';
export * from './encoder.js';
export * from './fake-camera.js';
export * from './rtp.js';
export * from './script.js';
