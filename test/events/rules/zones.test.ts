import { describe, expect, it } from '@jest/globals';
import { encodeMask } from '../../../src/geometry/index.js';
import { at, Film } from './film.js';

const ZONE = 'zones: { drive: { polygon: [[0.4, 0.4], [0.6, 0.4], [0.6, 0.6], [0.4, 0.6]] } }\n';
const zoneWith = (keys: string) => ZONE.replace('] }', `], ${keys} }`);
const rule = (keys: string, zone = ZONE) => `${zone}rules: [{ name: a, zone: drive, ${keys} }]`;
const [inside, outside]: [[number, number], [number, number]] = [[500, 500], [500, 800]]; // prettier-ignore

describe('enter and leave', () => {
  it('are told once for each visit, with the times of the first and last frame of it', () => {
    const film = new Film(rule('type: enter')).run(2, [at(1, outside)]).run(2, [at(1, inside)]);
    expect(film.story).toEqual(['started 1', 'ended 1 over']);
    expect(film.span).toEqual([2, 2]);
    const left = new Film(rule('type: leave')).run(3, [at(1, inside)]).run(2, [at(1, outside)]);
    expect(left.story).toEqual(['started 1', 'ended 1 over']);
    expect(left.value).toEqual({ seconds: 3 });
  });

  it('are not told for a box that jitters over the edge, within and without', () => {
    for (const type of ['enter', 'leave']) {
      const jitter = new Film(rule(`type: ${type}`)).run(6, (s) => [at(1, Math.round(s * 5) % 2 === 0 ? inside : outside)]); // prettier-ignore
      expect(jitter.story).toEqual([]);
    }
    const settled = new Film(rule('type: leave')).run(2, [at(1, inside)]).run(6, (s) => [at(1, Math.round(s * 5) % 2 === 0 ? outside : inside)]); // prettier-ignore
    expect(settled.story).toEqual([]);
  });

  it('are told at once without a debounce time', () => {
    const film = new Film(rule('type: enter', zoneWith('debounceSeconds: 0'))).show([at(1, inside)]);
    expect(film.story).toHaveLength(2);
  });

  it('count who was announced, from when it was first seen', () => {
    const tentative = { state: 'tentative' as const };
    const film = new Film(rule('type: enter')).run(1, [at(1, inside, tentative)]);
    expect(film.story).toEqual([]);
    film.run(0.2, [at(1, inside)]);
    expect(film.story).toEqual(['started 1', 'ended 1 over']);
    expect(film.span[0]).toBe(0);
    expect(new Film(rule('type: enter')).run(3, [at(1, inside, tentative)]).run(9, []).story).toEqual([]);
  });

  it('look at labels and scores', () => {
    const keys = 'type: enter, labels: [car], scoreMin: 0.8';
    const story = (extra: object) => new Film(rule(keys)).run(2, [at(1, inside, extra)]).story;
    expect(story({ label: 'person' })).toEqual([]);
    expect(story({ label: 'car', score: 0.7 })).toEqual([]);
    expect(story({ label: 'car', score: 0.8 })).toHaveLength(2);
  });
});

describe('a zone by shares', () => {
  it.each([
    ['box', 0.5, 80, true],
    ['box', 0.5, 40, false],
    ['box', 0.3, 40, true],
  ])('by %s with share %d has a box of which %d pixels of 100 are within: %s', (by, share, lowPx, isIn) => {
    const zone = zoneWith(`by: ${by}, share: ${share}`);
    const film = new Film(rule('type: enter', zone)).run(2, [at(1, [500, 400 + lowPx])]);
    expect(film.story.length > 0).toBe(isIn);
  });

  it('keeps who is within a little longer than it takes to come in', () => {
    const zone = zoneWith('by: box, share: 0.5');
    const film = new Film(rule('type: inside', zone)).run(2, [at(1, [500, 460])]).run(3, [at(1, [500, 445])]);
    expect(film.story).toEqual(['started 1']);
    expect(film.run(2, [at(1, [500, 435])]).story).toEqual(['started 1', 'ended 1 over']);
    expect(new Film(rule('type: inside', zone)).run(3, [at(1, [500, 445])]).story).toEqual([]);
  });

  it('takes the mask where there is one, else the box', () => {
    const zone = zoneWith('by: mask, share: 0.5');
    // All of the mask is in the columns left of the zone, though half of the box is within.
    const mask = { size: [1000, 1000] as const, counts: '' };
    const film = new Film(rule('type: enter', zone));
    expect(film.run(2, [at(1, [500, 480], { mask })]).story).toEqual([]);
    expect(film.run(2, [at(1, [500, 480])]).story).toHaveLength(2);
  });
});

