export * from './float16.js';
export * from './quantize-model.js';
export { Histogram, type CalibrationMethod, type ValueRange } from './value-range.js';
