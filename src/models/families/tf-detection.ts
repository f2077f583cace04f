import type { TensorDescription } from '../check-model.js';
import type { DetectorInput } from '../detector-spec.js';
import { defaultInput, inputSize, type DetectorFamily } from './detector-family.js';
import { classesByFamily } from './numbering.js';
import { decodePicked, pickedFacts } from './picked.js';
import { mayBeOrUnknown } from './pictures.js';

/**
 * Models of the TensorFlow Object Detection API (SSD with MobileNet or MobileDet, EfficientDet, Faster and Mask R-CNN), converted
 * whole: they take bytes, scale them themselves, and number COCO's categories by their ids. Names may have `:0` or a scope.
 */
export const tfDetection: DetectorFamily = {
  name: 'tf-detection',
  signature:
    'in image_tensor or input_tensor uint8 [1, h, w, 3], out detection_boxes [1, n, 4], detection_classes [1, n], detection_scores [1, n]',
  describe({ inputs, outputs, metadata }) {
    const named = (name: string) => outputs.find((output) => plainName(output) === name);
    const [picture, boxes, labels, scores, masks] = [
      inputs[0],
      named('detection_boxes'),
      named('detection_classes'),
      named('detection_scores'),
      named('detection_masks'),
    ];
    if (picture === undefined || boxes === undefined || labels === undefined || scores === undefined)
      return undefined;
    const isOurs =
      inputs.length === 1 &&
      ['uint8', 'float', 'float16'].includes(picture.type) &&
      mayBeOrUnknown(picture.dims, [1, '*', '*', 3]) &&
      mayBeOrUnknown(boxes.dims, [1, '*', 4]);
    if (!isOurs) return undefined;
    const classes = classesByFamily(metadata, 'coco-ids');
    // Masks over the boxes; older models have a grid for every class, and five axes.
    const maskName = masks?.dims.length === 4 ? { masks: masks.name } : {};
    return {
      family: 'tf-detection',
      input: inputOf(picture),
      classes: classes.classes,
      constants: [],
      facts: pickedFacts(
        { boxes: boxes.name, labels: labels.name, scores: scores.name, ...maskName },
        { corners: 'yxyx', unit: 'shares' },
        classes,
      ),
    };
  },
  decode: decodePicked,
};

/** An open size keeps the source's aspect, and the model brings it to its own; a fixed one is that own, which is stretched. */
function inputOf(picture: TensorDescription): DetectorInput {
  return {
    ...defaultInput(picture),
    layout: 'nhwc',
    size: inputSize(picture, 'nhwc'),
    stridePx: 2,
    fit: 'stretch',
  };
}

function plainName({ name }: TensorDescription): string {
  return name.replace(/:\d+$/, '').replace(/^.*\//, '');
}
