import type { ConstantInput } from '../detector-spec.js';
import type { DetectorFamily } from './detector-family.js';
import { classesByFamily } from './numbering.js';
import { decodePicked, pickedFacts, pickedOutputs } from './picked.js';
import { isPicture, mayBeOrUnknown, stretchedInput, UNIT_RANGE } from './pictures.js';

const TRAINED_PX = 640;
const SIZE_TYPES: Readonly<Record<string, ConstantInput['type']>> = {
  int64: 'int64',
  int32: 'int32',
  float: 'float32',
};

/**
 * RT-DETR (Zhao et al., 2023), its successors and D-FINE, as their own exporters write them: the picture is stretched, 0..1, and a
 * second input says to which width and height the boxes are to be scaled, for which it gets the input's own.
 */
export const rtDetr: DetectorFamily = {
  name: 'rt-detr',
  signature:
    'in images float [1, 3, h, w], orig_target_sizes int64 [1, 2], out labels int64 [1, n], boxes [1, n, 4], scores [1, n]',
  describe({ inputs, outputs, metadata }) {
    const picture = inputs.find(isPicture);
    const other = inputs.find((input) => input !== picture);
    const picked = pickedOutputs(outputs, true);
    if (picture === undefined || picked === undefined || inputs.length > 2) return undefined;
    // Without the second input only the names tell it from others that give their boxes as shares.
    const sizeType = other === undefined ? undefined : SIZE_TYPES[other.type];
    const isOurs =
      other === undefined
        ? picked.boxes === 'boxes' && picked.labels === 'labels' && picked.scores === 'scores'
        : sizeType !== undefined && mayBeOrUnknown(other.dims, [1, 2]);
    const input = { ...stretchedInput(picture, TRAINED_PX), ...UNIT_RANGE };
    if (!isOurs || input.size === 'dynamic') return undefined;
    const { widthPx, heightPx } = input.size;
    const classes = classesByFamily(metadata, 'from-zero');
    return {
      family: 'rt-detr',
      input,
      classes: classes.classes,
      constants:
        other === undefined || sizeType === undefined
          ? []
          : [{ name: other.name, type: sizeType, dims: [1, 2], values: [widthPx, heightPx] }],
      facts: pickedFacts(picked, { corners: 'xyxy', unit: 'pixels' }, classes),
    };
  },
  decode: decodePicked,
};
