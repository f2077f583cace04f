import type { DetectorFamily } from './detector-family.js';
import { classesByCount, namedCount } from './numbering.js';
import { fixedLength, IMAGENET, isPicture, stretchedInput } from './pictures.js';
import { decodeQueries } from './queries.js';
import { mayBe } from './shapes.js';

const TRAINED_PX = 560;

/**
 * RF-DETR (Roboflow, 2025) as its own exporter writes it, with masks where the model segments. A column's number is the id of
 * COCO's category where there are 91; a model trained on other classes has one column more than classes.
 */
export const rfDetr: DetectorFamily = {
  name: 'rf-detr',
  signature:
    'in input float [1, 3, h, w], out dets [1, n, 4], labels float [1, n, columns], perhaps masks [1, n, h/4, w/4]',
  describe({ inputs, outputs, metadata }) {
    const named = (wanted: string) =>
      outputs.find(({ name, type }) => name === wanted && type.startsWith('float'));
    const [picture, dets, labels, masks] = [inputs[0], named('dets'), named('labels'), named('masks')];
    if (picture === undefined || dets === undefined || labels === undefined || inputs.length > 1)
      return undefined;
    if (!isPicture(picture) || !mayBe(dets.dims, [1, '*', 4]) || !mayBe(labels.dims, [1, '*', '*']))
      return undefined;
    const columns = fixedLength(labels.dims[2]);
    if (columns === undefined || (masks !== undefined && !mayBe(masks.dims, [1, '*', '*', '*'])))
      return undefined;
    const isCoco = columns === 91;
    const classes = classesByCount(metadata, isCoco ? columns : columns - 1);
    return {
      family: 'rf-detr',
      input: { ...stretchedInput(picture, TRAINED_PX), ...IMAGENET },
      classes: classes.classes,
      constants: [],
      facts: {
        boxes: dets.name,
        scores: labels.name,
        ...(masks === undefined ? {} : { masks: masks.name }),
        activation: 'sigmoid',
        classColumns: Math.min(columns, namedCount(metadata) ?? (isCoco ? columns : columns - 1)),
        numbering: classes.numbering,
      },
    };
  },
  decode: decodeQueries,
};
