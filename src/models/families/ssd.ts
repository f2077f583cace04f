import type { DetectorFamily } from './detector-family.js';
import { classesByFamily } from './numbering.js';
import { decodePicked, pickedFacts, pickedOutputs } from './picked.js';
import { IMAGENET, isPicture, stretchedInput } from './pictures.js';

const TRAINED_PX = 1200;

/**
 * SSD (Liu et al., 2016) of MLPerf and the ONNX model zoo, with ResNet-34: boxes are shares of a stretched input, classes are COCO's 80
 * numbered from 1.
 */
export const ssd: DetectorFamily = {
  name: 'ssd',
  signature: 'in image float [1, 3, h, w], out bboxes [1, n, 4], labels int64 [1, n], scores [1, n]',
  describe({ inputs, outputs, metadata }) {
    const picture = inputs[0];
    const picked = pickedOutputs(outputs, true);
    if (picture === undefined || !isPicture(picture) || inputs.length > 1 || picked?.boxes !== 'bboxes')
      return undefined;
    const classes = classesByFamily(metadata, 'from-one');
    return {
      family: 'ssd',
      input: { ...stretchedInput(picture, TRAINED_PX), ...IMAGENET },
      classes: classes.classes,
      constants: [],
      facts: pickedFacts(picked, { corners: 'xyxy', unit: 'shares' }, classes),
    };
  },
  decode: decodePicked,
};
