import { AppError } from '../base/index.js';
import { isContainerNumber } from './container-number.js';
import type { PlateTemplate } from './plate-decode.js';
import { PLATE_CHARACTERS } from './plate-lattice.js';

/**
 * Plates by country: L a letter, D a digit, A either, small letters those letters themselves (`u` is U), `{1,4}` how often. From the
 * registration systems as published, the commonest series alone, without their rules on which letters are used where.
 */
const COUNTRY_PATTERNS: Readonly<Record<string, readonly string[]>> = {
  at: ['L{1,2}D{3,5}L{1,2}'],
  be: ['DLLLDDD', 'LLLDDD'],
  br: ['LLLDDDD', 'LLLDLDD'],
  ch: ['LLD{3,6}'],
  cz: ['DLDDDDD', 'LLLDDDD', 'LLDDDDD'],
  de: ['L{2,5}D{1,4}'],
  dk: ['LLDDDDD'],
  es: ['DDDDLLL'],
  fr: ['LLDDDLL', 'DDDDLLDD', 'DDDLLLDD'],
  gb: ['LLDDLLL', 'LDDDLLL', 'LLLDDDL'],
  hu: ['LLLDDD', 'LLLLDDD'],
  it: ['LLDDDLL'],
  nl: ['DDLLLD', 'LLDDDL', 'LDDDLL', 'LLLDDL', 'DDLLDD', 'LLDDLL', 'DLLDDD', 'DLLLDD'],
  pl: ['LLDDDDD', 'LLLDDDD', 'LLDDDDL', 'LLLDDDL', 'LLLLDDD', 'LLLDDLL'],
  pt: ['LLDDLL', 'DDLLDD', 'DDDDLL', 'LLDDDD'],
  ro: ['LLDDLLL', 'LDDDLLL'],
  se: ['LLLDDD', 'LLLDDL'],
  sk: ['LLDDDLL'],
  us: [
    ...[
      'LLLDDDD',
      'LLLDDD',
      'DLLLDDD',
      'LLDLDL',
      'DDDLLL',
      'LDDDDDD',
      'DDDDLLL',
      'DDDDDLL',
      'LLDDDDD',
      'LLDDDD',
    ],
    ...[
      'LLDDLL',
      'LDDLLL',
      'DDLLDD',
      'LLLDDL',
      'LDDDDLL',
      'DDDDDLD',
      'DDDLLDD',
      'DLDDDDD',
      'DDLDDDD',
      'DDDLDDD',
    ],
  ],
};

/** Sets of countries by one name. */
const UNIONS: Readonly<Record<string, readonly string[]>> = {
  eu: Object.keys(COUNTRY_PATTERNS).filter((country) => !['br', 'us'].includes(country)),
};

/** Owner code, category U, J or Z, serial number and check digit. */
const CONTAINER = ['LLLuDDDDDDD', 'LLLjDDDDDDD', 'LLLzDDDDDDD'];

/** Templates of one pattern at most: a bound for what a configuration may ask for. */
const TEMPLATES_MAX = 200;
const LENGTH_MAX = 16;

/** What a reading must look like to be sure of it. */
export interface PlatePatterns {
  readonly names: readonly string[];
  readonly templates: readonly PlateTemplate[];
  /** Checks that templates cannot express, such as check digits. */
  readonly accepts: (text: string) => boolean;
}

/** Names that {@link platePatterns} knows. */
export const PATTERN_NAMES: readonly string[] = [
  ...Object.keys(COUNTRY_PATTERNS),
  ...Object.keys(UNIONS),
  'any',
  'container',
].sort();

/**
 * Patterns by name of a country (`de`, `us`), of a union (`eu`), `any` (no pattern at all), `container` (ISO 6346, with its check digit), or written out, as
 * `LLDDDLL`: L a letter, D a digit, A either, `{1,4}` after one how often.
 *
 * @throws {AppError} `reading/bad-pattern`
 */
export function platePatterns(names: readonly string[]): PlatePatterns {
  const templates = new Map<string, PlateTemplate>();
  for (const name of names)
    for (const pattern of patternsOf(name))
      for (const template of expand(pattern, name)) templates.set(template.join(), template);
  if (templates.size > TEMPLATES_MAX)
    throw badPattern(
      names.join(','),
      `it stands for ${templates.size} templates; ${TEMPLATES_MAX} are the limit`,
    );
  const isContainer = names.length > 0 && names.every((name) => name === 'container');
  const isMixed = names.includes('container');
  return {
    names,
    templates: [...templates.values()],
    accepts: (text) =>
      isContainer || (isMixed && looksLikeContainer(text)) ? isContainerNumber(text) : true,
  };
}

function looksLikeContainer(text: string): boolean {
  return /^[A-Z]{3}[UJZ]\d{7}$/.test(text);
}

function patternsOf(name: string): readonly string[] {
  if (name === 'any') return [];
  if (name === 'container') return CONTAINER;
  const countries = UNIONS[name] ?? [name];
  return countries.flatMap((country) => COUNTRY_PATTERNS[country] ?? [country]);
}

function expand(pattern: string, name: string): PlateTemplate[] {
  if (!/^(?:[LDAujz](?:\{\d,\d\})?)+$/.test(pattern))
    throw badPattern(
      name,
      `it is none of ${PATTERN_NAMES.join(', ')} and no template such as LLDDDLL or L{1,3}D{2,4}`,
    );
  let grown: number[][][] = [[]];
  for (const [, kind, least = '1', most = least] of pattern.matchAll(/([LDAujz])(?:\{(\d),(\d)\})?/g)) {
    const place = classesOf(kind!);
    const before = grown;
    grown = [];
    for (let count = Number(least); count <= Number(most); count++)
      for (const start of before) grown.push([...start, ...Array.from({ length: count }, () => place)]);
    if (grown.length > TEMPLATES_MAX)
      throw badPattern(name, `it stands for more than ${TEMPLATES_MAX} templates`);
  }
  const usable = grown.filter(({ length }) => length > 0 && length <= LENGTH_MAX);
  if (usable.length === 0) throw badPattern(name, `it has no template of 1 to ${LENGTH_MAX} characters`);
  return usable;
}

function classesOf(kind: string): number[] {
  const letters = PLATE_CHARACTERS.slice(10);
  const kinds: Record<string, string> = { L: letters, D: PLATE_CHARACTERS.slice(0, 10), A: PLATE_CHARACTERS };
  return [...(kinds[kind] ?? kind.toUpperCase())].map((character) => PLATE_CHARACTERS.indexOf(character) + 1);
}

function badPattern(name: string, why: string): AppError {
  return new AppError('reading/bad-pattern', 'input', `"${name}" is no plate pattern: ${why}.`);
}
