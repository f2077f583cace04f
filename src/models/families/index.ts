import { centernet } from './centernet.js';
import type { DetectorFamily } from './detector-family.js';
import { nanodet } from './nanodet.js';
import { picodet } from './picodet.js';
import { retinaface } from './retinaface.js';
import { yolo } from './yolo.js';
import { yoloEndToEnd } from './yolo-end-to-end.js';
import { yoloHeads } from './yolo-heads.js';
import { yoloNas } from './yolo-nas.js';
import { yolox } from './yolox.js';
import { yunet } from './yunet.js';
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
  rtDetrUltralytics,
  yolox,
  nanodet,
  yolo,
  yoloEndToEnd,
  yoloHeads,
  yoloNas,
  picodet,
  yunet,
  retinaface,
  rtDetr,
  detr,
  rfDetr,
  tfDetection,
  ssd,
  maskrcnnBenchmark,
  torchvision,
];
