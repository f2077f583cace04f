import type { Box, Detection, Size } from '../geometry/index.js';

/** One image with its objects. Boxes are in the image's pixels. */
export interface LabelledImage {
  /** Unique in its set. Of equal scores, those in the image with the lower id count first, as in pycocotools. */
  readonly id: number;
  /** As the annotations name it, folders included. */
  readonly fileName: string;
  readonly objects: readonly LabelledObject[];
  /** The size that the boxes were drawn at, where the annotations tell. */
  readonly size?: Size;
}

/** One object of the truth. */
export interface LabelledObject {
  readonly label: string;
  readonly box: Box;
  /** Pixels that the object covers; decides whether it is small, medium or large. */
  readonly areaPx: number;
  /** A region of many objects: finding it, or a part of it, is neither right nor wrong. */
  readonly isCrowd: boolean;
  /** Pascal VOC's `difficult`: finding it, even twice, is neither right nor wrong, and missing it is no miss. */
  readonly isDifficult?: boolean;
}

/** What detections are measured by. */
export interface DetectionTruth {
  readonly images: readonly LabelledImage[];
  /** Labels by the category ids that COCO results refer to. */
  readonly labels: ReadonlyMap<number, string>;
}

/** Results of one image, by the image's id. */
export type DetectionsByImage = ReadonlyMap<number, readonly Detection[]>;
