import type { ModelDescription } from '../check-model.js';
import type { DetectorInput, PerChannel } from '../detector-spec.js';
import { defaultInput, inputSize } from './detector-family.js';
import { pictureInput } from './shapes.js';

const BYTE_RANGE: PerChannel = [255, 255, 255];
/** The coarsest feature map of all but the largest models; a multiple of it serves models with less. */
const STRIDE_PX = 32;
const STRIDE_PX_MAX = 128;

/** The input of YOLO models of most makers: one picture, RGB 0..1, in the middle of a border of grey 114. */
export function yoloInput(model: ModelDescription): DetectorInput | undefined {
  const picture = pictureInput(model);
  if (picture === undefined || model.inputs.length !== 1) return undefined;
  return {
    ...defaultInput(picture),
    std: BYTE_RANGE,
    size: inputSize(picture, 'nchw'),
    stridePx: statedStride(model.metadata),
  };
}

/** The coarsest stride that the metadata names: `32`, or a list of all. */
function statedStride({ stride = '' }: Readonly<Record<string, string>>): number {
  const strides = (stride.match(/\d{1,3}/g) ?? []).map(Number);
  const coarsest = Math.max(STRIDE_PX, ...strides);
  return coarsest <= STRIDE_PX_MAX && coarsest % 2 === 0 ? coarsest : STRIDE_PX;
}
