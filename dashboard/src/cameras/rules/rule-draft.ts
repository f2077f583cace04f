import type { WrittenRule } from '../figures/figure-patch.js';
import { RULE_FIELDS, RULE_TYPES, type RuleType } from './rule-types.js';

/** The keys that every rule has. */
const COMMON: ReadonlySet<string> = new Set(['name', 'type', 'severity', 'schedule']);

/** The type of a written rule; of one that a newer server has, the first that is known. */
export function typeOf(rule: WrittenRule): RuleType {
  return RULE_TYPES.find((type) => type === rule['type']) ?? RULE_TYPES[0]!;
}

/** The same rule of another type: keys that both have stay. */
export function withType(rule: WrittenRule, type: RuleType): WrittenRule {
  const kept = new Set([...COMMON, ...RULE_FIELDS[type].map(({ key }) => key)]);
  const { type: _, ...rest } = Object.fromEntries(Object.entries(rule).filter(([key]) => kept.has(key)));
  return { ...rest, type };
}

/** With a key that has a value; undefined or empty: without the key, so that the server's default holds. */
export function withValue(rule: WrittenRule, key: string, value: unknown): WrittenRule {
  const { [key]: _, ...rest } = rule;
  const isEmpty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  return isEmpty ? rest : { ...rest, [key]: value };
}

/** Words with commas between. */
export function wordsIn(text: string): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** A new rule that as little as possible is missing of. */
export function newRule(
  zones: readonly string[],
  lines: readonly string[],
  taken: readonly string[],
): WrittenRule {
  const type: RuleType = zones.length > 0 ? 'enter' : lines.length > 0 ? 'line' : 'offline';
  let number = 1;
  while (taken.includes(`rule-${number}`)) number++;
  const where = type === 'enter' ? { zone: zones[0]! } : type === 'line' ? { line: lines[0]! } : {};
  return { name: `rule-${number}`, type, ...where };
}

/** All rules with one in place of another, or at the end. */
export function withRule(
  rules: readonly WrittenRule[],
  was: string | undefined,
  rule: WrittenRule,
): { readonly rules: readonly WrittenRule[]; readonly at: number } {
  const found = rules.findIndex(({ name }) => name === was);
  const at = was === undefined || found < 0 ? rules.length : found;
  return { rules: at === rules.length ? [...rules, rule] : rules.with(at, rule), at };
}

type Arrow = readonly [readonly [number, number], readonly [number, number]];

/** Directions on the screen, and how far they go to the right and down. */
const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  right: [1, 0],
  'right-down': [1, 1],
  down: [0, 1],
  'left-down': [-1, 1],
  left: [-1, 0],
  'left-up': [-1, -1],
  up: [0, -1],
  'right-up': [1, -1],
};

/** Their names. */
export const DIRECTION_NAMES = Object.keys(DIRECTIONS);

/** An arrow in a direction, in shares of a picture of `aspect` (width / height), so that aslant is 45° on the screen. */
export function arrowOf(direction: string, aspect: number): Arrow | undefined {
  const way = Object.hasOwn(DIRECTIONS, direction) ? DIRECTIONS[direction] : undefined;
  if (way === undefined) return undefined;
  const [x, y] = [(way[0] * 0.25) / Math.max(1, aspect), way[1] * 0.25 * Math.min(1, aspect)];
  const share = (value: number) => Math.round(value * 10_000) / 10_000;
  return [
    [share(0.5 - x), share(0.5 - y)],
    [share(0.5 + x), share(0.5 + y)],
  ];
}

/** The direction of an arrow; undefined where it is none of those that have a name. */
export function directionOf(arrow: unknown, aspect: number): string | undefined {
  if (!isArrow(arrow)) return undefined;
  const [[x1, y1], [x2, y2]] = arrow;
  const angle = Math.atan2(y2 - y1, (x2 - x1) * aspect);
  return DIRECTION_NAMES.find((name) => {
    const [x, y] = DIRECTIONS[name]!;
    const apart = Math.abs(angle - Math.atan2(y, x)) % (2 * Math.PI);
    return Math.min(apart, 2 * Math.PI - apart) < 0.01;
  });
}

function isArrow(value: unknown): value is Arrow {
  return (
    Array.isArray(value) && value.length === 2 && value.flat().every((share) => typeof share === 'number')
  );
}
