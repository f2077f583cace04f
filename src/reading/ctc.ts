/** A character of a line, and how sure it is. */
export interface ReadCharacter {
  readonly value: string;
  /** 0..1 */
  readonly confidence: number;
}

/** What stands in a line. */
export interface ReadLine {
  readonly text: string;
  /** Mean of the characters', 0..1; 0 for an empty line. */
  readonly confidence: number;
  readonly characters: readonly ReadCharacter[];
}

/** Probabilities of a line: `steps` rows of `classes`, class 0 the blank. */
export interface CtcOutput {
  readonly probabilities: Float32Array;
  readonly steps: number;
  readonly classes: number;
}

/**
 * Reads the likeliest class of each step, leaves out blanks and repetitions (best-path decoding; Graves et al., 2006).
 *
 * @param alphabet the characters of classes 1, 2, …; a class beyond it is left out
 */
export function readCtc({ probabilities, steps, classes }: CtcOutput, alphabet: readonly string[]): ReadLine {
  const characters: { value: string; confidence: number }[] = [];
  let before = 0;
  for (let step = 0, at = 0; step < steps; step++, at += classes) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (probabilities[at + c]! > probabilities[at + best]!) best = c;
    const value = alphabet[best - 1];
    const confidence = probabilities[at + best]!;
    if (best === before && best !== 0) {
      const last = characters.at(-1);
      if (last !== undefined && value !== undefined) last.confidence = Math.max(last.confidence, confidence);
    } else if (value !== undefined && confidence > 0) characters.push({ value, confidence });
    before = best;
  }
  return lineOf(characters);
}

/** A line of characters, spaces at its ends left out. */
export function lineOf(all: readonly ReadCharacter[]): ReadLine {
  const isInk = ({ value }: ReadCharacter) => value.trim() !== '';
  const characters = all.slice(Math.max(0, all.findIndex(isInk)), all.findLastIndex(isInk) + 1);
  const sum = characters.reduce((total, { confidence }) => total + confidence, 0);
  return {
    text: characters.map(({ value }) => value).join(''),
    confidence: characters.length === 0 ? 0 : sum / characters.length,
    characters,
  };
}
