import { describe, expect, it } from '@jest/globals';
import { faultsOf } from '../../../dashboard/src/cameras/rules/field-faults.js';
import {
  arrowOf,
  DIRECTION_NAMES,
  directionOf,
  newRule,
  withRule,
  withType,
  withValue,
  wordsIn,
} from '../../../dashboard/src/cameras/rules/rule-draft.js';
import { summaryOf } from '../../../dashboard/src/cameras/rules/rule-trial.js';
import { RULE_FIELDS, RULE_TYPES } from '../../../dashboard/src/cameras/rules/rule-types.js';
import { parseCameraRules } from '../../../src/config/index.js';
import { configJsonSchema } from '../../../src/config/schema.js';
import type { EventFacts } from '../../../src/events/index.js';

interface Schema {
  readonly const?: unknown;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
}

const COMMON = ['name', 'type', 'severity', 'schedule'];
const camera = (configJsonSchema() as Schema).properties!['cameras']!.additionalProperties!;
const forms = new Map(camera.properties!['rules']!.items!.oneOf!.map((form) => [form.properties!['type']!.const, form])); // prettier-ignore

describe('the fields of rules', () => {
  it('are there for every type that the configuration has', () => {
    expect([...RULE_TYPES].sort()).toEqual([...forms.keys()].sort());
  });

  it.each(RULE_TYPES)('of %s are the keys of the configuration, with its limits and defaults', (type) => {
    const form = forms.get(type)!;
    const fields = RULE_FIELDS[type];
    const keys = Object.keys(form.properties!).filter((key) => !COMMON.includes(key));
    expect(fields.map(({ key }) => key).sort()).toEqual(keys.sort());
    for (const field of fields) {
      const schema = form.properties![field.key]!;
      expect([field.key, field.isNeeded === true]).toEqual([field.key, form.required!.includes(field.key)]);
      if (field.kind === 'number')
        expect([field.least, field.most, field.usual]).toEqual([schema.minimum, schema.maximum, schema.default]); // prettier-ignore
      if (field.kind === 'choice')
        expect([field.choices, field.usual]).toEqual([schema.enum, schema.default]);
      if (field.kind === 'choices') expect(field.choices).toEqual(schema.items!.enum);
      if (field.kind === 'flag') expect(field.usual).toBe(schema.default);
    }
  });
});

describe('a rule that is made', () => {
  it('begins with the first zone, or line, and a name of its own', () => {
    expect(newRule(['yard'], ['door'], ['rule-1'])).toEqual({ name: 'rule-2', type: 'enter', zone: 'yard' });
    expect(newRule([], ['door'], [])).toEqual({ name: 'rule-1', type: 'line', line: 'door' });
    expect(newRule([], [], [])).toEqual({ name: 'rule-1', type: 'offline' });
  });

  it('keeps what two types have in common, and nothing else', () => {
    const loiter = { name: 'a', type: 'loiter', zone: 'yard', seconds: 10, severity: 'alert' };
    expect(withType(loiter, 'enter')).toEqual({ name: 'a', type: 'enter', zone: 'yard', severity: 'alert' });
  });

  it('has no key without a value: the default of the server holds', () => {
    const rule = { name: 'a', type: 'loiter', seconds: 10, labels: ['car'] };
    expect(withValue(withValue(rule, 'seconds', undefined), 'labels', [])).toEqual({
      name: 'a',
      type: 'loiter',
    });
    expect(withValue(rule, 'afterMoving', false)).toMatchObject({ afterMoving: false });
  });

  it('takes the place of the one that was changed, or comes last', () => {
    const rules = [{ name: 'a' }, { name: 'b' }];
    expect(withRule(rules, 'a', { name: 'c' })).toEqual({ rules: [{ name: 'c' }, { name: 'b' }], at: 0 });
    expect(withRule(rules, undefined, { name: 'c' })).toEqual({ rules: [...rules, { name: 'c' }], at: 2 });
    // Somebody else removed it meanwhile.
    expect(withRule(rules, 'gone', { name: 'c' }).at).toBe(2);
  });

  it('has labels with commas between', () => {
    expect(wordsIn(' person, ,car ,')).toEqual(['person', 'car']);
  });
});

describe('a direction', () => {
  it.each(DIRECTION_NAMES)('%s is found again in its arrow, whatever the form of the picture', (name) => {
    for (const aspect of [16 / 9, 1, 9 / 16]) {
      const arrow = arrowOf(name, aspect)!;
      expect(directionOf(arrow, aspect)).toBe(name);
      for (const share of arrow.flat()) expect(share >= 0 && share <= 1).toBe(true);
    }
  });

  it('is none of them where the arrow goes another way', () => {
    expect(directionOf([[0.5, 0.2], [0.6, 0.9]], 16 / 9)).toBeUndefined(); // prettier-ignore
    expect(directionOf(undefined, 1)).toBeUndefined();
  });
});

describe('what the server has against a rule', () => {
  const refusal = (rules: unknown) => {
    try {
      parseCameraRules('gate', { zones: { yard: { polygon: [[0, 0], [1, 0], [1, 1]] } }, rules }); // prettier-ignore
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('it was taken');
  };

  it('stands beside the key that it is about', () => {
    const good = { name: 'a', type: 'enter', zone: 'yard' };
    const bad = {
      name: 'b',
      type: 'loiter',
      zone: 'yrad',
      seconds: 5,
      schedule: { timeZone: 'Nowhere/Atall' },
    };
    const { byKey, rest } = faultsOf(refusal([good, bad]), 'cameras.gate.rules[1]');
    expect(rest).toEqual([]);
    expect([...byKey.keys()].sort()).toEqual(['schedule.timeZone', 'zone']);
    expect(byKey.get('zone')).toMatch(/no such zone .*did you mean yard/);
  });

  it('is told of values, of what is missing, and of lists', () => {
    const bad = { name: 'b', type: 'crowding', zone: 'yard', seconds: -1, labels: [''] };
    const { byKey, rest } = faultsOf(refusal([bad]), 'cameras.gate.rules[0]');
    expect(rest).toEqual([]);
    expect([...byKey.keys()].sort()).toEqual(['countMin', 'labels[0]', 'seconds']);
    expect(byKey.get('countMin')).toMatch(/^is missing/);
  });

  it('is told as it is where it is about something else, without the place in the file', () => {
    const { byKey, rest } = faultsOf('sightline.yaml:3:1: cameras.gate.rules[1].zone: there is no such zone\nno position', 'cameras.gate.rules[0]'); // prettier-ignore
    expect(byKey.size).toBe(0);
    expect(rest).toEqual(['cameras.gate.rules[1].zone: there is no such zone', 'no position']);
  });
});

describe('what a rule would have told', () => {
  const event = (id: string, name: string): EventFacts => ({ id, rule: { name, type: 'enter', version: '1' }, severity: 'info', startedAt: '2026-05-04T09:30:00.000Z', tracks: [] }); // prettier-ignore
  it('is picked out of a trial of all rules', () => {
    const trial = {
      events: [event('1', 'a'), event('2', 'a'), event('3', 'a'), event('4', 'b')],
      new: ['1', '4'],
      changed: [{ id: '2', was: 'x' }],
      gone: ['g', 'h'],
      tracks: 9,
      isCut: false,
    };
    const { come, changed, same, gone } = summaryOf(trial, 'a', [event('g', 'a'), event('y', 'a')]);
    expect([come, changed, same, gone].map((events) => events.map(({ id }) => id))).toEqual([['1'], ['2'], ['3'], ['g']]); // prettier-ignore
  });
});
