import { describe, expect, it } from '@jest/globals';
import {
  evaluateDetections,
  readCocoResults,
  readCocoTruth,
  type LabelledImage,
} from '../../src/evaluation/index.js';
import type { Detection } from '../../src/geometry/index.js';

/** Pseudo-random numbers 0..1 that are the same on every machine (Park and Miller's generator). */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/**
 * A made-up set with everything that matters: objects of all sizes, crowds, misses, false alarms, duplicates, equal scores and more
 * than 100 detections in an image. In COCO's two formats, for pycocotools to read.
 */
function madeUp(): { truth: string; results: string } {
  const random = generator(2026);
  const round = (value: number) => Math.round(value * 100) / 100;
  const annotations: object[] = [];
  const results: object[] = [];
  for (let image = 1; image <= 12; image++) {
    for (let i = 0; i < 14; i++) {
      const size = [12, 50, 160][i % 3]! * (0.6 + random());
      const bbox = [random() * 400, random() * 300, size, size * (0.5 + random())].map(round);
      const category = 1 + Math.floor(random() * 3);
      const area = round(bbox[2]! * bbox[3]! * 0.8);
      annotations.push({
        id: annotations.length + 1,
        image_id: image,
        category_id: category,
        bbox,
        area,
        iscrowd: random() < 0.08 ? 1 : 0,
      });
      const copies = image === 1 ? 12 : Math.floor(random() * 3);
      for (let copy = 0; copy < copies; copy++) {
        const moved = bbox.map((value, at) =>
          round(value + (random() - 0.5) * size * (at < 2 ? 0.15 : 0.25)),
        );
        results.push({
          image_id: image,
          category_id: random() < 0.9 ? category : 1 + Math.floor(random() * 3),
          bbox: moved,
          score: Math.round(random() * 50) / 50,
        });
      }
    }
  }
  const images = Array.from({ length: 12 }, (_, i) => ({ id: i + 1, file_name: `${i + 1}.jpg` }));
  const categories = ['cat', 'dog', 'eel'].map((name, i) => ({ id: i + 1, name }));
  return { truth: JSON.stringify({ images, annotations, categories }), results: JSON.stringify(results) };
}

describe('evaluateDetections', () => {
  it('gives the numbers of pycocotools on a set with crowds, duplicates, ties and more than 100 detections', () => {
    const made = madeUp();
    const truth = readCocoTruth(made.truth);
    const { labels: _, ...metrics } = evaluateDetections(
      truth.images,
      readCocoResults(made.results, truth.labels),
    );
    // pycocotools 2.0.11, COCOeval(…, 'bbox').stats on the same two files.
    const expected = {
      ap: 0.2496880898101663,
      ap50: 0.411023321449833,
      ap75: 0.2516242013728397,
      apSmall: 0.22855743077433208,
      apMedium: 0.24798361537339295,
      apLarge: 0.33295423541775804,
      ar: 0.4475257898130238,
    };
    for (const [name, value] of Object.entries(expected))
      expect({ [name]: metrics[name as keyof typeof expected] }).toEqual({
        [name]: expect.closeTo(value, 6),
      });
  });

  const object = { label: 'cat', box: [10, 10, 50, 50], areaPx: 1600, isCrowd: false } as const;
  const image: LabelledImage = { id: 1, fileName: '1.jpg', objects: [object] };
  const detection = (box: Detection['box'], score = 0.9): Detection => ({ label: 'cat', score, box });

  it('gives 1 for the truth itself, in its own size class only', () => {
    const metrics = evaluateDetections([image], new Map([[1, [detection([10, 10, 50, 50])]]]));
    expect(metrics).toMatchObject({
      ap: 1,
      ap50: 1,
      ap75: 1,
      apSmall: NaN,
      apMedium: 1,
      apLarge: NaN,
      ar: 1,
    });
  });

  it('gives 0 when nothing is found, and counts a detection on an unlabelled image against it', () => {
    expect(evaluateDetections([image], new Map()).ap).toBe(0);
    const empty: LabelledImage = { id: 2, fileName: '2.jpg', objects: [] };
    const results = new Map([
      [1, [detection([10, 10, 50, 50], 0.5)]],
      [2, [detection([10, 10, 50, 50], 0.9)]],
    ]);
    expect(evaluateDetections([image, empty], results).ap50).toBeCloseTo(0.5);
  });

  it('names what is wrong with a results file', () => {
    expect(() => readCocoResults('[{"image_id":1}]', new Map())).toThrow(/category_id/);
    expect(() => readCocoTruth('nonsense')).toThrow(
      expect.objectContaining({ code: 'evaluation/invalid-truth' }),
    );
  });
});
