import { centernet } from './centernet.js';
import type { DetectorFamily } from './detector-family.js';
import { detr } from './detr.js';
import { rfDetr } from './rf-detr.js';
import { rtDetr } from './rt-detr.js';
import { rtDetrUltralytics } from './rt-detr-ultralytics.js';
import { ssd } from './ssd.js';
import { tfDetection } from './tf-detection.js';
import { maskrcnnBenchmark, torchvision } from './torchvision.js';

/** All families, in the order in which a model is held against them: a family's marks must not fit models of a later one. */
export const FAMILIES: readonly DetectorFamily[] = [
  centernet,
  rtDetr,
  detr,
  rfDetr,
  tfDetection,
  ssd,
  maskrcnnBenchmark,
  torchvision,
  rtDetrUltralytics,
];
