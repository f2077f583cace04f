import { describe, expect, it } from '@jest/globals';
import { cocoResults, jsonlFrame } from '../../src/cli/analyze-writers.js';
import type { Analysis } from '../../src/engine/index.js';

const mask = { size: [37, 53], counts: '01Xm1' } as const;
const seen = { label: 'dog', score: 0.91, box: [0, 0, 1, 1] as const };

function frame(masks: { readonly mask?: typeof mask }) {
  const analysis = {
    ptsMs: 40,
    light: { regime: 'day', meanLuma: 0.5, normalised: false },
    health: { state: 'watching', faults: ['blocked'] },
    objects: [{ ...seen, track: 1, state: 'tracked', ...masks }],
    detections: [{ ...seen, ...masks }],
    changes: [],
  } as unknown as Analysis;
  return { index: 3, file: '7.jpg', analysis };
}

describe('what analyze writes', () => {
  it('has the masks of models that segment, and what is wrong with the camera', () => {
    expect(JSON.parse(jsonlFrame(frame({ mask })))).toMatchObject({ objects: [{ mask, box: [0, 0, 1, 1] }] });
    expect(JSON.parse(jsonlFrame(frame({})))).toMatchObject({ faults: ['blocked'] });
    expect(cocoResults(frame({ mask }), true)).toEqual([
      {
        image_id: 7,
        file_name: '7.jpg',
        category_id: 18,
        bbox: [0, 0, 1, 1],
        score: 0.91,
        segmentation: mask,
      },
    ]);
  });

  it('has no empty place for them with other models', () => {
    expect(jsonlFrame(frame({}))).not.toContain('mask');
    expect(JSON.stringify(cocoResults(frame({}), true))).not.toContain('segmentation');
  });
});
