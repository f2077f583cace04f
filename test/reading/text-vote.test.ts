import { describe, expect, it } from '@jest/globals';
import { byLexicon, lineOf, nearestText, textDistance, TextVote } from '../../src/reading/index.js';

const line = (text: string, confidence = 0.9) => lineOf([...text].map((value) => ({ value, confidence })));

describe('a vote over readings', () => {
  it('is the plate that no single reading had', () => {
    const vote = new TextVote();
    for (const read of ['RK099AM', 'RK0g9AN', 'PK099AN', 'RK099AN1', 'K099AN']) vote.add(line(read));
    expect(vote.result()?.text).toBe('RK099AN');
    expect(vote.count).toBe(5);
  });

  it('follows confidence, not numbers alone', () => {
    const vote = new TextVote();
    vote.add(line('AB1', 0.3));
    vote.add(line('AB1', 0.3));
    vote.add(line('AB7', 0.9));
    expect(vote.result()?.text).toBe('AB7');
  });

  it('gets surer as readings agree', () => {
    const vote = new TextVote();
    vote.add(line('AB1'));
    vote.add(line('AB7'));
    const before = vote.result()!.confidence;
    vote.add(line('AB1'));
    vote.add(line('AB1'));
    expect(vote.result()!.confidence).toBeGreaterThan(before);
  });

  it('takes characters that earlier readings had missed', () => {
    const vote = new TextVote();
    for (const read of ['781601', 'L781601', 'L781601']) vote.add(line(read));
    expect(vote.result()?.text).toBe('L781601');
  });

  it('keeps characters that most have seen, unsure as all may be', () => {
    const vote = new TextVote();
    for (const read of ['VW4X4WP', 'VW4X4WP', '4X4WP', 'VW4X4WP', 'H4X4HP']) vote.add(line(read, 0.6));
    expect(vote.result()?.text).toBe('VW4X4WP');
  });

  it('ignores empty readings, and is none without any', () => {
    const vote = new TextVote();
    vote.add(line(''));
    vote.add(line('AB'), 0);
    expect(vote.result()).toBeUndefined();
  });

  it('tells a line of 10,000 characters as it came', () => {
    const vote = new TextVote();
    vote.add(line('x'.repeat(10_000)));
    vote.add(line('y'.repeat(10_000)));
    expect(vote.result()?.text).toBe('x'.repeat(10_000));
  });
});

describe('the distance of two texts', () => {
  it.each([
    ['RK 099-AN', 'rkO99an', 0],
    ['B0123', 'BOI23', 0],
    ['8AB', 'BAB', 0.5],
    ['5D0', 'SDQ', 1],
    ['ABC', 'ABCD', 1],
    ['', 'AB', 2],
    ['京A12345', '京A12346', 1],
  ])('of %p and %p is %p', (a, b, distance) => {
    expect(textDistance(a, b)).toBe(distance);
    expect(textDistance(b, a)).toBe(distance);
  });

  it('is not reckoned on when it is above the limit, nor for more than 256 characters', () => {
    expect(textDistance('AAAAAA', 'BCCCCC', 1)).toBeGreaterThan(1);
    expect(textDistance('z'.repeat(10_000), 'z'.repeat(256))).toBe(0);
  });

  it('finds the nearest of a list', () => {
    expect(nearestText('RK09BAN', ['LM010BE', 'RK098AN', 'RK099AN'], 1)).toEqual({
      text: 'RK098AN',
      distance: 0.5,
    });
    expect(nearestText('RK09BAN', ['LM010BE'], 1)).toBeUndefined();
    expect(nearestText('A', [], 1)).toBeUndefined();
  });

  it('puts words of a lexicon right', () => {
    expect(byLexicon(line('CHARTE8'), ['CHARTER', 'PLATES']).text).toBe('CHARTER');
    expect(byLexicon(line('CAT'), ['CHARTER']).text).toBe('CAT');
    expect(byLexicon(line(''), ['CHARTER']).text).toBe('');
  });
});
