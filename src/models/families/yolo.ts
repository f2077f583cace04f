import type { Detection, Letterbox } from '../../geometry/index.js';
import type { ModelDescription } from '../check-model.js';
import type { DetectOptions, DetectorDescription, DetectorInput, Tensors } from '../detector-spec.js';
import { collectRows, rowChannels, type BoxRows } from './box-rows.js';
import { Candidates } from './candidates.js';
import { classNames, namesIn } from './class-names.js';
import type { DetectorFamily } from './detector-family.js';
import { MASK_CHANNELS, withMasks } from './instance-masks.js';
import { isFixed, mayBe } from './shapes.js';
import { floats } from './tensors.js';
import { yoloInput } from './yolo-input.js';
import { has, hasCells } from './yolo-marks.js';

/** What the one output with boxes is like. */
interface Rows {
  readonly layout: BoxRows['layout'];
  readonly hasObjectness: boolean;
  readonly classes: number;
}

/**
 * YOLO exports without suppression: YOLOv8, 9, 11, 12 and their like as [1, 4 + C, N] (or that transposed), YOLOv5, v6 and v7 as
 * [1, N, 5 + C], boxes decoded to centre and size in input pixels, scores 0..1. With prototypes beside it, the models that
 * segment. Further outputs (the feature maps before decoding, keypoints) are not read.
 */
export const yolo: DetectorFamily = {
  name: 'yolo',
  signature:
    'in [1, 3, h, w], out [1, 4 + classes, cells] or [1, cells or 3 × cells, 5 + classes], for masks 32 channels more and [1, 32, h/4, w/4]',
  describe(model) {
    const input = yoloInput(model);
    const flat = model.outputs.filter(({ dims }) => dims.length === 3);
    const [main] = flat;
    // Boxes that are turned have an angle behind the class scores, which would read as a class.
    if (input === undefined || main === undefined || flat.length > 1 || model.metadata['task'] === 'obb')
      return undefined;
    const prototypes = prototypesOf(model);
    const rows = rowsOf(model, input, main.dims, prototypes === undefined ? 0 : MASK_CHANNELS);
    if (rows === undefined) return undefined;
    const { layout, hasObjectness, classes } = rows;
    return {
      family: 'yolo',
      input,
      classes: classNames(model.metadata, classes),
      constants: [],
      facts: {
        output: main.name,
        layout,
        hasObjectness,
        ...(prototypes === undefined ? {} : { prototypes }),
      },
    };
  },
  decode(outputs, placed, options, description) {
    const rows = boxRows(outputs, description);
    const found = new Candidates();
    collectRows(rows, options.scoreMin, found);
    return delivered(found, rows, outputs, { placed, options, description });
  },
};

/** The output with what masks are made of. */
export function prototypesOf({ outputs }: ModelDescription): string | undefined {
  return outputs.find(({ dims }) => mayBe(dims, [1, MASK_CHANNELS, '*', '*']) && dims[1] === MASK_CHANNELS)
    ?.name;
}

function rowsOf(
  model: ModelDescription,
  input: DetectorInput,
  [batch, second, third]: readonly (number | string)[],
  masks: number,
): Rows | undefined {
  if (isFixed(batch) && batch !== 1) return undefined;
  const { metadata } = model;
  const names = namesIn(metadata)?.length;
  // A pose model's keypoints follow its classes.
  const isPose = metadata['task'] === 'pose' && names !== undefined;
  if (isFixed(second) && second >= 5 + masks && hasCells(model, input, third, [1])) {
    const classes = isPose ? names : second - 4 - masks;
    return classes <= second - 4 ? { layout: 'columns', hasObjectness: false, classes } : undefined;
  }
  if (!isFixed(third) || third < 5 + masks || !hasCells(model, input, second, [1, 3])) return undefined;
  // Open, it needs one mark more: text readers and others have [1, steps, symbols] as well.
  if (!isFixed(second) && names === undefined && !has(model, 'Pow', 'Sub')) return undefined;
  const rest = third - 4 - masks;
  const hasObjectness = rest !== names && (rest !== 80 || names !== undefined);
  const classes = rest - (hasObjectness ? 1 : 0);
  return classes >= 1 ? { layout: 'rows', hasObjectness, classes } : undefined;
}

function boxRows(outputs: Tensors, { facts, classes }: DetectorDescription): BoxRows {
  const output = String(facts['output']);
  const data = floats(outputs, output, [1, '*', '*']);
  const [, second, third] = outputs[output]!.dims as [number, number, number];
  const layout = facts['layout'] === 'rows' ? 'rows' : 'columns';
  const [count, channels] = layout === 'rows' ? [second, third] : [third, second];
  const hasObjectness = facts['hasObjectness'] === true;
  return { data, count, channels, classes: classes.length, layout, hasObjectness };
}

function delivered(
  found: Candidates,
  rows: BoxRows,
  outputs: Tensors,
  decoding: {
    readonly placed: Letterbox;
    readonly options: DetectOptions;
    readonly description: DetectorDescription;
  },
): Detection[] {
  const { prototypes } = decoding.description.facts;
  if (prototypes === undefined) return found.detections(decoding);
  const first = (rows.hasObjectness ? 5 : 4) + rows.classes;
  return withMasks(found.kept(decoding), outputs, String(prototypes), decoding.placed, (row) =>
    rowChannels(rows, row, first, MASK_CHANNELS),
  );
}
