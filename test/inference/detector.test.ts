import { describe, expect, it } from '@jest/globals';
import { Detector } from '../../src/inference/detector.js';
import { checkModel, prepareDetector, recogniseDetector } from '../../src/models/index.js';
import { GraphBuilder } from '../../src/models/onnx/graph-builder.js';
import { greyJob } from './pictures.js';

const SIZE = { widthPx: 64, heightPx: 64 };

/** A YOLO export with suppression that finds three boxes in a bright picture and none in a dark one. */
function varying(): Uint8Array {
  const builder = new GraphBuilder();
  builder.input('images', 'float32', [1, 3, 64, 64]);
  const mean = builder.node('GlobalAveragePool', ['images']);
  const flat = builder.node('Reshape', [mean, builder.int64s([3])]);
  const isBright = builder.node('Greater', [flat, builder.floats([1], Float32Array.of(0.5))]);
  const rows = [0, 1, 2].flatMap((label) => [0, 10, 10, 40, 40, label, 0.9]);
  const all = builder.floats([3, 7], Float32Array.from(rows));
  builder.node('Compress', [all, isBright], { axis: { int: 0 } }, 'output');
  builder.output('output', ['n', 7]);
  return builder.build('varying');
}

describe('Detector', () => {
  it('runs models whose outputs are as long as what they found, picture after picture', async () => {
    const bytes = varying();
    const description = recogniseDetector(checkModel(bytes));
    const detector = await Detector.open(prepareDetector(bytes, description), description, {
      provider: 'cpu',
      isRequired: true,
    });
    const counts: number[] = [];
    for (const luma of [16, 235, 235, 16, 235]) {
      const job = greyJob(SIZE);
      new Uint8Array(job.memory, 0, 64 * 64).fill(luma);
      counts.push((await detector.detect(job)).detections.length);
    }
    expect(counts).toEqual([0, 3, 3, 0, 3]);
  });
});
