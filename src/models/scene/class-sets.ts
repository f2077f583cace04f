import { VOC_CLASSES } from '../voc-classes.js';

/** What the channels of a network that segments scenes stand for. */
export interface SceneClassSet {
  /** As people call the data that it was trained on. */
  readonly name: string;
  /** By channel. */
  readonly channels: readonly string[];
  /** What a zone of these channels is called. Channels that stand in none are nothing that a zone is made of. */
  readonly zones: Readonly<Record<string, readonly string[]>>;
}

/** Intel's road-segmentation-adas-0001: markings lie on the road. */
export const ROAD: SceneClassSet = {
  name: 'road-4',
  channels: ['background', 'road', 'kerb', 'marking'],
  zones: { road: ['road', 'marking'], kerb: ['kerb'] },
};

/** Pascal VOC's 20 classes of objects and the background: no ground at all, but where vehicles stand. */
export const VOC: SceneClassSet = {
  name: 'voc-21',
  channels: ['background', ...VOC_CLASSES],
  zones: Object.fromEntries(VOC_CLASSES.map((name) => [name, [name]])),
};

/** Cityscapes' 19 classes by their training ids. */
export const CITYSCAPES: SceneClassSet = {
  name: 'cityscapes-19',
  channels: [
    ...['road', 'sidewalk', 'building', 'wall', 'fence', 'pole', 'traffic light', 'traffic sign'],
    ...['vegetation', 'terrain', 'sky', 'person', 'rider', 'car', 'truck', 'bus', 'train', 'motorcycle'],
    'bicycle',
  ],
  zones: { road: ['road'], pavement: ['sidewalk'], vegetation: ['vegetation', 'terrain'] },
};

const ADE20K_GROUND: ReadonlyMap<number, string> = new Map([
  [4, 'tree'],
  [6, 'road'],
  [9, 'grass'],
  [11, 'sidewalk'],
  [17, 'plant'],
  [21, 'water'],
  [26, 'sea'],
  [29, 'field'],
  [52, 'path'],
  [60, 'river'],
]);

/** ADE20K's 150 classes (SceneParse150); only those that zones are made of have their names here. */
export const ADE20K: SceneClassSet = {
  name: 'ade20k-150',
  channels: Array.from({ length: 150 }, (_, index) => ADE20K_GROUND.get(index) ?? `class ${index}`),
  zones: {
    road: ['road'],
    pavement: ['sidewalk', 'path'],
    vegetation: ['tree', 'grass', 'plant', 'field'],
    water: ['water', 'sea', 'river'],
  },
};
