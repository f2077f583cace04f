import { lineOf, type ReadCharacter, type ReadLine } from './ctc.js';
import { PLATE_CHARACTERS, type PlateLattice } from './plate-lattice.js';

const CLASSES = PLATE_CHARACTERS.length + 1;

/** A reading and the log probability of its best path. */
export interface PlateReading {
  readonly line: ReadLine;
  readonly logProbability: number;
}

/** The classes that each place of a plate may have, 1…36. */
export type PlateTemplate = readonly (readonly number[])[];

/** The best path without any constraint. */
export function decodeFreely({ logs, steps }: PlateLattice): PlateReading {
  const characters: { value: string; confidence: number }[] = [];
  let logProbability = 0;
  let before = 0;
  for (let step = 0; step < steps; step++) {
    const row = step * CLASSES;
    let best = 0;
    for (let c = 1; c < CLASSES; c++) if (logs[row + c]! > logs[row + best]!) best = c;
    logProbability += logs[row + best]!;
    const confidence = Math.min(1, Math.exp(logs[row + best]!));
    if (best !== 0 && best === before) {
      const last = characters.at(-1)!;
      last.confidence = Math.max(last.confidence, confidence);
    } else if (best !== 0) characters.push({ value: PLATE_CHARACTERS[best - 1]!, confidence });
    before = best;
  }
  return { line: lineOf(characters), logProbability };
}

/**
 * The best path (Viterbi) among those that spell a plate of the template; undefined where the line has too few steps for one.
 *
 * Each place has a state for each of its characters and one for the gap before it. A character may follow another at once unless it is
 * the same, as CTC has it.
 */
export function decodeTemplate(
  { logs, steps }: PlateLattice,
  template: PlateTemplate,
): PlateReading | undefined {
  const places = template.length;
  if (places === 0 || steps < places) return undefined;
  const width = CLASSES;
  const states = (places + 1) * width;
  // State (place, 0): the gap after `place` characters. State (place, c): within the character at `place` - 1, which is c.
  let scores = new Float64Array(states).fill(-Infinity);
  let next = new Float64Array(states);
  const from = new Int16Array(steps * states).fill(-1);
  for (let step = 0; step < steps; step++) {
    const row = step * width;
    next.fill(-Infinity);
    for (let place = 0; place <= places; place++) {
      const at = place * width;
      const gap = step === 0 ? (place === 0 ? at : -1) : best(scores, at, -1, template[place - 1]);
      if (gap >= 0) {
        next[at] = (step === 0 ? 0 : scores[gap]!) + logs[row]!;
        from[step * states + at] = gap;
      }
      if (place === 0) continue;
      for (const c of template[place - 1]!) {
        const source =
          step === 0
            ? place === 1
              ? 0
              : -1
            : better(scores, at + c, best(scores, at - width, c, template[place - 2]));
        if (source < 0) continue;
        next[at + c] = (step === 0 ? 0 : scores[source]!) + logs[row + c]!;
        from[step * states + at + c] = source;
      }
    }
    [scores, next] = [next, scores];
  }
  const end = best(scores, places * width, -1, template[places - 1]);
  if (end < 0) return undefined;
  return { line: lineOf(trace(logs, from, steps, states, end)), logProbability: scores[end]! };
}

/** The best of a place's states but for character `except`; -1 where none can be reached. */
function best(
  scores: Float64Array,
  at: number,
  except: number,
  allowed: readonly number[] | undefined,
): number {
  let found = scores[at]! > -Infinity ? at : -1;
  for (const c of allowed ?? []) if (c !== except) found = better(scores, at + c, found);
  return found;
}

function better(scores: Float64Array, a: number, b: number): number {
  if (scores[a]! === -Infinity) return b;
  return b < 0 || scores[a]! > scores[b]! ? a : b;
}

function trace(
  logs: Float32Array,
  from: Int16Array,
  steps: number,
  states: number,
  end: number,
): ReadCharacter[] {
  const characters: { value: string; confidence: number }[] = [];
  let state = end;
  let last = -1;
  for (let step = steps - 1; step >= 0; step--) {
    const c = state % CLASSES;
    if (c !== 0) {
      const confidence = Math.min(1, Math.exp(logs[step * CLASSES + c]!));
      if (state === last) characters[0]!.confidence = Math.max(characters[0]!.confidence, confidence);
      else characters.unshift({ value: PLATE_CHARACTERS[c - 1]!, confidence });
    }
    last = state;
    state = from[step * states + state]!;
  }
  return characters;
}
