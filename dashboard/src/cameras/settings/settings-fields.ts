import type { RuleField } from '../rules/rule-types.js';
import { settingsTexts } from './settings-texts.js';

const { fields, groups } = settingsTexts;
const HOURS_MAX = 87_600;
const hours = (key: string, title: string, usual: number): RuleField => ({
  ...{ key, kind: 'number', title, least: 0.01, most: HOURS_MAX, usual, unit: 'h' },
});

/** What is set of a camera here, by keys within it, in the order in which it is asked for. A test holds them to the schema. */
export const SETTINGS: readonly { readonly title: string; readonly fields: readonly RuleField[] }[] = [
  {
    title: groups.camera,
    fields: [{ key: 'name', kind: 'word', title: fields.name, hint: fields.nameHint }],
  },
  {
    title: groups.record,
    fields: [
      {
        ...{ key: 'record.mode', kind: 'choice', title: fields.mode, hint: fields.modeHint },
        ...{ choices: ['off', 'continuous', 'events', 'tracks'], usual: 'off' },
      },
      {
        ...{ key: 'record.preRollSeconds', kind: 'number', title: fields.preRoll },
        ...{ least: 0, most: 60, usual: 5, unit: 's' },
      },
      {
        ...{ key: 'record.postRollSeconds', kind: 'number', title: fields.postRoll },
        ...{ least: 0, most: 3600, usual: 10, unit: 's' },
      },
      hours('record.keepHours', fields.keep, 72),
      hours('record.keepEventHours', fields.keepEvent, 336),
      {
        ...{ key: 'record.maxGb', kind: 'number', title: fields.most },
        ...{ least: 0.001, most: Number.MAX_SAFE_INTEGER, unit: 'GB' },
      },
    ],
  },
  {
    title: groups.analyse,
    fields: [
      {
        ...{ key: 'analyse.fps', kind: 'number', title: fields.fps },
        ...{ least: 0.1, most: 60, usual: 5 },
      },
      {
        ...{ key: 'analyse.width', kind: 'number', title: fields.width },
        ...{ least: 64, most: 1920, usual: 512, unit: 'px' },
      },
      { key: 'analyse.detect', kind: 'words', title: fields.detect, hint: fields.detectHint },
      {
        ...{ key: 'analyse.scoreMin', kind: 'number', title: fields.scoreMin },
        ...{ least: 0, most: 1, usual: 0.4 },
      },
      {
        ...{ key: 'analyse.light', kind: 'choice', title: fields.light, hint: fields.lightHint },
        usual: 'auto',
        choices: [
          ...['auto', 'off', 'balanced', 'gamma', 'log', 'equalise', 'clahe'],
          ...['grey-world', 'shades-of-grey', 'denoise'],
        ],
      },
      { key: 'analyse.heads', kind: 'choices', title: fields.heads, choices: ['mask', 'text'] },
      { key: 'analyse.snapshots', kind: 'flag', title: fields.snapshots, usual: true },
    ],
  },
];
