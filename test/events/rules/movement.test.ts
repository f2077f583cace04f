import { describe, expect, it } from '@jest/globals';
import type { FrameObject } from '../../../src/events/index.js';
import { at, Film, walk } from './film.js';

const ZONE = 'zones: { place: { polygon: [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8]] } }\n';
const rule = (keys: string) => `${ZONE}rules: [{ name: a, ${keys} }]`;

/** A box that is never quite where it was: three pixels off, to all sides in turn. */
const jitter = (object: FrameObject, seconds: number): FrameObject => {
  const turn = seconds * 5 * 2.4;
  const [dx, dy] = [3 * Math.cos(turn), 3 * Math.sin(turn)];
  const [x1, y1, x2, y2] = object.box;
  return { ...object, box: [x1 + dx, y1 + dy, x2 + dx, y2 + dy] };
};

describe('the wrong way', () => {
  const down = 'type: wrong-way, allowed: [[0.5, 0.2], [0.5, 0.8]]';
  const going = (from: [number, number], to: [number, number], keys = down) =>
    new Film(rule(keys)).run(6, (s) => [jitter(at(1, walk(from, to, s, 100)), s)]).story;

  it.each<[string, [number, number], [number, number], boolean]>([
    ['with the arrow', [500, 200], [500, 800], false],
    ['against the arrow', [500, 800], [500, 200], true],
    ['across it', [200, 500], [800, 500], false],
    ['askew against it', [400, 800], [600, 200], true],
    ['nowhere', [500, 500], [500, 500.01], false],
  ])('is, or is not, taken by who goes %s', (_, from, to, isWrong) => {
    expect(going(from, to).includes('started 1')).toBe(isWrong);
  });

  it('lasts until the object turns or stops', () => {
    const film = new Film(rule(down)).run(6, (s) => [at(1, walk([500, 800], [500, 400], s, 100))]);
    film.run(4, [at(1, [500, 400])]);
    expect(film.story).toEqual(['started 1', 'ended 1 over']);
  });

  it('counts in its zone alone where it has one', () => {
    const outside: [[number, number], [number, number]] = [[900, 800], [900, 200]]; // prettier-ignore
    expect(going(...outside, `${down}, zone: place`)).toEqual([]);
    expect(going(...outside)).toContain('started 1');
  });
});

describe('a stopped vehicle', () => {
  const stopped = rule('type: stopped, labels: [car], seconds: 10, zone: place');
  const car = { label: 'car' };
  const drive = (s: number) => [at(1, walk([250, 500], [500, 500], s, 125), car)];
  const stand = (s: number) => [jitter(at(1, [500, 500], car), s)];

  it('is told once it has stood for long, and is over when it goes on', () => {
    const film = new Film(stopped).run(2, drive).run(9.6, stand);
    expect(film.story).toEqual([]);
    film.run(3, stand);
    expect(film.story).toEqual(['started 1']);
    film.run(3, (s) => [at(1, walk([500, 500], [780, 500], s, 100), car)]);
    expect(film.story).toEqual(['started 1', 'ended 1 over']);
    expect(film.value?.seconds).toBeGreaterThan(11);
  });

  it('is not one that was parked before, unless that is asked for', () => {
    expect(new Film(stopped).run(30, stand).story).toEqual([]);
    const all = stopped.replace('zone: place', 'zone: place, afterMoving: false');
    expect(new Film(all).run(30, stand).story).toEqual(['started 1']);
  });

  it('is still one when its box jumps, when it is hidden, and under another number', () => {
    const film = new Film(stopped).run(2, drive).run(6, stand);
    film.run(0.6, [at(1, [560, 520], car)]).run(1, stand).run(3, [at(1, [500, 500], { ...car, state: 'occluded' })]); // prettier-ignore
    film.run(0.4, stand);
    expect(film.story).toEqual(['started 1']);
    film.run(2, []).run(1, (s) => [{ ...stand(s)[0]!, track: 2 }]);
    film.change([{ change: 'merged', object: at(2, [500, 500], car), into: 1 }], stand(0)).run(9, stand);
    expect(film.story).toEqual(['started 1']);
  });

  it('is not a person, and not a car outside the zone', () => {
    expect(new Film(stopped).run(30, [at(1, [500, 500])]).story).toEqual([]);
    const outside = (s: number) => [at(1, walk([500, 900], [850, 900], s, 125), car)];
    expect(new Film(stopped).run(30, outside).story).toEqual([]);
  });
});

