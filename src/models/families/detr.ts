import type { ModelDescription, TensorDescription } from '../check-model.js';
import type { ConstantInput, DetectorInput } from '../detector-spec.js';
import type { DetectorFamily } from './detector-family.js';
import { classesByCount, namedCount } from './numbering.js';
import { fixedLength, IMAGENET, isPicture, planeInput, stretchedInput, UNIT_RANGE } from './pictures.js';
import { decodeQueries } from './queries.js';
import { mayBe } from './shapes.js';

/** COCO's categories by id, and one column for no object: what DETR was published with. */
const DETR_COLUMNS = 92;
/** The same without that column: Deformable and Conditional DETR, RF-DETR. */
const COCO_ID_COLUMNS = 91;
/** DETR and its kin have so many queries at most; those that score each class by itself have 300. */
const SOFTMAX_QUERIES_MAX = 125;
const RT_DETR_PX = 640;
const RF_DETR_PX = 560;
/** Size of a mask whose own is open: the network scales it to its feature map. */
const MASK_SIDE = 64;
const MASK_TYPES: Readonly<Record<string, ConstantInput['type']>> = {
  int64: 'int64',
  int32: 'int32',
  float: 'float32',
};

/**
 * Detection transformers with the outputs of Hugging Face's library: DETR, YOLOS, Conditional and Deformable DETR, Table Transformer,
 * RT-DETR, D-FINE, RF-DETR.
 *
 * Scores are a softmax with a last column for no object when the metadata names one class fewer than there are columns; without
 * names, when there are 92 columns, or at most 125 queries and another number than 80 or 91. Else each class has its sigmoid.
 *
 * Pictures are 0..1 and stretched for RT-DETR and D-FINE: sigmoid, no mask, not COCO's 91 ids, an open input or one of 640×640. RF-DETR
 * is stretched too, all others keep their aspect; and all but those two take ImageNet's mean and deviation.
 */
export const detr: DetectorFamily = {
  name: 'detr',
  signature:
    'in pixel_values float [1, 3, h, w] and perhaps pixel_mask int64 [1, h, w], out logits [1, n, columns], pred_boxes [1, n, 4]',
  describe(model) {
    const picture = model.inputs.find(isPicture);
    const mask = model.inputs.find((input) => input !== picture);
    const logits = model.outputs.find(({ name }) => /^(pred_)?logits$/.test(name));
    const boxes = model.outputs.find(({ name }) => name === 'pred_boxes');
    if (picture === undefined || logits === undefined || boxes === undefined) return undefined;
    const constants = mask === undefined ? [] : maskOf(mask);
    const isOurs = mayBe(logits.dims, [1, '*', '*']) && mayBe(boxes.dims, [1, '*', 4]);
    if (!isOurs || constants === undefined || model.inputs.length > 2) return undefined;
    const columns = fixedLength(logits.dims[2]) ?? openColumns(model, mask);
    const isSoftmax = hasNoObject(model, columns, fixedLength(logits.dims[1]));
    const classes = classesByCount(model.metadata, columns - (isSoftmax ? 1 : 0));
    return {
      family: 'detr',
      input: inputOf(picture, columns, isSoftmax || mask !== undefined),
      classes: classes.classes,
      constants,
      facts: {
        boxes: boxes.name,
        scores: logits.name,
        activation: isSoftmax ? 'softmax' : 'sigmoid',
        classColumns: columns - (isSoftmax ? 1 : 0),
        numbering: classes.numbering,
      },
    };
  },
  decode: decodeQueries,
};

/** A mask of the picture's own pixels: all of them. Undefined for an input that is none. */
function maskOf({ name, type, dims }: TensorDescription): ConstantInput[] | undefined {
  const maskType = MASK_TYPES[type];
  if (maskType === undefined || !mayBe(dims, [1, '*', '*'])) return undefined;
  const [height, width] = [fixedLength(dims[1]) ?? MASK_SIDE, fixedLength(dims[2]) ?? MASK_SIDE];
  return [
    { name, type: maskType, dims: [1, height, width], values: new Array<number>(height * width).fill(1) },
  ];
}

function openColumns({ metadata }: ModelDescription, mask: TensorDescription | undefined): number {
  const named = namedCount(metadata);
  if (mask !== undefined) return named === undefined ? DETR_COLUMNS : named + 1;
  return named ?? 80;
}

function hasNoObject({ metadata }: ModelDescription, columns: number, queries: number | undefined): boolean {
  const named = namedCount(metadata);
  if (named === columns || named === columns - 1) return named === columns - 1;
  if (columns === DETR_COLUMNS || columns === COCO_ID_COLUMNS || columns === 80)
    return columns === DETR_COLUMNS;
  return queries !== undefined && queries <= SOFTMAX_QUERIES_MAX;
}

function inputOf(picture: TensorDescription, columns: number, keepsAspect: boolean): DetectorInput {
  if (keepsAspect) return { ...planeInput(picture, 2), ...IMAGENET, anchor: 'top-left' };
  const { size } = planeInput(picture, 2);
  const isRtDetr =
    columns !== COCO_ID_COLUMNS &&
    (size === 'dynamic' || (size.widthPx === RT_DETR_PX && size.heightPx === RT_DETR_PX));
  if (isRtDetr) return { ...stretchedInput(picture, RT_DETR_PX), ...UNIT_RANGE };
  return { ...stretchedInput(picture, RF_DETR_PX), ...IMAGENET };
}
