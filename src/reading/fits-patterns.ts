import { PLATE_CHARACTERS } from './plate-lattice.js';
import type { PlatePatterns } from './plate-patterns.js';

/** Whether a text is as one of the patterns wants it; undefined where these want nothing. */
export function fitsPatterns(text: string, { templates, accepts }: PlatePatterns): boolean | undefined {
  if (templates.length === 0) return undefined;
  const classes = [...text].map((character) => PLATE_CHARACTERS.indexOf(character) + 1);
  const fits = templates.some(
    (template) =>
      template.length === classes.length && template.every((place, at) => place.includes(classes[at]!)),
  );
  return fits && accepts(text);
}
