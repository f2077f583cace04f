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

/** All families, in the order in which a model is held against them: a family's marks must not fit models of a later one. */
export const FAMILIES: readonly DetectorFamily[] = [
  centernet,
  yolox,
  nanodet,
  yolo,
  yoloEndToEnd,
  yoloHeads,
  yoloNas,
  picodet,
  yunet,
  retinaface,
];
