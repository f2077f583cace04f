import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkModel, recogniseDetector } from '../../src/models/index.js';
import { GraphBuilder } from '../../src/models/onnx/graph-builder.js';
import { sharedDir } from '../support/shared-data.js';
import { tinyModel } from './tiny-model.js';

/** A model with CenterNet's inputs and outputs, and nothing behind them. */
function shaped(height: number | string, width: number | string, classes = 80): Uint8Array {
  const builder = new GraphBuilder();
  builder.input('image', 'float32', [1, 3, height, width]);
  const outputs = { logits: [1, 'h', 'w', classes], best: [1, 'h', 'w'], wh: [1, 'h', 'w', 4] };
  for (const [name, dims] of Object.entries(outputs)) {
    builder.node('Cast', ['image'], { to: { int: 1 } }, name);
    builder.output(name, dims);
  }
  return builder.build('shaped');
}

describe('recogniseDetector', () => {
  it('finds CenterNet with open and with fixed size', () => {
    const open = recogniseDetector(checkModel(shaped('height', 'width')));
    expect(open).toMatchObject({
      family: 'centernet',
      input: { size: 'dynamic', stridePx: 32, dtype: 'float32', layout: 'nchw' },
    });
    expect(open.classes).toHaveLength(80);
    const fixed = recogniseDetector(checkModel(shaped(288, 512)));
    expect(fixed.input.size).toEqual({ widthPx: 512, heightPx: 288 });
  });

  it.each([
    ['other outputs', tinyModel({}), 'pixels float [1, height, width, 3]'],
    ['other channels', tinyModel({ inputDims: [1, 64, 64, 1] }), 'image uint8 [1, 64, 64, 1]'],
    ['another number of classes', shaped('height', 'width', 20), 'logits float [1, h, w, 20]'],
  ])('refuses %s, saying what it got, and what it expected of a family that was named', (_, bytes, got) => {
    expect(() => recogniseDetector(checkModel(bytes))).toThrow(
      expect.objectContaining({
        code: 'model/shape',
        message: expect.stringMatching(/no detector that Sightline knows: .*docs\/models\.md.* Got: /),
      }),
    );
    expect(() => recogniseDetector(checkModel(bytes))).toThrow(got);
    expect(() => recogniseDetector(checkModel(bytes), 'centernet')).toThrow(
      /This is no centernet\. Expected in image float .* Got: /,
    );
  });

  const modelDir = path.join(sharedDir, 'models');
  (existsSync(modelDir) ? it : it.skip)(
    'takes each real detector for what it is, and nothing else for one',
    () => {
      const families = readdirSync(modelDir)
        .filter((name) => name.endsWith('.onnx'))
        .map((name) => {
          const model = checkModel(readFileSync(path.join(modelDir, name)));
          try {
            return [name, recogniseDetector(model).family];
          } catch {
            return [name, 'none'];
          }
        });
      expect(Object.fromEntries(families.filter(([, family]) => family !== 'none'))).toEqual({
        'agpl_yolov8n_int8.onnx': 'yolo',
        'hpc203_mnet_plate_det.onnx': 'retinaface',
        'nanodet_m_416.onnx': 'nanodet',
        'yolox_nano_416x416.onnx': 'yolox',
        'yunet_n_dynamic.onnx': 'yunet',
      });
    },
  );
});
