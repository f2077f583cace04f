import type { CtcOutput } from './ctc.js';

/** What plates are made of: class `1 + index` of a {@link PlateLattice}. */
export const PLATE_CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

const CLASSES = PLATE_CHARACTERS.length + 1;
/** No character is taken for impossible: the network was not trained on plates. */
const PROBABILITY_MIN = 1e-5;

/** Log probabilities of a line over blank and the plate characters: `steps` rows of 37. */
export interface PlateLattice {
  readonly logs: Float32Array;
  readonly steps: number;
}

/** Which plate character, 1…36, each class of a recogniser stands for, capitals and small letters alike; 0 the blank, -1 none. */
export function plateClasses(alphabet: readonly string[]): Int8Array {
  return Int8Array.from(['', ...alphabet], (value, at) => {
    if (at === 0) return 0;
    const index = value.length === 1 ? PLATE_CHARACTERS.indexOf(value.toUpperCase()) : -1;
    return index < 0 ? -1 : index + 1;
  });
}

/** A line as a plate: what is no letter or digit counts as a gap. */
export function plateLattice({ probabilities, steps, classes }: CtcOutput, map: Int8Array): PlateLattice {
  const logs = new Float32Array(steps * CLASSES);
  for (let step = 0; step < steps; step++) {
    const row = logs.subarray(step * CLASSES, (step + 1) * CLASSES);
    for (let c = 0; c < classes; c++) {
      const probability = probabilities[step * classes + c]!;
      if (probability > 0) row[Math.max(0, map[c] ?? -1)]! += probability;
    }
    for (let c = 0; c < CLASSES; c++) row[c] = Math.log(Math.max(row[c]!, PROBABILITY_MIN));
  }
  return { logs, steps };
}
