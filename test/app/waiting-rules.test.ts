import { expect, it } from '@jest/globals';
import { waitingRules } from '../../src/app/waiting-rules.js';
import { rulesOf } from '../events/rules/film.js';

it('names the rules whose classifier is not in force, or has no such class', () => {
  const { rules } = rulesOf(`rules:
  - { name: a, type: classifier, classifier: van, classes: [ours, unsure] }
  - { name: b, type: classifier, classifier: van, classes: [hours, ours] }
  - { name: c, type: classifier, classifier: helmet, classes: [with] }
  - { name: d, type: offline }`);
  expect(waitingRules([{ id: 'gate', rules }], new Map([['van', ['ours', 'other']]]))).toEqual([
    'rule b of camera gate asks for hours, and the classes of van are ours, other',
    'rule c of camera gate waits for the classifier helmet: make and train it, or correct the name',
  ]);
});
