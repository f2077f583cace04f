import { describe, expect, it } from '@jest/globals';
import { SETTINGS } from '../../../dashboard/src/cameras/settings/settings-fields.js';
import { settingAt, settingsPatch } from '../../../dashboard/src/cameras/settings/settings-patch.js';
import { configJsonSchema } from '../../../src/config/schema.js';

interface Schema {
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
}

const camera = (configJsonSchema() as Schema).properties!['cameras']!.additionalProperties!;
const fields = SETTINGS.flatMap((group) => group.fields);

describe('the settings of a camera', () => {
  it.each(fields)('$key is a key of the configuration, with its limits, choices and default', (field) => {
    const [first, second] = field.key.split('.');
    const schema = second === undefined ? camera.properties![first!] : camera.properties![first!]!.properties![second]; // prettier-ignore
    expect(schema).toBeDefined();
    if (field.kind === 'number')
      expect([field.least, field.most, field.usual]).toEqual([schema!.minimum, schema!.maximum ?? Number.MAX_SAFE_INTEGER, schema!.default]); // prettier-ignore
    if (field.kind === 'choice')
      expect([[...field.choices].sort(), field.usual]).toEqual([[...schema!.enum!].sort(), schema!.default]);
    if (field.kind === 'choices') expect(field.choices).toEqual(schema!.items!.enum);
    if (field.kind === 'flag') expect(field.usual).toBe(schema!.default);
  });
});

describe('a change of settings', () => {
  const saved = { source: 'rtsp://a', name: 'Gate', analyse: { fps: 2, heads: ['mask'] } };

  it('names the keys that are another than before, and no more', () => {
    const entered = new Map<string, unknown>([
      ['name', 'Gate'],
      ['analyse.fps', 4],
      ['record.mode', 'events'],
      ['analyse.heads', ['mask']],
    ]);
    expect(settingsPatch(saved, entered)).toEqual({ analyse: { fps: 4 }, record: { mode: 'events' } });
  });

  it('gives back to the default what is emptied', () => {
    const entered = new Map<string, unknown>([
      ['name', ''],
      ['analyse.fps', undefined],
      ['analyse.heads', []],
    ]);
    expect(settingsPatch(saved, entered)).toEqual({ name: null, analyse: { fps: null, heads: null } });
  });

  it('is none where all is as it was, defaults included', () => {
    expect(settingsPatch(saved, new Map())).toBeUndefined();
    expect(settingsPatch(saved, new Map<string, unknown>([['record.keepHours', undefined]]))).toBeUndefined();
    expect(settingAt(saved, 'record.mode')).toBeUndefined();
  });
});
