import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../../src/config/parse.js';
import { TemporalRules, type EventMessage, type TrackMessage } from '../../../src/events/index.js';
import { NOON_MS } from './film.js';

const CAMERAS = `cameras:
  door: { source: a, lines: { l: { points: [[0, 0.5], [1, 0.5]] } }, rules: [{ name: opened, type: line, line: l }] }
  hall: { source: a, zones: { z: { polygon: [[0,0],[1,0],[1,1]] } }, rules: [{ name: arrived, type: enter, zone: z }] }
`;

/** What may be otherwise about an event. */
interface About {
  readonly type: EventMessage['type'];
  readonly track: string;
  readonly label: string;
}

/** Rules about events, and what came of what they were told. */
class Story {
  readonly told: EventMessage[] = [];
  readonly #rules: TemporalRules;
  #nextId = 1;

  constructor(rule: string) {
    const options = { file: 'test', baseDir: '/', env: {} };
    const { rules } = parseConfig(`${CAMERAS}rules: [{ name: a, ${rule} }]\n`, options);
    this.#rules = new TemporalRules({ rules, run: 'v' });
  }

  /** An event at so many seconds after noon. */
  event(
    second: number,
    camera: 'door' | 'hall',
    { type = 'event.started', track = 'x', label = 'person' }: Partial<About> = {},
  ): this {
    const time = new Date(NOON_MS + second * 1000).toISOString();
    const name = camera === 'door' ? 'opened' : 'arrived';
    this.told.push(
      ...this.#rules.observe({
        v: 1,
        type,
        camera,
        time,
        epoch: 3,
        ptsMs: second * 1000,
        frame: { width: 640, height: 360 },
        model: 'm@1',
        event: {
          id: `e${this.#nextId++}`,
          rule: { name, type: 'enter', version: '0' },
          severity: 'info',
          label,
          tracks: [{ id: track, label, score: 0.9, box: [0, 0, 10, 20] }],
          startedAt: time,
        },
      }),
    );
    return this;
  }

  merged(from: string, into: string): this {
    const message = { type: 'track.merged', track: { id: from }, into } as unknown as TrackMessage;
    this.told.push(...this.#rules.observe(message));
    return this;
  }

  tick(second: number): this {
    this.told.push(...this.#rules.tick(NOON_MS + second * 1000));
    return this;
  }

  /** Of each event that came of it: the seconds of its beginning and end, and the events it was made from. */
  get pairs() {
    return this.told
      .filter(({ type }) => type === 'event.ended')
      .map(({ event }) => [
        ...[event.startedAt, event.endedAt!].map((iso) => (Date.parse(iso) - NOON_MS) / 1000),
        event.events?.join('+'),
      ]);
  }
}

const sequence =
  'type: sequence, first: { rule: opened, camera: door }, then: { rule: arrived }, withinSeconds: 30';
const absence =
  'type: absence, first: { rule: opened }, without: { rule: arrived, camera: hall }, withinSeconds: 30';

describe('one event after another', () => {
  it('is told when the second comes in time, with both', () => {
    const story = new Story(sequence).event(0, 'door').event(30, 'hall', { track: 'y' });
    expect(story.told.map(({ type }) => type)).toEqual(['event.started', 'event.ended']);
    expect(story.pairs).toEqual([[0, 30, 'e1+e2']]);
    expect(story.told[0]).toMatchObject({
      camera: 'hall',
      epoch: 3,
      event: {
        id: '_rules-v-e1',
        rule: { name: 'a', type: 'sequence' },
        tracks: [{ id: 'y' }],
        label: 'person',
      },
    });
  });

  it('is not told when it comes too late, or before, or not at all', () => {
    expect(new Story(sequence).event(0, 'door').event(30.1, 'hall').pairs).toEqual([]);
    expect(new Story(sequence).event(0, 'hall').tick(10).event(11, 'door').tick(99).pairs).toEqual([]);
    expect(new Story(sequence).event(0, 'door').event(9, 'door').tick(99).pairs).toEqual([]);
  });

  it('takes each event once, the latest first', () => {
    const story = new Story(sequence).event(0, 'door').event(5, 'door');
    story.event(8, 'hall').event(9, 'hall').event(10, 'hall');
    expect(story.pairs).toEqual([[5, 8, 'e2+e3'], [0, 9, 'e1+e4']]); // prettier-ignore
  });

  it('is told, too, when the first is told a little later than the second', () => {
    expect(new Story(sequence).event(2, 'hall').tick(2.5).event(1, 'door').pairs).toEqual([[1, 2, 'e2+e1']]);
  });

  it('can be of one event of one rule only once', () => {
    const twice = 'type: sequence, first: { rule: opened }, then: { rule: opened }, withinSeconds: 30';
    expect(new Story(twice).event(0, 'door').pairs).toEqual([]);
    expect(new Story(twice).event(0, 'door').event(4, 'door').pairs).toEqual([[0, 4, 'e1+e2']]);
  });

  it('can ask for the same object, for a label, and for the end of an event', () => {
    const same = new Story(`${sequence}, sameTrack: true`).event(0, 'door', { track: 'x' });
    expect(same.event(1, 'hall', { track: 'y' }).pairs).toEqual([]);
    expect(same.event(2, 'hall', { track: 'x' }).pairs).toEqual([[0, 2, 'e1+e3']]);
    const merged = new Story(`${sequence}, sameTrack: true`)
      .event(0, 'door', { track: 'x' })
      .merged('x', 'w');
    expect(merged.event(1, 'hall', { track: 'w' }).pairs).toHaveLength(1);
    const car = sequence.replace('rule: arrived', 'rule: arrived, label: car, on: ended');
    const story = new Story(car).event(0, 'door').event(1, 'hall', { label: 'car' }).event(2, 'hall', { type: 'event.ended' }); // prettier-ignore
    expect(story.pairs).toEqual([]);
    expect(story.event(3, 'hall', { type: 'event.ended', label: 'car' }).pairs).toHaveLength(1);
  });
});

describe('one event without another', () => {
  it('is told once the time is over', () => {
    const story = new Story(absence).event(0, 'door').tick(30);
    expect(story.pairs).toEqual([]);
    expect(story.tick(34).tick(40).pairs).toEqual([[0, 30, 'e1']]);
    expect(story.told[0]).toMatchObject({ camera: 'door', time: '2026-05-03T12:00:30.000Z' });
  });

  it('is not told when the other came, even if that is told late', () => {
    expect(new Story(absence).event(0, 'door').event(29, 'hall').tick(99).pairs).toEqual([]);
    expect(new Story(absence).event(0, 'door').tick(31).event(29.5, 'hall').tick(99).pairs).toEqual([]);
    expect(new Story(absence).event(2, 'hall').event(1, 'door').tick(99).pairs).toEqual([]);
  });

  it('is told when the other came before, or too late', () => {
    expect(new Story(absence).event(0, 'hall').tick(9).event(10, 'door').tick(99).pairs).toHaveLength(1);
    expect(new Story(absence).event(0, 'door').event(31, 'hall').tick(99).pairs).toHaveLength(1);
  });

  it('takes one for all that it followed', () => {
    const story = new Story(absence).event(0, 'door').event(10, 'door').event(20, 'hall').tick(99);
    expect(story.pairs).toEqual([]);
  });
});

describe('many events', () => {
  const repeated = 'type: repeated, event: { rule: opened }, times: 3, withinSeconds: 60';

  it('are told when there are enough in the time, and counted anew after that', () => {
    const story = new Story(repeated).event(0, 'door').event(50, 'door').event(61, 'door').event(70, 'door');
    expect(story.pairs).toEqual([[50, 70, 'e2+e3+e4']]);
    expect(story.told[0]?.event.value).toEqual({ count: 3 });
    expect(story.event(71, 'door').event(72, 'door').pairs).toHaveLength(1);
    expect(story.event(73, 'door').pairs).toHaveLength(2);
  });

  it('are not told of another rule', () => {
    const story = new Story(repeated);
    for (let second = 0; second < 20; second++) story.event(second, 'hall');
    expect(story.pairs).toEqual([]);
  });

  it('wait for the cool-down', () => {
    const story = new Story(`${repeated}, cooldownSeconds: 100`);
    for (let second = 0; second < 120; second++) story.event(second, 'door');
    expect(story.pairs.map(([, endedAt]) => endedAt)).toEqual([2, 104]);
  });
});

describe('rules about events', () => {
  it('do not hear of their own events', () => {
    const own = new Story('type: repeated, event: { rule: opened }, times: 2, withinSeconds: 60');
    const again = { ...own.event(0, 'door').event(1, 'door').told[0]! };
    expect(own.told).toHaveLength(2);
    expect(again.event.rule.type).toBe('repeated');
  });
});
