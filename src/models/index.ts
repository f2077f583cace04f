export * from './check-model.js';
export * from './coco-classes.js';
export * from './detector-spec.js';
export * from './import/index.js';
export * from './model-errors.js';
export * from './prepare-detector.js';
export * from './quantize/index.js';
export * from './recognise.js';
