import { lineOf, type ReadLine } from './ctc.js';
import { decodeFreely, decodeTemplate, type PlateReading } from './plate-decode.js';
import { PLATE_CHARACTERS, type PlateLattice } from './plate-lattice.js';
import type { PlatePatterns } from './plate-patterns.js';

const LENGTH_MIN = 4;
const LENGTH_MAX = 11;
/** A template is tried where it is about as long as what is read without it. */
const LENGTH_SLACK = 1;
/** Beyond this a template is against all evidence: difference of log probabilities from the free reading. */
const FORCED_MAX = 8;
/** What it speaks for a reading that it fits a pattern, in log probability. */
const PATTERN_GAIN = 1.5;
/** A view that does not show a character at all is not to outvote all others. */
const VIEW_LOSS_MAX = 12;

/** A plate as several views of one line show it. */
export interface ChosenPlate {
  readonly line: ReadLine;
  readonly fitsPattern: boolean;
  /** Mean over the views of how much less likely it is than what each would read freely; 0 at best. */
  readonly loss: number;
}

/**
 * Reads a plate from several views of the same line (other crops and treatments): each view proposes its free reading and the best fit
 * of each template, and the one that all views together find likeliest is chosen.
 *
 * @param patterns none: free readings alone
 * @returns undefined where no view reads four to eleven characters
 */
export function choosePlate(
  views: readonly PlateLattice[],
  patterns?: PlatePatterns,
): ChosenPlate | undefined {
  const free = views.map((view) => decodeFreely(view));
  const proposals = new Map<string, boolean>();
  views.forEach((view, at) => propose(view, free[at]!, patterns, proposals));
  let best: { text: string; fitsPattern: boolean; loss: number } | undefined;
  for (const [text, fitsPattern] of proposals) {
    const template = [...text].map((character) => [PLATE_CHARACTERS.indexOf(character) + 1]);
    let loss = 0;
    views.forEach((view, at) => {
      const found = decodeTemplate(view, template)?.logProbability ?? -Infinity;
      loss += Math.min(VIEW_LOSS_MAX, free[at]!.logProbability - found) / views.length;
    });
    if (best === undefined || worth(fitsPattern, loss) > worth(best.fitsPattern, best.loss))
      best = { text, fitsPattern, loss };
  }
  return best && { line: meanLine(best.text, views), fitsPattern: best.fitsPattern, loss: best.loss };
}

function worth(fitsPattern: boolean, loss: number): number {
  return (fitsPattern ? PATTERN_GAIN : 0) - loss;
}

function propose(
  view: PlateLattice,
  free: PlateReading,
  patterns: PlatePatterns | undefined,
  proposals: Map<string, boolean>,
): void {
  const { text } = free.line;
  if (text.length >= LENGTH_MIN && text.length <= LENGTH_MAX && !proposals.has(text))
    proposals.set(text, false);
  for (const template of patterns?.templates ?? []) {
    if (Math.abs(template.length - text.length) > LENGTH_SLACK) continue;
    const found = decodeTemplate(view, template);
    if (found === undefined || free.logProbability - found.logProbability > FORCED_MAX) continue;
    if (patterns!.accepts(found.line.text)) proposals.set(found.line.text, true);
  }
}

/** The text with the mean of the confidences that the views have in each character. */
function meanLine(text: string, views: readonly PlateLattice[]): ReadLine {
  const template = [...text].map((character) => [PLATE_CHARACTERS.indexOf(character) + 1]);
  const lines = views.flatMap((view) => decodeTemplate(view, template)?.line ?? []);
  return lineOf(
    [...text].map((value, at) => ({
      value,
      confidence: lines.reduce((sum, line) => sum + (line.characters[at]?.confidence ?? 0), 0) / views.length,
    })),
  );
}
