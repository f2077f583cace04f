import { describe, expect, it } from '@jest/globals';
import { foldsOf } from '../../src/classifiers/folds.js';
import { trainHead, type TrainingExample } from '../../src/classifiers/train-head.js';
import { classify, FEATURE_GROUPS, UNSURE, type ClassifierHead } from '../../src/models/index.js';

const LENGTH = FEATURE_GROUPS[0] + FEATURE_GROUPS[1];
/** Numbers that look like chance, the same each time. */
function noise(seed: number): () => number {
  let state = seed * 7919 + 13;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 1073741824 - 1;
  };
}
function features(label: number, seed: number, apart = 1): Float32Array {
  const next = noise(seed);
  return Float32Array.from({ length: LENGTH }, (_, i) => next() + (i % 3 === label ? apart : 0));
}
function examples(each: readonly number[], apart = 1): TrainingExample[] {
  return each.flatMap((count, label) =>
    Array.from({ length: count }, (_, i) => {
      const seed = label * 1000 + i;
      const variants = [features(label, seed, apart), features(label, seed + 500, apart)];
      return { label, clip: `day ${i % 4}`, track: `${label}-${i}`, variants };
    }),
  );
}
const options = { classes: ['van', 'car'], features: 'net@1', unsureBelow: 0.7, leastEach: 5 };

describe('examples that are set aside', () => {
  it('are whole clips where each class is of several, and whole tracks where one is of one clip alone', () => {
    const of = (clip: (i: number) => string) =>
      Array.from({ length: 20 }, (_, i) => ({ label: i % 2, clip: clip(i), track: `t${i >> 1}` }));
    const byClip = foldsOf(
      of((i) => `day ${i >> 2}`),
      2,
    )!;
    expect(byClip).toMatchObject({ by: 'clip', count: 5 });
    for (let i = 0; i < 20; i += 4) expect(new Set(byClip.of.slice(i, i + 4)).size).toBe(1);
    const byTrack = foldsOf(
      of(() => 'one day'),
      2,
    )!;
    expect(byTrack).toMatchObject({ by: 'track', count: 5 });
    for (let i = 0; i < 20; i += 2) expect(byTrack.of[i]).toBe(byTrack.of[i + 1]);
  });

  it('are none where all of a class are of one track', () => {
    const one = Array.from({ length: 10 }, (_, i) => ({
      label: i % 2,
      clip: 'c',
      track: i % 2 ? 'same' : `t${i}`,
    }));
    expect(foldsOf(one, 2)).toBeUndefined();
  });
});

describe('a head', () => {
  it('tells apart what differs, and is told to be right about examples that it had not seen', () => {
    const { head, report } = trainHead(examples([20, 20]), options);
    expect(report).toMatchObject({ examples: [20, 20], validation: { by: 'clip', folds: 4 } });
    expect(report.validation!.accuracy).toBeGreaterThan(0.95);
    const said = [0, 1].map((label) => classify(head, features(label, 777 + label), 0.7).value);
    expect(said).toEqual(['van', 'car']);
  });

  it('is no better than chance, and unsure, where nothing differs', () => {
    const { report } = trainHead(examples([30, 30], 0), options);
    expect(report.validation!.accuracy).toBeGreaterThan(0.25);
    expect(report.validation!.accuracy).toBeLessThan(0.75);
    expect(report.validation!.answered).toBeLessThan(0.5);
  });

  it('counts each example of the confusion matrix once', () => {
    const { report } = trainHead(examples([12, 20], 0.3), options);
    const rows = report.validation!.confusion.map((row) => row.reduce((a, b) => a + b, 0));
    expect(rows).toEqual([12, 20]);
    expect(report.validation!.confusion.every((row) => row.length === 3)).toBe(true);
  });

  it('makes no claim where nothing could be set aside', () => {
    const all = examples([6, 6]).map((example) => ({ ...example, clip: 'c', track: 'same' }));
    expect(trainHead(all, options).report.validation).toBeUndefined();
  });

  it.each([
    ['no examples', [0, 0]],
    ['one class', [20, 0]],
    ['too few of one', [20, 4]],
  ])('is refused with %s, and the numbers are named', (_name, each) => {
    expect(() => trainHead(examples(each), options)).toThrow(
      expect.objectContaining({
        code: 'classifier/too-few-examples',
        message: expect.stringContaining(`van ${each[0]}, car ${each[1]}`),
      }),
    );
  });

  it('leaves out examples whose features are not numbers', () => {
    const broken = { label: 0, clip: 'x', track: 'x', variants: [new Float32Array(LENGTH).fill(NaN)] };
    const { report, head } = trainHead([...examples([8, 8]), broken], options);
    expect(report.examples).toEqual([8, 8]);
    expect(head.weights.flat().every(Number.isFinite)).toBe(true);
  });
});

describe('an answer', () => {
  const { head } = trainHead(examples([20, 20]), options);

  it('is unsure, with no confidence, of what is not a number and of what is like nothing that was shown', () => {
    for (const strange of [new Float32Array(LENGTH).fill(NaN), new Float32Array(LENGTH).fill(60)])
      expect(classify(head, strange, 0.5)).toMatchObject({ value: UNSURE, confidence: 0 });
  });

  it('is unsure below the least probability', () => {
    const between = features(0, 1).map((value, i) => (value + features(1, 1)[i]!) / 2);
    const { confidence } = classify(head, between, 0);
    expect(confidence).toBeLessThan(1);
    expect(classify(head, between, confidence + 1e-6).value).toBe(UNSURE);
    expect(classify(head, between, confidence).value).not.toBe(UNSURE);
  });

  it('is less certain the higher the temperature is', () => {
    const at = (temperature: number) =>
      classify({ ...head, temperature } satisfies ClassifierHead, features(0, 42), 0).confidence;
    expect(at(4)).toBeLessThan(at(1));
  });
});
