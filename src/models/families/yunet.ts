import { Candidates } from './candidates.js';
import { defaultInput, inputSize, type DetectorFamily } from './detector-family.js';
import { levelsOf, mayBe, pictureInput } from './shapes.js';
import { floats } from './tensors.js';
import { STRIDES_PX } from './yolo-marks.js';

/** Numbers of a cell in each of the outputs. */
const CHANNELS = { cls: 1, obj: 1, bbox: 4 };

/**
 * YuNet (Wu et al., 2023), faces: for each of the strides 8, 16 and 32 `cls_8` and `obj_8` [1, cells, 1], whose geometric mean is the
 * score, and `bbox_8` [1, cells, 4]; the five points of `kps_8` are not read. BGR 0..255, in the top left corner of a black border.
 */
export const yunet: DetectorFamily = {
  name: 'yunet',
  signature: 'in [1, 3, h, w], out cls_8, obj_8 [1, cells, 1], bbox_8 [1, cells, 4], the same of 16 and 32',
  describe(model) {
    const picture = pictureInput(model);
    const isYunet = STRIDES_PX.every((stridePx) =>
      Object.entries(CHANNELS).every(([name, channels]) =>
        model.outputs.some(
          (output) => output.name === `${name}_${stridePx}` && mayBe(output.dims, [1, '*', channels]),
        ),
      ),
    );
    if (picture === undefined || model.inputs.length !== 1 || !isYunet) return undefined;
    const size = inputSize(picture, 'nchw');
    return {
      family: 'yunet',
      input: {
        ...defaultInput(picture),
        order: 'bgr',
        size,
        stridePx: 32,
        anchor: 'top-left',
        border: 0,
      },
      classes: ['face'],
      constants: [],
      facts: {},
    };
  },
  decode(outputs, placed, options, description) {
    const found = new Candidates();
    for (const { stridePx, columns, rows, first } of levelsOf(placed.input, STRIDES_PX)) {
      const cells = columns * rows;
      const classScores = floats(outputs, `cls_${stridePx}`, [1, cells, 1]);
      const objectness = floats(outputs, `obj_${stridePx}`, [1, cells, 1]);
      const boxes = floats(outputs, `bbox_${stridePx}`, [1, cells, 4]);
      for (let cell = 0; cell < cells; cell++) {
        const score = Math.sqrt(classScores[cell]! * objectness[cell]!);
        if (!(score >= options.scoreMin)) continue;
        const at = cell * 4;
        const cx = ((cell % columns) + boxes[at]!) * stridePx;
        const cy = (Math.floor(cell / columns) + boxes[at + 1]!) * stridePx;
        const halfWidth = (Math.exp(boxes[at + 2]!) * stridePx) / 2;
        const halfHeight = (Math.exp(boxes[at + 3]!) * stridePx) / 2;
        found.add(first + cell, 0, score, cx - halfWidth, cy - halfHeight, cx + halfWidth, cy + halfHeight);
      }
    }
    return found.detections({ placed, options, description });
  },
};
