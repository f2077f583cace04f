/**
 * Edits between two names: insertions, deletions, substitutions and swaps of neighbours
 * (Damerau-Levenshtein, optimal string alignment), ignoring case.
 */
function editDistance(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const substitution = last[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      let best = Math.min(substitution, last[column]! + 1, current[column - 1]! + 1);
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (row > 1 && column > 1 && swapped) best = Math.min(best, beforeLast[column - 2]! + 1);
      current.push(best);
    }
    [beforeLast, last] = [last, current];
  }
  return last[to.length]!;
}

/** The known name that `name` was probably meant to be, or undefined when none is near (half of it wrong, or more). */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let fewestEdits = Infinity;
  for (const candidate of known) {
    const lengthGap = Math.abs(candidate.length - name.length);
    if (lengthGap >= fewestEdits || lengthGap > candidate.length / 2) continue;
    const edits = editDistance(name, candidate);
    if (edits < fewestEdits && edits < Math.max(name.length, candidate.length) / 2) {
      [nearest, fewestEdits] = [candidate, edits];
    }
  }
  return nearest;
}
