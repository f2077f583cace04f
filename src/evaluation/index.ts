export * from './agreement.js';
export * from './coco-json.js';
export * from './detection-metrics.js';
export * from './yolo-labels.js';
