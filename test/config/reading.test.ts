import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../src/config/parse.js';

const camera = (text: string) =>
  parseConfig(`cameras:\n  gate:\n    source: a\n${text.replace(/^/gm, '    ')}\n`, {
    ...{ file: 'test', baseDir: '/', env: {} },
  }).cameras[0]!;

const DEFAULTS = {
  labels: ['car', 'truck', 'bus', 'motorcycle'],
  mode: 'plate',
  patterns: ['any'],
  longSidePx: 1280,
  heightMinPx: 60,
  everyMs: 300,
  confidenceMin: 0.5,
};

describe('reading in the configuration', () => {
  it('is off where the head is not asked for, and on with defaults where it is', () => {
    expect(camera('analyse: { heads: [mask] }').analyse).not.toHaveProperty('read');
    expect(camera('analyse: { heads: [text] }').analyse).toMatchObject({ heads: ['text'], read: DEFAULTS });
  });

  it('is as it is set', () => {
    const read = camera(
      'analyse: { heads: [mask, text], read: { labels: [train], mode: text, patterns: [de, "L{1,3}D{2,4}"], width: 1920, heightMin: 100, everySeconds: 1, confidenceMin: 0.8 } }',
    ).analyse.read;
    expect(read).toEqual({
      ...{ labels: ['train'], mode: 'text', patterns: ['de', 'L{1,3}D{2,4}'], longSidePx: 1920 },
      ...{ heightMinPx: 100, everyMs: 1000, confidenceMin: 0.8 },
    });
  });

  it.each([
    ['analyse: { read: { mode: text } }', /analyse\.read.*add text to analyse\.heads/],
    ['analyse: { heads: [text], read: { patterns: [germany] } }', /patterns.*"germany".*de, dk.*LLDDDLL/],
    [
      'analyse: { heads: [text], detect: [person] }',
      /detect of this camera leaves out all that is read \(car,/,
    ],
    ['analyse: { heads: [text], detect: [person], read: { labels: [bus] } }', /read\.labels.*\(bus\)/],
    ['rules: [{ name: a, type: text, list: [AB 1] }]', /rules\[0\]\.type.*needs analyse\.heads: \[text\]/],
    ['analyse: { heads: [text] }\nrules: [{ name: a, type: text, list: [] }]', /list/],
    [
      'analyse: { heads: [text] }\nrules: [{ name: a, type: text, list: [A], distance: 0.3 }]',
      /distance = 0\.3/,
    ],
    ['analyse: { heads: [text] }\nrules: [{ name: a, type: text, list: [A], zone: yard }]', /no such zone/],
  ])('refuses %s', (text, reason) => {
    expect(() => camera(text)).toThrow(reason);
  });

  it('goes with labels of which some are looked for', () => {
    expect(camera('analyse: { heads: [text], detect: [person, car] }').analyse.read).toEqual(DEFAULTS);
  });
});