describe('inside and loiter', () => {
  it('last from the entry to the exit', () => {
    const film = new Film(rule('type: inside')).run(1, [at(1, outside)]).run(4, [at(1, inside)]).run(2, [at(1, outside)]); // prettier-ignore
    expect(film.story).toEqual(['started 1', 'ended 1 over']);
    expect(film.span).toEqual([1, 5]);
    expect(film.value).toEqual({ seconds: 4 });
  });

  it('tells of who stays for long, and not of who goes in time', () => {
    const loiter = rule('type: loiter, seconds: 10');
    expect(new Film(loiter).run(9.8, [at(1, inside)]).run(3, [at(1, outside)]).story).toEqual([]);
    const film = new Film(loiter).run(10.2, [at(1, inside)]);
    expect(film.story).toEqual(['started 1']);
    film.run(5, [at(1, inside)]).run(2, [at(1, outside)]);
    expect(film.story).toEqual(['started 1', 'ended 1 over']);
    expect(film.value?.seconds).toBeCloseTo(15.2, 5);
  });

  it('goes on over a short gap, and over a long one in which the object was hidden', () => {
    const loiter = rule('type: loiter, seconds: 10');
    expect(new Film(loiter).run(5, [at(1, inside)]).run(4, []).run(1.4, [at(1, inside)]).story).toEqual(['started 1']); // prettier-ignore
    const hidden = at(1, inside, { state: 'occluded' });
    expect(new Film(loiter).run(3, [at(1, inside)]).run(7.2, [hidden]).run(0.2, [at(1, inside)]).story).toEqual(['started 1']); // prettier-ignore
  });

  it('goes on when a lost track comes back where it was, and begins anew when it came from outside', () => {
    const loiter = rule('type: loiter, seconds: 10');
    const film = new Film(loiter)
      .run(4, [at(1, inside)])
      .run(8, [])
      .run(1, [at(1, inside)]);
    expect(film.story).toEqual(['started 1']);
    const other = new Film(loiter).run(4, [at(1, inside)]).run(8, []).run(0.6, [at(1, outside)]).run(9, [at(1, inside)]); // prettier-ignore
    expect(other.story).toEqual([]);
  });

  it('does not believe a place that motion alone says', () => {
    const guess = at(1, outside, { state: 'predicted' });
    const film = new Film(rule('type: inside'))
      .run(2, [at(1, inside)])
      .run(1.2, [guess])
      .run(1, [at(1, inside)]);
    expect(film.story).toEqual(['started 1']);
    const found = at(1, outside, { state: 'predicted', confidence: 0.8 });
    expect(film.run(1.2, [found]).story).toEqual(['started 1', 'ended 1 over']);
  });

  it('carries the time over when two tracks turn out to be one', () => {
    const film = new Film(rule('type: loiter, seconds: 10')).run(6, [at(1, inside)]).run(1, []);
    film.run(1, [at(2, inside)]);
    film.change([{ change: 'merged', object: at(2, inside), into: 1 }], [at(1, inside)]);
    expect(film.story).toEqual([]);
    film.run(2.4, [at(1, inside)]);
    expect(film.story).toEqual(['started 1']);
    expect(film.span[0]).toBe(0);
  });

  it('moves an event to the older track, or ends it where that has one', () => {
    const inZone = rule('type: inside');
    const film = new Film(inZone).run(2, [at(1, outside)]).run(2, [at(2, inside)]);
    film.change([{ change: 'merged', object: at(2, inside), into: 1 }], [at(1, inside)]);
    expect(film.story).toEqual(['started 2', 'updated 1']);
    expect(film.messages.at(-1)?.before?.tracks?.[0]?.id).toBe('gate-r-2');
    const both = new Film(inZone).run(2, [at(1, inside), at(2, inside)]);
    both.change([{ change: 'merged', object: at(2, inside), into: 1 }], [at(1, inside)]);
    expect(both.story).toEqual(['started 1', 'started 2', 'ended 2 merged']);
  });

  it('follows the name of its object', () => {
    const film = new Film(rule('type: inside, labels: [car, truck]')).run(2, [
      at(1, inside, { label: 'truck' }),
    ]);
    const car = at(1, inside, { label: 'car' });
    film.change([{ change: 'renamed', object: car, was: 'truck' }], [car]);
    expect(film.messages.at(-1)).toMatchObject({ type: 'event.updated', event: { label: 'car' }, before: { label: 'truck' } }); // prettier-ignore
    const person = at(1, inside);
    film.change([{ change: 'renamed', object: person, was: 'car' }], [person]);
    expect(film.story).toEqual(['started 1', 'updated 1', 'ended 1 renamed']);
  });

  it('ends with its track, with the stream and with its rules, each once', () => {
    const begun = () => new Film(rule('type: inside')).run(2, [at(1, inside)]);
    expect(begun().ended(1).ended(1).story).toEqual(['started 1', 'ended 1 lost']);
    expect(begun().stop('stream').stop('stream').story).toEqual(['started 1', 'ended 1 stream']);
    expect(begun().stop('config').story).toEqual(['started 1', 'ended 1 config']);
    expect(begun().run(7, []).story).toEqual(['started 1', 'ended 1 lost']);
  });
});

