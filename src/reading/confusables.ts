/** Characters that many typefaces of plates draw alike: they are one and the same where texts are compared. */
const SAME: readonly string[] = ['0O', '1I'];
/** Characters that are often taken for one another: half a difference. */
const ALIKE: readonly string[] = ['0ODQ', '2Z', '5S', '6G', '8B'];

/** Longer texts are compared by their beginnings: nobody watches for a page. */
const LENGTH_MAX = 256;

const canonical = new Map(
  SAME.flatMap((group) => [...group].map((character) => [character, group[0]!] as const)),
);
const alike = new Set(
  ALIKE.flatMap((group) => [...group].flatMap((a) => [...group].filter((b) => a !== b).map((b) => a + b))),
);

const folded = new Map(
  ALIKE.flatMap((group) => [...group].map((character) => [character, group[0]!] as const)),
);

/** A text as it is compared: capitals, letters and digits of any script alone, O as 0 and I as 1. */
export function comparable(text: string): string {
  const plain = text
    .slice(0, LENGTH_MAX)
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return [...plain].map((character) => canonical.get(character) ?? character).join('');
}

/**
 * How far two texts are apart: the edit distance (Levenshtein, 1965), in which O and 0, I and 1 are the same, a mistake of 0 D Q, 2 Z, 5 S,
 * 6 G or 8 B counts a half, and case, spaces and punctuation nothing. Only the first 256 characters are compared.
 *
 * @param limit the answer is not needed where it is above; any number above `limit` may be returned then
 */
export function textDistance(a: string, b: string, limit = Infinity): number {
  const [left, right] = [[...comparable(a)], [...comparable(b)]];
  if (Math.abs(left.length - right.length) > limit) return Infinity;
  let row = Array.from({ length: right.length + 1 }, (_, j) => j);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const changed = row[j - 1]! + changeCost(left[i - 1]!, right[j - 1]!);
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1));
    }
    if (Math.min(...next) > limit) return Infinity;
    row = next;
  }
  return row.at(-1)!;
}

/** The nearest of some texts, if one is within a distance; of equals the first. */
export function nearestText(
  text: string,
  texts: readonly string[],
  distanceMax: number,
): { readonly text: string; readonly distance: number } | undefined {
  let found: { readonly text: string; readonly distance: number } | undefined;
  for (const other of texts) {
    const distance = textDistance(text, other, found?.distance ?? distanceMax);
    if (distance <= distanceMax && distance < (found?.distance ?? Infinity))
      found = { text: other, distance };
  }
  return found;
}

/** A text as it is compared, with those characters as one that are often taken for one another: it differs from another's by whole differences alone. */
export function foldedText(text: string): string {
  return [...comparable(text)].map((character) => folded.get(character) ?? character).join('');
}

/**
 * Parts of a folded text, one of which every text within a distance has in its own (Wu and Manber, 1992): what is searched for before
 * distances are measured. Empty parts are in every text.
 */
export function partsWithin(text: string, distance: number): string[] {
  const characters = [...foldedText(text)];
  const count = Math.floor(distance) + 1;
  return Array.from({ length: count }, (_, part) => {
    const [from, to] = [part, part + 1].map((edge) => Math.floor((edge * characters.length) / count));
    return characters.slice(from, to).join('');
  });
}

function changeCost(a: string, b: string): number {
  if (a === b) return 0;
  return alike.has(a + b) ? 0.5 : 1;
}
