import type { ModelDescription, TensorDescription } from '../check-model.js';
import { classNames, namesIn } from './class-names.js';
import type { DetectorFamily } from './detector-family.js';
import { finalCandidates, finalRowsOf, type FinalRows } from './final-rows.js';
import { MASK_CHANNELS, withMasks } from './instance-masks.js';
import { isFixed } from './shapes.js';
import { floats } from './tensors.js';
import { prototypesOf } from './yolo.js';
import { yoloInput } from './yolo-input.js';
import { picks } from './yolo-marks.js';

/** More rows than this are cells, not detections. */
const ROWS_MAX = 3000;
/** x1, y1, x2, y2, score, class: then what else there is. */
const ULTRALYTICS = { boxAt: 0, scoreAt: 4, labelAt: 5 };
/** batch, x1, y1, x2, y2, class, score */
const YOLOV7 = { width: 7, boxAt: 1, scoreAt: 6, labelAt: 5 };
/** batch, x1, y1, x2, y2, score, class */
const YOLO_NAS = { width: 7, boxAt: 1, scoreAt: 5, labelAt: 6 };

/**
 * YOLO exports that deliver finished detections: YOLOv10 and 26, which need no suppression, and others exported with it
 * (Ultralytics' `nms=True`, YOLOv7's `--end2end`, YOLO-NAS' flat format). Rows beyond the detections have a score of 0.
 */
export const yoloEndToEnd: DetectorFamily = {
  name: 'yolo-end-to-end',
  signature: 'in [1, 3, h, w], out [1, n, 6], for masks [1, n, 38] and [1, 32, h/4, w/4], or [n, 7]',
  describe(model) {
    const input = yoloInput(model);
    const rows = rowsOf(model);
    if (input === undefined || rows === undefined) return undefined;
    const prototypes = prototypesOf(model);
    return {
      family: 'yolo-end-to-end',
      input,
      // The rows do not say how many classes there are.
      classes: classNames(model.metadata, namesIn(model.metadata)?.length ?? 80),
      constants: [],
      facts: { ...rows, ...(prototypes === undefined ? {} : { prototypes }) },
    };
  },
  decode(outputs, placed, options, description) {
    const rows = finalRowsOf(description);
    const found = finalCandidates(outputs, rows, options.scoreMin);
    const decoding = { placed, options, description };
    const { prototypes } = description.facts;
    if (prototypes === undefined) return found.detections(decoding, true);
    const data = floats(outputs, rows.output, [1, '*', rows.width]);
    return withMasks(found.kept(decoding, true), outputs, String(prototypes), placed, (row) =>
      data.subarray((row + 1) * rows.width - MASK_CHANNELS, (row + 1) * rows.width),
    );
  },
};

function rowsOf(model: ModelDescription): FinalRows | undefined {
  const { outputs } = model;
  const rest = outputs.filter(({ name }) => name !== prototypesOf(model));
  const [main] = rest;
  if (main === undefined || rest.length !== 1) return undefined;
  const width = main.dims.at(-1);
  if (main.dims.length === 2 && rest.length === outputs.length && width === 7 && !isFixed(main.dims[0]))
    return { output: main.name, ...(main.name.includes('flat_predictions') ? YOLO_NAS : YOLOV7) };
  if (main.dims.length !== 3 || !isFixed(width) || !areDetections(model, main)) return undefined;
  const masks = outputs.length - rest.length === 0 ? 0 : MASK_CHANNELS;
  const isPose = model.metadata['task'] === 'pose' && width > 6;
  return width === 6 + masks || isPose ? { output: main.name, width, ...ULTRALYTICS } : undefined;
}

function areDetections(model: ModelDescription, { dims: [batch, rows] }: TensorDescription): boolean {
  if (isFixed(batch) && batch !== 1) return false;
  return isFixed(rows) ? rows <= ROWS_MAX : picks(model);
}
