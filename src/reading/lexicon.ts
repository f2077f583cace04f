import { lineOf, type ReadLine } from './ctc.js';
import { comparable, nearestText } from './confusables.js';

/** Of a word's length, how much of it may be read wrongly. */
const DISTANCE_SHARE = 0.25;

/**
 * A line as the nearest word of a lexicon, if a quarter of its characters or fewer differ (confusable ones count a half); else as it was
 * read. Confidence falls with the distance.
 */
export function byLexicon(line: ReadLine, lexicon: readonly string[]): ReadLine {
  const length = comparable(line.text).length;
  const found = length === 0 ? undefined : nearestText(line.text, lexicon, DISTANCE_SHARE * length);
  if (found === undefined) return line;
  const confidence = line.confidence * (1 - found.distance / length);
  return lineOf([...found.text].map((value) => ({ value, confidence })));
}
