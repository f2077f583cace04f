import { AppError } from '../../base/index.js';
import type { Letterbox } from '../../geometry/index.js';
import type { Tensors } from '../detector-spec.js';
import { Candidates, sigmoid, toLogit } from './candidates.js';
import { classNames } from './class-names.js';
import type { DetectorFamily } from './detector-family.js';
import { isFixed, mayBe } from './shapes.js';
import { floats } from './tensors.js';
import { yoloInput } from './yolo-input.js';
import { has, STRIDES_PX } from './yolo-marks.js';

/** Three widths and heights for each stride, input pixels, of YOLOv5 and YOLOv7-tiny. */
const ANCHORS_V5 = [
  [10, 13, 16, 30, 33, 23],
  [30, 61, 62, 45, 59, 119],
  [116, 90, 156, 198, 373, 326],
] as const;
/** Of YOLOv7. */
const ANCHORS_V7 = [
  [12, 16, 19, 36, 40, 28],
  [36, 75, 76, 55, 72, 146],
  [142, 110, 192, 243, 459, 401],
] as const;

interface Head {
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  readonly stridePx: number;
  readonly anchors: readonly number[];
}

/**
 * YOLOv5 and v7 exported without decoding (YOLOv7's export without `--grid`): a feature map for each of the strides 8, 16 and 32,
 * [1, 3, h, w, 5 + C] of logits. Anchors are not in the file: they are the published defaults, YOLOv5's where the model names
 * itself in the metadata as YOLOv5 does or has the leaky activations of YOLOv7-tiny, else YOLOv7's. Models with anchors of their
 * own, or with a fourth stride, must be exported decoded.
 */
export const yoloHeads: DetectorFamily = {
  name: 'yolo-heads',
  signature: 'in [1, 3, h, w], out three of [1, 3, h/stride, w/stride, 5 + classes]',
  describe(model) {
    const input = yoloInput(model);
    const channels = model.outputs[0]?.dims[4];
    if (input === undefined || model.outputs.length !== STRIDES_PX.length) return undefined;
    if (!isFixed(channels) || channels < 6) return undefined;
    if (!model.outputs.every(({ dims }) => mayBe(dims, [1, 3, '*', '*', channels]))) return undefined;
    const isV5 = 'names' in model.metadata || 'stride' in model.metadata || has(model, 'LeakyRelu');
    return {
      family: 'yolo-heads',
      input,
      classes: classNames(model.metadata, channels - 5),
      constants: [],
      facts: {
        ...Object.fromEntries(model.outputs.map(({ name }, index) => [`output ${index}`, name])),
        anchors: isV5 ? 'yolov5' : 'yolov7',
      },
    };
  },
  decode(outputs, placed, options, description) {
    const { facts, classes } = description;
    const anchors = facts['anchors'] === 'yolov5' ? ANCHORS_V5 : ANCHORS_V7;
    const found = new Candidates();
    STRIDES_PX.forEach((_, index) => {
      const head = headOf(outputs, String(facts[`output ${index}`]), placed, classes.length + 5, anchors);
      collectHead(head, options.scoreMin, found);
    });
    return found.detections({ placed, options, description });
  },
};

function headOf(
  outputs: Tensors,
  name: string,
  placed: Letterbox,
  channels: number,
  anchors: readonly (readonly number[])[],
): Head {
  const data = floats(outputs, name, [1, 3, '*', '*', channels]);
  const [, , rows, columns] = outputs[name]!.dims as [number, number, number, number];
  const level = STRIDES_PX.findIndex((stridePx) => Math.ceil(placed.input.heightPx / stridePx) === rows);
  const stridePx = STRIDES_PX[level];
  if (stridePx === undefined)
    throw new AppError(
      'model/output-shape',
      'internal',
      `Output "${name}" has ${rows} rows, which is none of the strides ${STRIDES_PX.join(', ')} of ${placed.input.heightPx} px.`,
    );
  return { data, rows, columns, channels, stridePx, anchors: anchors[level]! };
}

function collectHead(head: Head, scoreMin: number, found: Candidates): void {
  const { data, rows, columns, channels, stridePx, anchors } = head;
  const logitMin = toLogit(scoreMin);
  for (let row = 0; row < 3 * rows * columns; row++) {
    const at = row * channels;
    if (!(data[at + 4]! >= logitMin)) continue;
    const objectness = sigmoid(data[at + 4]!);
    const anchor = Math.floor(row / (rows * columns)) * 2;
    const cell = row % (rows * columns);
    for (let channel = 5; channel < channels; channel++) {
      const score = objectness * sigmoid(data[at + channel]!);
      if (!(score >= scoreMin)) continue;
      const [x, y, w, h] = [0, 1, 2, 3].map((side) => 2 * sigmoid(data[at + side]!)) as [
        number,
        number,
        number,
        number,
      ];
      const cx = (x - 0.5 + (cell % columns)) * stridePx;
      const cy = (y - 0.5 + Math.floor(cell / columns)) * stridePx;
      const halfWidth = (w * w * anchors[anchor]!) / 2;
      const halfHeight = (h * h * anchors[anchor + 1]!) / 2;
      found.add(row, channel - 5, score, cx - halfWidth, cy - halfHeight, cx + halfWidth, cy + halfHeight);
    }
  }
}
