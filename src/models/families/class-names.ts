import { COCO_CLASSES } from '../coco-classes.js';
import { VOC_CLASSES } from '../voc-classes.js';

/** Names longer than this are cut: they stand in every message. */
export const NAME_LENGTH_MAX = 64;
const ENTRY = /\s*(?:["']?(\d{1,6})["']?\s*:)?\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(,|$)/suy;
const ESCAPE = /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|(.))/gisu;

/** The labels of a model with `count` classes: its own, where its metadata names as many, else {@link usualNames}. */
export function classNames(metadata: Readonly<Record<string, string>>, count: number): readonly string[] {
  const own = namesIn(metadata);
  return own?.length === count ? own : usualNames(count);
}

/** Names for so many classes where a model names none: COCO's for 80, Pascal VOC's for 20, else `class 0`, `class 1`, … */
export function usualNames(count: number): readonly string[] {
  const known = [COCO_CLASSES, VOC_CLASSES].find(({ length }) => length === count);
  return known ?? Array.from({ length: count }, (_, index) => `class ${index}`);
}

/**
 * The class names of the metadata property `names`, as Ultralytics writes it: a dict or list as Python prints it
 * (`{0: 'person', 1: "driver's cab"}`), or JSON. Undefined when there is none, or it is not wholly that.
 */
export function namesIn(metadata: Readonly<Record<string, string>>): readonly string[] | undefined {
  const text = metadata['names']?.trim() ?? '';
  if (!/^(?:\{.*\}|\[.*\])$/su.test(text)) return undefined;
  const inner = text.slice(1, -1).trim();
  const names: string[] = [];
  for (ENTRY.lastIndex = 0; ENTRY.lastIndex < inner.length;) {
    const entry = ENTRY.exec(inner);
    if (entry === null) return undefined;
    const [, key, single, double] = entry;
    const index = key === undefined ? names.length : Number(key);
    // Indices come in order from 0: a gap would give labels to the wrong classes.
    if (index !== names.length || (key === undefined) !== (text[0] === '[')) return undefined;
    names.push(unescape(single ?? double ?? '').slice(0, NAME_LENGTH_MAX) || `class ${index}`);
  }
  return names.length === 0 ? undefined : names;
}

/** What a quoted string means, control characters left out. */
function unescape(quoted: string): string {
  const plain = quoted.replace(ESCAPE, (_, byte?: string, short?: string, long?: string, other?: string) => {
    if (other !== undefined) return other === 'n' || other === 't' ? ' ' : other;
    const point = parseInt(byte ?? short ?? long ?? '', 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : '';
  });
  return plain.replace(/\p{Cc}/gu, '').trim();
}
