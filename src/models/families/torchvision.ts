import type { ModelDescription, TensorDescription } from '../check-model.js';
import type { DetectorDescription, DetectorInput } from '../detector-spec.js';
import { defaultInput, inputSize, type DetectorFamily } from './detector-family.js';
import { classesByFamily, type Numbering } from './numbering.js';
import { decodePicked, pickedFacts, pickedOutputs } from './picked.js';
import { isPicture, UNIT_RANGE } from './pictures.js';
import { mayBe } from './shapes.js';

/** Means of Caffe's ResNet, of blue, green and red. */
const CAFFE = { mean: [102.9801, 115.9465, 122.7717], std: [1, 1, 1] } as const;
const BENCHMARK_STRIDE_PX = 32;

/**
 * Detectors of torchvision (Faster and Mask R-CNN, RetinaNet, FCOS, SSD), exported with all their own scaling: a picture 0..1 of any
 * size goes in, boxes in its pixels come out, as many as there are, with COCO's category ids. Outputs may have any names.
 */
export const torchvision: DetectorFamily = {
  name: 'torchvision',
  signature:
    'in float [3, h, w] or [1, 3, h, w], out boxes [n, 4], labels int64 [n], scores [n], perhaps masks [n, 1, h, w]',
  describe(model) {
    const picture = model.inputs[0];
    if (picture === undefined || (!isPlain(picture) && !isPicture(picture))) return undefined;
    return described(model, 'torchvision', { ...inputOf(picture), stridePx: 2, ...UNIT_RANGE }, 'coco-ids');
  },
  decode: decodePicked,
};

/**
 * Faster and Mask R-CNN of maskrcnn-benchmark, as the ONNX model zoo has them: bytes in the order blue, green, red without their mean, sides
 * in multiples of 32, COCO's 80 classes numbered from 1. Told from torchvision's by their input `image` and numbers for output names.
 */
export const maskrcnnBenchmark: DetectorFamily = {
  name: 'maskrcnn-benchmark',
  signature:
    'in image float [3, h, w], out boxes [n, 4], labels int64 [n], scores [n], perhaps masks [n, 1, 28, 28]',
  describe(model) {
    const picture = model.inputs[0];
    const isOurs =
      picture?.name === 'image' && isPlain(picture) && model.outputs.every(({ name }) => /^\d+$/.test(name));
    if (!isOurs) return undefined;
    const input = { ...inputOf(picture), stridePx: BENCHMARK_STRIDE_PX, order: 'bgr' as const, ...CAFFE };
    return described(model, 'maskrcnn-benchmark', input, 'from-one');
  },
  decode: decodePicked,
};

function described(
  { inputs, outputs, metadata }: ModelDescription,
  family: string,
  input: DetectorInput,
  numbering: Numbering,
): DetectorDescription | undefined {
  const picked = pickedOutputs(outputs, false);
  if (picked === undefined || inputs.length > 1) return undefined;
  const classes = classesByFamily(metadata, numbering);
  return {
    family,
    input,
    classes: classes.classes,
    constants: [],
    facts: pickedFacts(picked, { corners: 'xyxy', unit: 'pixels' }, classes),
  };
}

/** Padding goes to the right and below, as these models themselves pad. */
function inputOf(picture: TensorDescription): DetectorInput {
  const layout = picture.dims.length === 3 ? 'chw' : 'nchw';
  return {
    ...defaultInput(picture),
    layout,
    size: inputSize(picture, layout),
    stridePx: 2,
    anchor: 'top-left',
  };
}

/** Whether a tensor may be a picture by itself, not in a batch. */
function isPlain({ dims, type }: TensorDescription): boolean {
  return type.startsWith('float') && mayBe(dims, [3, '*', '*']);
}
