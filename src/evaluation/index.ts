export * from './agreement.js';
export * from './class-names.js';
export * from './coco-json.js';
export * from './detection-metrics.js';
export * from './labelled-image.js';
export type { BestThreshold } from './precision-recall.js';
export * from './precision-recall-picture.js';
export * from './voc-xml.js';
export * from './yolo-labels.js';
