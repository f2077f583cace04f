import { describe, expect, it } from '@jest/globals';
import { maskArea } from '../../../src/geometry/index.js';
import { detectAll, exported, recognised, type Layout } from './exported.js';

const SOURCE = { widthPx: 200, heightPx: 100 };

describe('tf-detection', () => {
  const outputs: Layout['outputs'] = {
    detection_boxes: { shape: [1, 3, 4], values: [0.1, 0.2, 0.5, 0.6, 0, 0, 1, 1, 0, 0, 0, 0] },
    detection_classes: { shape: [1, 3], values: [18, 12, 1] },
    detection_scores: { shape: [1, 3], values: [0.75, 0.5, 0] },
    num_detections: { shape: [1], values: [2] },
  };
  const named = (change: (name: string) => string) =>
    Object.fromEntries(Object.entries(outputs).map(([name, output]) => [change(name), output]));

  it('reads bytes in, boxes with y first as shares out, and ids of COCO', async () => {
    const model = exported({ inputs: { input_tensor: ['uint8', [1, 'h', 'w', 3]] }, outputs });
    expect(recognised(model)).toMatchObject({
      family: 'tf-detection',
      input: { dtype: 'uint8', layout: 'nhwc', order: 'rgb', size: 'dynamic' },
    });
    const [found] = await detectAll(model, SOURCE);
    expect(found).toEqual([
      { label: 'dog', score: 0.75, box: [40, 10, 120, 50].map((v) => expect.closeTo(v, 3)) },
    ]);
  });

  it('stretches the picture over a fixed input, and knows the older names', async () => {
    const model = exported({
      inputs: { 'image_tensor:0': ['uint8', [1, 320, 320, 3]] },
      outputs: named((name) => `${name}:0`),
    });
    expect(recognised(model).input).toMatchObject({ size: { widthPx: 320, heightPx: 320 }, fit: 'stretch' });
    const [found] = await detectAll(model, SOURCE);
    expect(found![0]!.box).toEqual([40, 10, 120, 50].map((v) => expect.closeTo(v, 3)));
    const scoped = exported({
      inputs: { inputs: ['uint8', ['unk__1', 'unk__2', 'unk__3', 3]] },
      outputs: named((name) => `Postprocessor/${name}`),
    });
    expect(recognised(scoped).family).toBe('tf-detection');
  });

  it('does not mind the raw outputs of TF 2, and delivers the masks of Mask R-CNN', async () => {
    const model = exported({
      inputs: { input_tensor: ['uint8', [1, 'h', 'w', 3]] },
      outputs: {
        ...outputs,
        detection_anchor_indices: { shape: [1, 3], values: [0, 1, 2] },
        raw_detection_scores: { shape: [1, 9, 91], values: new Array<number>(819).fill(0) },
        detection_masks: { shape: [1, 3, 33, 33], values: new Array<number>(3 * 33 * 33).fill(0.9) },
      },
    });
    const [[found] = []] = await detectAll(model, SOURCE);
    expect(maskArea(found!.mask!)).toBe(80 * 40);
  });
});

describe('ssd', () => {
  it('reads SSD of the ONNX zoo: shares of a stretched 1200×1200, 80 classes from 1', async () => {
    const model = exported({
      inputs: { image: ['float32', [1, 3, 1200, 1200]] },
      outputs: {
        bboxes: { shape: [1, 2, 4], values: [0.25, 0.5, 0.5, 1, 0, 0, 1, 1], dims: [1, 'nbox', 4] },
        labels: { shape: [1, 2], values: [1, 80], type: 'int64', dims: [1, 'nbox'] },
        scores: { shape: [1, 2], values: [0.75, 0.5], dims: [1, 'nbox'] },
      },
    });
    expect(recognised(model)).toMatchObject({
      family: 'ssd',
      input: { fit: 'stretch', std: [58.395, 57.12, 57.375].map((v) => expect.closeTo(v, 3)) },
    });
    const [found] = await detectAll(model, SOURCE);
    expect(found).toEqual([
      { label: 'person', score: 0.75, box: [50, 50, 100, 100] },
      { label: 'toothbrush', score: 0.5, box: [0, 0, 200, 100] },
    ]);
  });
});