describe('an abandoned thing', () => {
  const abandoned = rule('type: abandoned, seconds: 10');
  const bag = at(9, [500, 500], { label: 'suitcase', box: [480, 470, 520, 500] });

  it('is told when nobody has been near for long, and is over when somebody is', () => {
    const film = new Film(abandoned).run(20, (s) => [jitter(bag, s), at(1, [540, 500])]);
    expect(film.story).toEqual([]);
    film.run(4, (s) => [bag, at(1, walk([540, 500], [940, 500], s, 200))]);
    film.run(6, [bag]);
    expect(film.story).toEqual([]);
    film.run(6, [bag]);
    expect(film.story).toEqual(['started 9']);
    film.run(1, [bag, at(2, [460, 500])]);
    expect(film.story).toEqual(['started 9', 'ended 9 over']);
  });

  it('is not one that is carried', () => {
    const film = new Film(abandoned).run(20, (s) => [at(9, walk([100, 500], [900, 500], s, 40), { label: 'suitcase' })]); // prettier-ignore
    expect(film.story).toEqual([]);
  });
});

describe('a removed thing', () => {
  const removed = rule('type: removed, zone: place, labels: [suitcase], seconds: 10, goneSeconds: 3');
  const bag = at(9, [500, 500], { label: 'suitcase', box: [480, 470, 520, 500] });
  const stood = () => new Film(removed).run(11, (s) => [jitter(bag, s)]);

  it('is told once it is gone from where it stood', () => {
    const film = stood().run(2.8, []);
    expect(film.story).toEqual([]);
    expect(film.run(1, []).story).toEqual(['started 9', 'ended 9 over']);
    expect(film.value?.seconds).toBeCloseTo(10.9, 0);
    expect(film.run(20, []).story).toHaveLength(2);
  });

  it('is told when it is seen elsewhere', () => {
    const film = stood().run(6, (s) => [{ ...bag, box: [480 + 60 * s, 470, 520 + 60 * s, 500] }]);
    expect(film.story).toEqual(['started 9', 'ended 9 over']);
  });

  it('is not told while somebody stands before it', () => {
    const person = at(1, [500, 520]);
    const film = stood().run(20, [person]);
    expect(film.story).toEqual([]);
    expect(film.run(2, [bag]).run(1, []).story).toEqual([]);
    expect(film.run(3, []).story).toHaveLength(2);
  });

  it('is not told when it is there under another number, nor when the stream ends, nor of what just stood down', () => {
    expect(stood().run(20, [{ ...bag, track: 10 }]).story).toEqual([]);
    expect(stood().stop().run(20, []).story).toEqual([]);
    expect(new Film(removed).run(5, [bag]).run(20, []).story).toEqual([]);
  });
});

