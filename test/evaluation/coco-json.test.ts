import { describe, expect, it } from '@jest/globals';
import { readCocoResults, readCocoTruth } from '../../src/evaluation/index.js';

const truth = {
  images: [
    { id: 7, file_name: 'train/p7.jpg', width: 100, height: 80 },
    { id: 9, file_name: 'train/p9.jpg' },
  ],
  annotations: [
    { image_id: 7, category_id: 3, bbox: [10, 20, 30, 40], area: 900, iscrowd: 1 },
    { image_id: 9, category_id: 3, bbox: [0, 0, 5, 5] },
  ],
  categories: [{ id: 3, name: 'cat' }],
};
const json = (changes: object = {}) => JSON.stringify({ ...truth, ...changes });

describe('readCocoTruth', () => {
  it('reads images, sizes, crowds and areas', () => {
    const { images } = readCocoTruth(json());
    expect(images).toEqual([
      {
        id: 7,
        fileName: 'train/p7.jpg',
        size: { widthPx: 100, heightPx: 80 },
        objects: [{ label: 'cat', box: [10, 20, 40, 60], areaPx: 900, isCrowd: true }],
      },
      {
        id: 9,
        fileName: 'train/p9.jpg',
        objects: [{ label: 'cat', box: [0, 0, 5, 5], areaPx: 25, isCrowd: false }],
      },
    ]);
  });

  it.each([
    ['text that breaks off', '{\n"images": [1', /: line 2: /],
    ['text that is no JSON', '{\n"images": [}', /Unexpected token '}'/],
    ['a list', '[]', /expected object/],
    [
      'a box of three numbers',
      json({ annotations: [{ image_id: 7, category_id: 3, bbox: [1, 2, 3] }] }),
      /annotations\[0\]\.bbox/,
    ],
    [
      'a negative width',
      json({ annotations: [{ image_id: 7, category_id: 3, bbox: [1, 2, -3, 4] }] }),
      /annotations\[0\]\.bbox\[2\]/,
    ],
    [
      'an unknown image',
      json({ annotations: [{ image_id: 8, category_id: 3, bbox: [1, 2, 3, 4] }] }),
      /annotations\[0\]: there is no image 8/,
    ],
    [
      'an unknown category',
      json({ annotations: [{ image_id: 7, category_id: 4, bbox: [1, 2, 3, 4] }] }),
      /annotations\[0\]: there is no category 4/,
    ],
    [
      'an id that two images have',
      json({ images: [truth.images[0], truth.images[0]] }),
      /images\[1\]: there is an image 7 already/,
    ],
  ])('refuses %s in one line with its place', (_, text, message) => {
    expect(() => readCocoTruth(text)).toThrow(expect.objectContaining({ code: 'evaluation/invalid-truth' }));
    expect(() => readCocoTruth(text)).toThrow(message);
    expect(() => readCocoTruth(text)).not.toThrow(/\n/);
  });
});

describe('readCocoResults', () => {
  const read = (...rows: object[]) =>
    readCocoResults(
      JSON.stringify(rows.map((row) => ({ category_id: 3, bbox: [1, 2, 3, 4], score: 0.5, ...row }))),
      readCocoTruth(json()),
    );
  const found = [{ label: 'cat', score: 0.5, box: [1, 2, 4, 6] }];

  it('goes by file names where there are any, else by ids', () => {
    expect(read({ image_id: 9 }).detections).toEqual(new Map([[9, found]]));
    expect(read({ image_id: 9, file_name: 'p7.jpg' }).detections).toEqual(new Map([[7, found]]));
  });

  it('counts what belongs to no image and no category of the truth', () => {
    expect(
      read({ image_id: 8 }, { image_id: 9, file_name: 'p8.jpg' }, { image_id: 7, category_id: -1 }),
    ).toEqual({
      detections: new Map(),
      onOtherImages: 2,
      ofOtherCategories: new Map([[-1, 1]]),
    });
  });

  it('names what is wrong, and where', () => {
    expect(() => readCocoResults('[{"image_id":1}]', readCocoTruth(json()))).toThrow(/\[0\]\.category_id/);
  });
});
