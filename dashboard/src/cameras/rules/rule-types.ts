import { ruleTexts } from './rule-texts.js';

/** The types of rules that a camera may have. */
export type RuleType =
  | 'enter'
  | 'leave'
  | 'inside'
  | 'loiter'
  | 'line'
  | 'occupancy'
  | 'crowding'
  | 'wrong-way'
  | 'stopped'
  | 'abandoned'
  | 'removed'
  | 'speed'
  | 'classifier'
  | 'text'
  | 'light'
  | 'health'
  | 'offline';

/** How a key of a rule is asked for. What is left empty is not written: the server's default holds. */
export type RuleField = { readonly key: string; readonly title: string; readonly hint?: string } & (
  | { readonly kind: 'zone' | 'line' | 'word' | 'words' | 'direction' }
  /** `least`, `most` and `usual` as the configuration has them. */
  | {
      readonly kind: 'number';
      readonly least: number;
      readonly most: number;
      readonly usual?: number;
      readonly unit?: string;
    }
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly usual: string }
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  /** A tick; `usual` is what an absent key means. */
  | { readonly kind: 'flag'; readonly usual: boolean }
) & { readonly isNeeded?: true };

const A_DAY_S = 86_400;
const { fields } = ruleTexts;

const zone: RuleField = { key: 'zone', kind: 'zone', title: fields.zone, isNeeded: true };
const zoneIfAny: RuleField = { key: 'zone', kind: 'zone', title: fields.zone };
const labels: RuleField = { key: 'labels', kind: 'words', title: fields.labels, hint: fields.labelsHint };
const scoreMin: RuleField = {
  key: 'scoreMin',
  kind: 'number',
  title: fields.scoreMin,
  least: 0,
  most: 1,
  usual: 0,
};
const confidenceMin: RuleField = {
  ...{ key: 'confidenceMin', kind: 'number', title: fields.confidenceMin },
  ...{ least: 0, most: 1, usual: 0 },
};
const cooldown: RuleField = {
  ...{ key: 'cooldownSeconds', kind: 'number', title: fields.cooldown, hint: fields.cooldownHint },
  ...{ least: 0, most: A_DAY_S, usual: 0, unit: 's' },
};
const seconds = (title: string, least: number, usual: number): RuleField => ({
  ...{ key: 'seconds', kind: 'number', title, least, most: A_DAY_S, usual, unit: 's' },
});
const objects = [labels, scoreMin] as const;

/** Of each type the keys beside name, type, severity and schedule, in the order in which they are asked for. A test holds them to the schema. */
export const RULE_FIELDS: Readonly<Record<RuleType, readonly RuleField[]>> = {
  enter: [zone, ...objects, cooldown],
  leave: [zone, ...objects, cooldown],
  inside: [zone, ...objects, cooldown],
  loiter: [zone, seconds(fields.inZone, 0.1, 30), ...objects, cooldown],
  line: [
    { key: 'line', kind: 'line', title: fields.line, isNeeded: true },
    {
      key: 'direction',
      kind: 'choice',
      title: fields.crossings,
      choices: ['in', 'out', 'both'],
      usual: 'both',
    },
    ...objects,
  ],
  occupancy: [zone, ...objects],
  crowding: [
    zone,
    { key: 'countMin', kind: 'number', title: fields.countMin, least: 2, most: 1000, isNeeded: true },
    seconds(fields.forSeconds, 0, 5),
    ...objects,
    cooldown,
  ],
  'wrong-way': [
    { key: 'allowed', kind: 'direction', title: fields.allowed, isNeeded: true },
    { key: 'degrees', kind: 'number', title: fields.degrees, least: 10, most: 180, usual: 120, unit: '°' },
    seconds(fields.forSeconds, 0, 1),
    zoneIfAny,
    ...objects,
    cooldown,
  ],
  stopped: [
    seconds(fields.stillFor, 1, 30),
    { key: 'afterMoving', kind: 'flag', title: fields.afterMoving, usual: true },
    zoneIfAny,
    ...objects,
    cooldown,
  ],
  abandoned: [
    seconds(fields.aloneFor, 1, 60),
    zoneIfAny,
    { ...labels, hint: fields.bagsHint },
    { key: 'owners', kind: 'words', title: fields.owners, hint: fields.ownersHint },
    scoreMin,
    cooldown,
  ],
  removed: [
    zone,
    seconds(fields.stoodFor, 1, 60),
    {
      key: 'goneSeconds',
      kind: 'number',
      title: fields.goneFor,
      least: 1,
      most: A_DAY_S,
      usual: 5,
      unit: 's',
    },
    ...objects,
    cooldown,
  ],
  speed: [
    {
      key: 'kmhAbove',
      kind: 'number',
      title: fields.kmhAbove,
      least: 0.1,
      most: 1000,
      unit: 'km/h',
      isNeeded: true,
    },
    seconds(fields.forSeconds, 0, 0.5),
    zoneIfAny,
    ...objects,
    cooldown,
  ],
  classifier: [
    {
      key: 'classifier',
      kind: 'word',
      title: fields.classifier,
      hint: fields.classifierHint,
      isNeeded: true,
    },
    { key: 'classes', kind: 'words', title: fields.classes, hint: fields.classesHint, isNeeded: true },
    confidenceMin,
    zoneIfAny,
    ...objects,
    cooldown,
  ],
  text: [
    { key: 'list', kind: 'words', title: fields.list, hint: fields.listHint, isNeeded: true },
    {
      ...{ key: 'is', kind: 'choice', title: fields.isOnList, usual: 'on-list' },
      choices: ['on-list', 'off-list'],
    },
    {
      ...{ key: 'distance', kind: 'number', title: fields.distance, hint: fields.distanceHint },
      ...{ least: 0, most: 3, usual: 0.5 },
    },
    confidenceMin,
    zoneIfAny,
    ...objects,
    cooldown,
  ],
  light: [
    {
      ...{ key: 'regime', kind: 'choice', title: fields.regime, usual: 'low' },
      choices: ['low', 'day', 'infrared', 'backlit', 'flash'],
    },
    seconds(fields.forSeconds, 0, 30),
    cooldown,
  ],
  health: [
    {
      ...{ key: 'faults', kind: 'choices', title: fields.faults },
      choices: ['blocked', 'blurred', 'moved', 'frozen', 'infrared-failed', 'signal-lost'],
    },
    seconds(fields.forSeconds, 0, 5),
    cooldown,
  ],
  offline: [seconds(fields.withoutPictures, 1, 30), cooldown],
};

/** In the order in which they are offered. */
export const RULE_TYPES = Object.keys(RULE_FIELDS) as readonly RuleType[];