describe('speed', () => {
  /** A street as seen from above: 100 pixels are ten metres. */
  const fromAbove =
    'calibration: { picture: [[0,0],[1,0],[1,1],[0,1]], metres: [[0,0],[100,0],[100,100],[0,100]] }\n';
  const fast = `${fromAbove}rules: [{ name: a, type: speed, kmhAbove: 50 }]`;
  const drive = (pxPerSecond: number) => (s: number) => [jitter(at(1, walk([100, 500], [900, 500], s, pxPerSecond), { label: 'car' }), s)]; // prettier-ignore

  it('is told with the objects of a frame, km/h', () => {
    const film = new Film(fromAbove).run(3, drive(100));
    expect(film.objects[0]?.speed).toBeGreaterThan(34);
    expect(film.objects[0]?.speed).toBeLessThan(38);
  });

  it('is too high for an event above the limit alone, with the highest', () => {
    expect(new Film(fast).run(7, drive(125)).story).toEqual([]);
    const film = new Film(fast).run(4, drive(180)).run(3, [at(1, [820, 500], { label: 'car' })]);
    expect(film.story).toEqual(['started 1', 'ended 1 over']);
    expect(film.value?.kmh).toBeGreaterThan(60);
    expect(film.value?.kmh).toBeLessThan(72);
  });

  it('is the same far and near', () => {
    const street =
      'calibration: { picture: [[0.4,0.4],[0.6,0.4],[1,1],[0,1]], metres: [[0,0],[7,0],[7,30],[0,30]] }\n';
    const speeds: number[] = [];
    const film = new Film(street, { stepMs: 100 });
    for (let frame = 0; frame < 26; frame++) {
      const metres = 1 + frame;
      // Ten metres a second along the middle. Lines across are 0.2 wide far off and 1 near: places divide as their depths do.
      const share = metres / 30;
      const z = (share * 0.2) / (1 - share * 0.8);
      film.show([at(1, [500, 1000 * (0.4 + 0.6 * z)])]);
      speeds.push(film.objects[0]?.speed ?? NaN);
    }
    const told = speeds.filter((speed) => !Number.isNaN(speed)).slice(3);
    expect(told.length).toBeGreaterThan(15);
    for (const speed of told) expect(Math.abs(speed - 36)).toBeLessThan(0.5);
  });

  it('says nothing of who is cut off by the lower edge, nor without calibration', () => {
    const cut = (s: number) => [at(1, walk([100, 1000], [900, 1000], s, 180))];
    expect(new Film(fast).run(4, cut).story).toEqual([]);
    expect(new Film(ZONE).run(3, drive(100)).objects[0]?.speed).toBeUndefined();
  });
});

describe('light and camera', () => {
  it('tells lightning when it is over, and not that somebody switched on the light', () => {
    const lit = (regime: 'low' | 'day' | 'flash') => ({
      light: { regime, meanLuma: 0.1, normalised: false },
    });
    const rule = 'rules: [{ name: a, type: light, regime: flash }]';
    const storm = new Film(rule).run(2, [], lit('low')).run(0.4, [], lit('flash')).run(2, [], lit('low'));
    expect(storm.story).toEqual(['started ', 'ended  over']);
    expect(storm.value).toEqual({ seconds: 0.4 });
    const lamp = new Film(rule).run(2, [], lit('low')).run(0.4, [], lit('flash')).run(2, [], lit('day'));
    expect(lamp.story).toEqual([]);
  });

  it('tells no end of the night for lightning', () => {
    const lit = (regime: 'low' | 'flash') => ({ light: { regime, meanLuma: 0.1, normalised: false } });
    const film = new Film('rules: [{ name: a, type: light, regime: low, seconds: 0 }]');
    film.run(2, [], lit('low')).run(0.4, [], lit('flash')).run(2, [], lit('low'));
    expect(film.story).toEqual(['started ']);
  });

  it('tells of the dark that lasts, and not of a cloud', () => {
    const [low, day] = (['low', 'day'] as const).map((regime) => ({ light: { regime, meanLuma: 0.1, normalised: false } })); // prettier-ignore
    const film = new Film('rules: [{ name: a, type: light, regime: low, seconds: 10 }]').run(9, [], low).run(11, [], day); // prettier-ignore
    expect(film.story).toEqual([]);
    film.run(12, [], low).run(5, [], day).run(5, [], low);
    expect(film.story).toEqual(['started ']);
    film.run(11, [], day);
    expect(film.story).toEqual(['started ', 'ended  over']);
  });

  it('tells of a camera that is away for long, once, and when it is back', () => {
    const film = new Film('rules: [{ name: a, type: offline, seconds: 30 }]').run(2, []);
    film.cameraState(false, 10).stop().cameraState(false, 25).cameraState(true, 30);
    expect(film.story).toEqual([]);
    for (const second of [40, 60, 71, 90]) film.cameraState(false, second);
    expect(film.story).toEqual(['started ']);
    film.cameraState(true, 100);
    expect(film.story).toEqual(['started ', 'ended  over']);
    expect(film.span).toEqual([40, 100]);
    expect(film.value).toEqual({ seconds: 60 });
  });
});
