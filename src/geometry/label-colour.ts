/** On each of these, black text has a contrast of at least 7:1. They differ for colour-blind eyes, too. */
const COLOURS = [
  '#5cc8ff',
  '#ffb454',
  '#7ee787',
  '#ff9ecb',
  '#d2b6ff',
  '#f5e663',
  '#5eead4',
  '#ffa58c',
] as const;
/** What a camera mostly sees gets colours that are far apart. */
const USUAL: Readonly<Record<string, (typeof COLOURS)[number]>> = {
  person: COLOURS[0],
  car: COLOURS[1],
  truck: COLOURS[7],
  bus: COLOURS[5],
  bicycle: COLOURS[2],
  motorcycle: COLOURS[4],
  dog: COLOURS[3],
  cat: COLOURS[6],
};

/** The colour of a label's boxes: always the same for one label. */
export function labelColour(label: string): string {
  const usual = Object.hasOwn(USUAL, label) ? USUAL[label] : undefined;
  if (usual !== undefined) return usual;
  let hash = 0;
  for (const character of label) hash = (hash * 31 + character.codePointAt(0)!) >>> 0;
  return COLOURS[hash % COLOURS.length]!;
}
