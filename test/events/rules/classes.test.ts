import { describe, expect, it } from '@jest/globals';
import { RuleEngine, storedFrames, type EventMessage, type FrameObject, type PastTrack } from '../../../src/events/index.js'; // prettier-ignore
import { at, Film, NOON_MS, rulesOf } from './film.js';

const ZONE = 'zones: { drive: { polygon: [[0.4, 0.4], [0.6, 0.4], [0.6, 0.6], [0.4, 0.6]] } }\n';
const rule = (keys: string) => `${ZONE}rules: [{ name: a, type: classifier, classifier: van, ${keys} }]`;
const [inside, outside]: [[number, number], [number, number]] = [[500, 500], [500, 800]]; // prettier-ignore
/** What the classifier `van` says. */
const said = (value: string, confidence = 0.9): Partial<FrameObject> => ({
  class: { van: { version: 3, value, confidence } },
});

describe('an object of a class', () => {
  it.each([
    ['of the class', 'classes: [ours]', said('ours'), true],
    ['of another class', 'classes: [ours]', said('other'), false],
    ['of one of several', 'classes: [ours, theirs]', said('theirs'), true],
    ['that is unsure', 'classes: [ours]', said('unsure', 0), false],
    ['that is unsure, which is asked for', 'classes: [unsure]', said('unsure', 0), true],
    ['that is just sure enough', 'classes: [ours], confidenceMin: 0.9', said('ours', 0.9), true],
    ['that is not sure enough', 'classes: [ours], confidenceMin: 0.95', said('ours'), false],
    ['that nobody has classified', 'classes: [ours]', {}, false],
    ['that another classifier says it of', 'classes: [ours]', { class: { hat: { version: 1, value: 'ours', confidence: 1 } } }, false],
    ['of a label that is not asked for', 'classes: [ours], labels: [car]', said('ours'), false],
    ['of a low score', 'classes: [ours], scoreMin: 0.95', said('ours'), false],
    ['outside the zone', 'classes: [ours], zone: drive', { ...said('ours'), box: [480, 700, 520, 800] }, false],
    ['outside the schedule', 'classes: [ours], schedule: { from: "01:00", to: "02:00" }', said('ours'), false],
  ] as const)('%s is told: %s', (_, keys, extra, isTold) => {
    const film = new Film(rule(keys)).run(2, [at(1, inside, extra)]);
    expect(film.story).toEqual(isTold ? ['started 1'] : []);
  }); // prettier-ignore

  it('is told once it is classified, with the answer, since it came and until it is gone', () => {
    const film = new Film(rule('classes: [ours]')).run(2, [at(1, inside)]);
    expect(film.story).toEqual([]);
    film.run(3, [at(1, inside, said('ours', 0.8))]);
    const { class: answer } = film.messages[0]!.event.value!;
    expect(answer).toEqual({ classifier: 'van', version: 3, value: 'ours', confidence: 0.8 });
    expect(film.span).toEqual([0, undefined]);
    film.run(1, [at(1, inside, said('ours', 0.95))]).ended(1);
    expect(film.story).toEqual(['started 1', 'ended 1 lost']);
    expect(film.span).toEqual([0, 6]);
    expect(film.value).toMatchObject({ seconds: 6, class: { confidence: 0.95 } });
  });

  it('counts in its zone from when it came in to when it left', () => {
    const object = (place: [number, number]) => [at(1, place, said('ours'))];
    const film = new Film(rule('classes: [ours], zone: drive')).run(2, object(outside)).run(3, object(inside)).run(2, object(outside)); // prettier-ignore
    expect(film.story).toEqual(['started 1', 'ended 1 over']);
    expect(film.span).toEqual([2, 5]);
  });

  it('is over when the classifier says otherwise, and tells what it was', () => {
    const film = new Film(rule('classes: [ours]')).run(2, [at(1, inside, said('ours'))]).run(2, [at(1, inside, said('other'))]); // prettier-ignore
    expect(film.story).toEqual(['started 1', 'ended 1 over']);
    expect(film.value?.class?.value).toBe('ours');
  });

  it('goes on while it is hidden and when another track turns out to be it', () => {
    const film = new Film(rule('classes: [ours]')).run(2, [at(1, inside, said('ours'))]);
    film.run(8, [at(1, inside, { state: 'occluded' })]).run(1, [at(1, inside, said('ours'))]);
    film.run(1, [at(1, inside, said('ours')), at(2, inside)]);
    film.change([{ change: 'merged', object: at(2, inside), into: 1 }], [at(1, inside, said('ours'))]);
    expect(film.story).toEqual(['started 1']);
  });

  it('is told no more often than the cool-down allows', () => {
    const film = new Film(rule('classes: [ours], cooldownSeconds: 60'));
    for (const track of [1, 2, 3]) film.run(5, [at(track, inside, said('ours'))]).ended(track);
    expect(film.story).toEqual(['started 1', 'ended 1 lost']);
    expect(
      film
        .run(60, [])
        .run(1, [at(4, inside, said('ours'))])
        .story.at(-1),
    ).toBe('started 4');
  });
});

it('is found among tracks of before by what was kept of them', () => {
  const points = [0, 4000].map((timeMs) => ({ timeMs, box: [480, 400, 520, 500] as const }));
  const track = (startedMs: number, value?: string): PastTrack => ({
    ...{ label: 'car', score: 0.9, startedMs: NOON_MS + startedMs, points },
    ...(value !== undefined && said(value).class && { classes: said(value).class }),
  });
  const engine = new RuleEngine({ camera: 'gate', trackRun: 'r', eventRun: 'v', rules: rulesOf(rule('classes: [ours], zone: drive')) }); // prettier-ignore
  const messages: EventMessage[] = [];
  const tracks = [track(0, 'ours'), track(10_000, 'other'), track(20_000), track(30_000, 'ours')];
  for (const frame of storedFrames(tracks, { camera: 'gate', widthPx: 1000, heightPx: 1000 }))
    messages.push(...engine.observe(frame).messages);
  const began = messages.filter(({ type }) => type === 'event.started');
  expect(began.map(({ event }) => [event.tracks[0]!.id, Date.parse(event.startedAt) - NOON_MS])).toEqual([
    ['gate-r-1', 0],
    ['gate-r-4', 30_000],
  ]);
});
