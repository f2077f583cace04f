import { describe, expect, it } from '@jest/globals';
import type { FrameObject } from '../../../src/events/index.js';
import { at, Film } from './film.js';

const car = (track: number, value?: string, more: Partial<FrameObject> = {}): FrameObject =>
  at(track, [500, 500], {
    label: 'car',
    ...(value !== undefined && { text: { value, confidence: 0.9 } }),
    ...more,
  });
const WANTED = 'type: text, list: [RK-755 AJ, B 123], severity: alert';
const film = (rule: string, more = '') =>
  new Film(`analyse: { heads: [text] }\n${more}\nrules: [{ name: a, ${rule} }]`);

describe('rules of type text', () => {
  it('tell a text of the list once, whatever case, spaces and punctuation, with the entry that it is near to', () => {
    const told = film(WANTED)
      .run(1, [car(1)])
      .run(2, [car(1, 'RK755AJ')]);
    expect(told.story).toEqual(['started 1', 'ended 1 over']);
    expect(told.messages[0]!.event).toMatchObject({
      severity: 'alert',
      label: 'car',
      rule: { type: 'text' },
    });
    expect(told.value).toEqual({ text: 'RK755AJ', entry: 'RK-755 AJ', distance: 0 });
    expect(told.span).toEqual([1, 1]);
  });

  it.each([
    ['is the same but for O and 0', 'BI23', undefined, 0],
    ['has one character that looks alike', 'RK75SAJ', undefined, 0.5],
    ['has one other, where one is allowed', 'RK756AJ', 1, 1],
    ['lacks one, where one is allowed', 'RK55AJ', 1, 1],
    ['has two that look alike, where one other is allowed', 'RK7SSAJ', 1, 1],
  ])('tell a text that %s', (_, text, distance, expected) => {
    const limit = distance === undefined ? '' : `, distance: ${distance}`;
    expect(film(WANTED + limit).show([car(1, text)]).value).toMatchObject({ text, distance: expected });
  });

  it.each([
    ['another text', [car(1, 'RK756AJ')], ''],
    ['more than a half where only the same counts', [car(1, 'RK75SAJ')], ', distance: 0'],
    ['a text of another object', [car(1, 'RK755AJ', { label: 'person' })], ', labels: [car]'],
    ['a text that is not sure enough', [car(1, 'RK755AJ')], ', confidenceMin: 0.95'],
    ['a text of an unconfirmed track', [car(1, 'RK755AJ', { state: 'tentative' })], ''],
  ])('do not tell %s', (_, objects, more) => {
    expect(film(WANTED + more).run(1, objects).story).toEqual([]);
  });

  it('tell texts that are on no list, where that is asked for', () => {
    const told = film('type: text, is: off-list, list: [RK755AJ]').run(1, [
      car(1, 'RK75SAJ'),
      car(2, 'B777'),
    ]);
    expect(told.story).toEqual(['started 2', 'ended 2 over']);
    expect(told.value).toEqual({ text: 'B777' });
  });

  it('tell a corrected text, and one that becomes known with the end of its track', () => {
    const told = film(WANTED)
      .run(1, [car(1, 'RK999AJ')])
      .run(1, [car(1, 'RK755AJ')])
      .show([car(2)]);
    expect(told.story).toEqual(['started 1', 'ended 1 over']);
    told.change([{ change: 'ended', object: car(2, 'B123') }]);
    expect(told.story.slice(2)).toEqual(['started 2', 'ended 2 over']);
  });

  it('tell it once of tracks that turn out to be one', () => {
    const told = film(WANTED).run(1, [car(1), car(2, 'RK755AJ')]);
    told.change([{ change: 'merged', object: car(2), into: 1 }], [car(1, 'RK755AJ')]);
    expect(told.run(1, [car(1, 'RK755AJ')]).story).toEqual(['started 2', 'ended 2 over']);
  });

  it('wait until the object has been in the zone, and for the schedule', () => {
    const zone = 'zones: { gate: { polygon: [[0.6, 0], [1, 0], [1, 1], [0.6, 1]], debounceSeconds: 0 } }';
    const told = film(`${WANTED}, zone: gate`, zone).run(1, [car(1, 'B123')]);
    expect(told.story).toEqual([]);
    const text = { value: 'B123', confidence: 0.9 };
    expect(told.show([at(1, [700, 500], { label: 'car', text })]).story).toEqual([
      'started 1',
      'ended 1 over',
    ]);
    const noon = film(`${WANTED}, schedule: { from: "12:01", to: "13:00" }`).run(59, [car(1, 'B123')]);
    expect(noon.story).toEqual([]);
    expect(noon.run(2, [car(1, 'B123')]).story).toEqual(['started 1', 'ended 1 over']);
  });

  it('tell one in a cool-down, and forget all when the stream breaks off', () => {
    const told = film(`${WANTED}, cooldownSeconds: 10`).run(1, [car(1, 'B123'), car(2, 'RK755AJ')]);
    expect(told.story).toEqual(['started 1', 'ended 1 over']);
    told.stop().run(11, [car(1, 'B123')]);
    expect(told.story).toHaveLength(4);
  });
});
