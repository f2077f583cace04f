import { describe, expect, it } from '@jest/globals';
import { DOMParser, onErrorStopParsing } from '@xmldom/xmldom';
import {
  evaluateDetections,
  precisionRecallPicture,
  type LabelledImage,
} from '../../src/evaluation/index.js';

const box = (at: number) => [at * 50, 0, at * 50 + 40, 40] as const;

/** One object per label, each found. */
function pictureOf(labels: readonly string[]): { svg: string; text: string[]; lines: number } {
  const image: LabelledImage = {
    id: 1,
    fileName: '1.jpg',
    objects: labels.map((label, at) => ({ label, box: box(at), areaPx: 1600, isCrowd: false })),
  };
  const found = new Map([[1, labels.map((label, at) => ({ label, box: box(at), score: 0.5 }))]]);
  const svg = precisionRecallPicture(evaluateDetections([image], found), 'A title');
  const document = new DOMParser({ onError: onErrorStopParsing }).parseFromString(svg, 'text/xml');
  return {
    svg,
    text: [...document.getElementsByTagName('text')].map((element) => element.textContent ?? ''),
    lines: document.getElementsByTagName('polyline').length,
  };
}

describe('precisionRecallPicture', () => {
  it('draws the means and every label, and names those with the most objects', () => {
    const labels = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'h'];
    const { text, lines } = pictureOf(labels);
    expect(lines).toBe(2 + 8);
    expect(text).toEqual(
      expect.arrayContaining(['A title', 'mean, IoU .50: AP 1.000', 'h: AP50 1.000', '2 other labels']),
    );
    expect(text).not.toContain('g: AP50 1.000');
  });

  it('draws nothing but axes where there is no object', () => {
    expect(pictureOf([])).toMatchObject({ lines: 0 });
  });

  it('takes a label for text, whatever is in it', () => {
    expect(pictureOf(['<b>&"x"']).text).toContain('<b>&"x": AP50 1.000');
  });
});