describe('occupancy and crowding', () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => at(i + 1, [450 + 10 * i, 500]));

  it('tells how many are there, from the first to the last', () => {
    const film = new Film(rule('type: occupancy')).run(2, many(1)).run(2, many(3)).run(2, [...many(1), at(2, outside), at(3, outside)]).run(2, [1, 2, 3].map((n) => at(n, outside))); // prettier-ignore
    expect(film.messages.map(({ type, event }) => [type, event.value?.count])).toEqual([
      ['event.started', 1],
      ['event.updated', 3],
      ['event.updated', 1],
      ['event.ended', 0],
    ]);
    expect(film.value).toEqual({ count: 0, peak: 3 });
  });

  it('tells of a crowd that lasts', () => {
    const crowding = rule('type: crowding, countMin: 3, seconds: 5');
    expect(new Film(crowding).run(30, many(2)).story).toEqual([]);
    expect(new Film(crowding).run(4.4, many(3)).run(5, [...many(2), at(3, outside)]).story).toEqual([]);
    const film = new Film(crowding).run(6, many(3)).run(2, many(5)).run(2, many(3));
    expect(film.messages.map(({ type, event }) => [type, event.value])).toEqual([
      ['event.started', { count: 3, peak: 3 }],
      ['event.updated', { count: 5, peak: 5 }],
    ]);
  });
});

