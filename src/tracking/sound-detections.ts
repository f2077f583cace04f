import { boxArea, clipBox, type Detection, type Size } from '../geometry/index.js';

const AREA_MIN_PX = 1;

/** The detections that can be objects of a frame: finite, with an area, and at least partly inside. */
export function soundDetections(detections: readonly Detection[], frame: Size): readonly Detection[] {
  return detections.every((detection) => isSound(detection, frame))
    ? detections
    : detections.filter((detection) => isSound(detection, frame));
}

function isSound({ box, score }: Detection, frame: Size): boolean {
  return (
    Number.isFinite(score) &&
    box.every(Number.isFinite) &&
    box[2] > box[0] &&
    box[3] > box[1] &&
    boxArea(clipBox(box, frame)) >= AREA_MIN_PX
  );
}
