import { describe, expect, it } from '@jest/globals';
import {
  evaluateDetections,
  readCocoResults,
  readCocoTruth,
  type LabelledImage,
} from '../../src/evaluation/index.js';
import type { Detection } from '../../src/geometry/index.js';
import { generator } from './made-up-detections.js';

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
    const metrics = evaluateDetections(truth.images, readCocoResults(made.results, truth).detections);
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

  it('counts equal scores in the order of image ids, whatever the order of the images', () => {
    const other: LabelledImage = { id: 2, fileName: '2.jpg', objects: [] };
    const box: Detection['box'] = [10, 10, 50, 50];
    const results = new Map([
      [1, [detection(box)]],
      [2, [detection(box)]],
    ]);
    expect(evaluateDetections([other, image], results).ap).toBe(1);
  });

  it('takes a difficult object as neither right nor wrong, found twice or missed', () => {
    const hard = { ...object, box: [110, 10, 150, 50], isDifficult: true } as const;
    const withHard: LabelledImage = { ...image, objects: [hard, object] };
    const onHard = [detection([110, 10, 150, 50], 0.95), detection([111, 10, 150, 50], 0.92)];
    const right = detection([10, 10, 50, 50]);
    for (const found of [[right], [...onHard, right]]) {
      const metrics = evaluateDetections([withHard], new Map([[1, found]]));
      expect(metrics).toMatchObject({ objects: 1, ap: 1, ar: 1, best: { precision: 1, recall: 1 } });
    }
    // A difficult object is no region: what lies in it without filling it is wrong.
    const small = evaluateDetections(
      [withHard],
      new Map([[1, [detection([115, 15, 125, 25], 0.95), right]]]),
    );
    expect(small.ap).toBeCloseTo(0.5);
  });

  it('names the score threshold with the best F1, which takes all of equal scores or none', () => {
    const objects = [0, 100, 200, 300].map((x) => ({ ...object, box: [x, 0, x + 40, 40] as const }));
    const at = (x: number, score: number) => detection([x, 0, x + 40, 40], score);
    const wrong = (score: number) => detection([500, 500, 540, 540], score);
    const found = [at(0, 0.9), at(100, 0.8), at(200, 0.5), wrong(0.5), wrong(0.5), wrong(0.5), at(300, 0.2)];
    const { labels, best } = evaluateDetections([{ ...image, objects }], new Map([[1, found]]));
    // Two right of two (F1 2/3), three right of six (0.6), four right of seven (8/11).
    expect(best).toEqual({ scoreMin: 0.2, precision: 4 / 7, recall: 1, f1: 8 / 11 });
    expect(labels[0]?.best).toEqual(best);
    const less = evaluateDetections([{ ...image, objects }], new Map([[1, found.slice(0, -1)]]));
    expect(less.best).toEqual({ scoreMin: 0.8, precision: 1, recall: 0.5, f1: 2 / 3 });
    expect(evaluateDetections([image], new Map([[1, [wrong(0.9)]]])).best).toBeUndefined();
  });
});