describe('schedule and cool-down', () => {
  it('tells nothing out of hours, and ends what goes on past them', () => {
    // The film begins on Sunday at noon UTC, which is 14:00 in Berlin.
    const on = (schedule: string) => new Film(rule(`type: inside, schedule: { ${schedule}, timeZone: Europe/Berlin }`)).run(2, [at(1, inside)]).story.length > 0; // prettier-ignore
    expect(on('from: "14:00", to: "15:00"')).toBe(true);
    expect(on('from: "12:00", to: "13:00"')).toBe(false);
    expect(on('days: [sun]')).toBe(true);
    expect(on('days: [sat, mon]')).toBe(false);
    expect(on('days: [sat], from: "20:00", to: "15:00"')).toBe(true);
    expect(on('days: [sun], from: "20:00", to: "15:00"')).toBe(false);
    const film = new Film(rule('type: inside, schedule: { from: "11:00", to: "12:01" }')).run(70, [
      at(1, inside),
    ]);
    expect(film.story).toEqual(['started 1', 'ended 1 schedule']);
  });

  it('waits after an event before the next', () => {
    const film = new Film(rule('type: enter, cooldownSeconds: 10'));
    for (let visit = 1; visit <= 6; visit++)
      film
        .run(2, [at(visit, inside)])
        .ended(visit)
        .run(2, []);
    expect(film.story.filter((line) => line.startsWith('started'))).toEqual(['started 1', 'started 4']);
  });
});

describe('what is told of an event', () => {
  it('has ids of its own, the rule and its version, the track, the frame and the model', () => {
    const film = new Film(rule('type: inside, severity: alert')).run(2, [at(1, inside)]);
    expect(film.messages[0]).toEqual({
      v: 1,
      type: 'event.started',
      camera: 'gate',
      time: expect.stringMatching(/^2026-05-03T12:00:00/),
      epoch: 1,
      ptsMs: 600,
      frame: { width: 1000, height: 1000 },
      model: 'm@1',
      event: {
        id: 'gate-v-e1',
        rule: { name: 'a', type: 'inside', version: expect.stringMatching(/^[0-9a-f]{8}$/) },
        severity: 'alert',
        zone: 'drive',
        label: 'person',
        tracks: [{ id: 'gate-r-1', label: 'person', score: 0.9, box: [480, 400, 520, 500] }],
        startedAt: expect.any(String),
        value: { seconds: 0.6 },
      },
    });
    const version = (yaml: string) => new Film(yaml).run(2, [at(1, inside)]).messages[0]?.event.rule.version;
    expect(version(rule('type: inside'))).toBe(version(rule('type: inside')));
    expect(version(rule('type: inside', zoneWith('debounceSeconds: 0.4')))).not.toBe(version(rule('type: inside'))); // prettier-ignore
  });

  it('is the same for the same frames', () => {
    const messages = () => new Film(rule('type: loiter, seconds: 1')).run(3, [at(1, inside)]).stop().messages;
    expect(messages()).toEqual(messages());
    expect(messages()).toHaveLength(2);
  });

  it('is the zones of each object, too', () => {
    const film = new Film(ZONE).run(2, [at(1, inside), at(2, outside)]);
    expect(film.objects.map(({ zones }) => zones)).toEqual([['drive'], undefined]);
  });
});

describe('by: foot', () => {
  it('goes by what of an object touches the ground, where its mask tells', () => {
    // A box whose lower middle is outside of the zone, and a mask that stands in it.
    const box = [480, 300, 680, 500] as const;
    const pixels = new Uint8Array(1000 * 1000);
    for (let y = 300; y < 500; y++) pixels.fill(1, y * 1000 + 480 + (500 - y), y * 1000 + 500 + (500 - y));
    const mask = encodeMask(pixels, [1000, 1000]);
    const visits = (extra: object) =>
      new Film(rule('type: enter')).run(2, [at(1, outside, { box, ...extra })]).story;
    expect(visits({ mask })).toEqual(['started 1', 'ended 1 over']);
    expect(visits({ mask: encodeMask(new Uint8Array(1000 * 1000), [1000, 1000]) })).toEqual([
      'started 1',
      'ended 1 over',
    ]);
    // Without a mask it is the middle of the box's lower side, at 580: within, too; further right it is not.
    const right = [560, 300, 760, 500] as const;
    expect(visits({ box: right })).toEqual([]);
  });
});
