import { describe, expect, it } from '@jest/globals';
import { byLexicon, lineOf, nearestText, textDistance, TextVote } from '../../src/reading/index.js';

// Text of other scripts than Latin, as characters: what is one to people may be several units of UTF-16.
const TEXTS = ['Выход 24', '出口 12', 'مخرج ٢٤', 'Έξοδος', '京A·12345', '𠮷野家', 'ไทย ๑๒'];
const line = (text: string, confidence = 0.9) => lineOf([...text].map((value) => ({ value, confidence })));

describe.each(TEXTS)('text of another script, %s', (text) => {
  it('is itself, and no other', () => {
    expect(textDistance(text, text)).toBe(0);
    expect(textDistance(text, 'EXIT 24')).toBeGreaterThan(0);
    expect(nearestText(text, [...TEXTS, 'EXIT'], 0)?.text).toBe(text);
  });

  it('is voted for character by character', () => {
    const vote = new TextVote();
    const [first] = text;
    vote.add(line(text));
    vote.add(line(text.replace(first!, 'x'), 0.3));
    vote.add(line(text));
    expect(vote.result()?.text).toBe(text);
    expect(vote.result()?.characters).toHaveLength([...text].length);
  });

  it('is found in a lexicon, and left as it was read where it is in none', () => {
    expect(byLexicon(line(text), ['EXIT', text]).text).toBe(text);
    expect(byLexicon(line(text), ['EXIT', 'HARBOUR']).text).toBe(text);
    expect(byLexicon(line(text), []).text).toBe(text);
  });
});
