import type { Figure } from './figure.js';

const percent = (share: number) => `${(share * 100).toFixed(1)}\u202f%`;
const KINDS: Readonly<Record<Figure['kind'], string>> = { zone: 'Zone', line: 'Line' };

/** What the editor of zones and lines says. */
export const figureTexts = {
  title: 'Zones and lines',
  board: 'Zones and lines on the picture',
  figure: ({ kind, name }: Figure) => `${KINDS[kind]} ${name}`,
  corner: ({ kind, name, points }: Figure, at: number) => {
    const [x, y] = points[at]!;
    const what = kind === 'zone' ? `Corner ${at + 1}` : at === 0 ? 'Beginning' : 'End';
    return `${what} of ${name}, ${percent(x)} from the left, ${percent(y)} from the top`;
  },
  in: 'in',
  kind: (kind: Figure['kind']) => KINDS[kind],
  none: 'There are none yet. Rules need a zone or a line to tell what happens where.',
  addZone: 'Draw a zone',
  addLine: 'Draw a line',
  undo: 'Undo',
  redo: 'Redo',
  reverse: 'Reverse',
  remove: 'Remove',
  name: ({ kind, name }: Figure) => `Name of ${KINDS[kind].toLowerCase()} ${name}`,
  removeNamed: ({ name }: Figure) => `Remove ${name}`,
  reverseNamed: ({ name }: Figure) => `Reverse the direction of ${name}`,
  nameTwice: 'Another one has this name.',
  usedBy: (rules: readonly string[]) => `used by ${rules.join(', ')}`,
  unused: 'in no rule',
  saving: 'Saving',
  discard: 'Discard changes',
  saved: 'Saved, and in force.',
  unsaved: 'Not saved yet.',
  conflict: (clashes: readonly string[]) =>
    'Somebody else has changed the configuration meanwhile, and nothing was saved. What you drew is kept, and theirs is shown with it' +
    (clashes.length === 0
      ? ': look, and save again.'
      : `; of ${clashes.join(', ')} yours is shown. Look, and save again.`),
  removedMeanwhile: 'Somebody else has removed this camera meanwhile.',
  drawZone:
    'Click corner after corner; click the first one again, or press Enter, to finish. Backspace takes the last one back, Escape gives up. Enter at once puts a zone in the middle.',
  drawLine:
    'Click where the line begins and where it ends. Who crosses it from left to right, seen along it, goes in. Enter at once puts a line in the middle.',
  edit: 'Drag corners; a dot in the middle of a side becomes a new corner. Tab goes from corner to corner, arrows move one (with Shift further), Delete removes it. Alt while dragging: do not snap.',
} as const;
