import { describe, expect, it } from '@jest/globals';
import { encodeMask } from '../../../src/geometry/index.js';
import { at, Film, walk } from './film.js';

/** From left to right through the middle: in is down. */
const line = (keys = '', lineKeys = '') =>
  `lines: { door: { points: [[0.2, 0.5], [0.8, 0.5]]${lineKeys} } }\nrules: [{ name: a, type: line, line: door${keys} }]`;
const above: [number, number] = [500, 420];
const below: [number, number] = [500, 580];
const car = { label: 'car' };

const countsOf = (film: Film) => {
  const { in: into, out } = film.messages.findLast(({ event }) => event.value?.counts)?.event.value?.counts ?? { in: {}, out: {} }; // prettier-ignore
  return { in: into, out };
};
const crossed = (track: number, extra = {}) => (seconds: number) => [at(track, walk(above, below, seconds, 100), extra)]; // prettier-ignore

describe('a line', () => {
  it('counts who crosses it in and out, by label, and tells the count with each crossing', () => {
    const film = new Film(line()).run(2, crossed(1)).run(2, crossed(2, car)).run(3, (s) => [at(1, walk(below, above, s, 100))]); // prettier-ignore
    expect(film.story).toEqual(['started 1', 'started 2', 'started 1']);
    expect(film.messages.map(({ event }) => event.value?.direction)).toEqual(['in', 'in', 'out']);
    expect(countsOf(film)).toEqual({ in: { person: 1, car: 1 }, out: { person: 1 } });
    expect(film.messages[0]?.event).toMatchObject({ line: 'door', label: 'person' });
  });

  it('ends a crossing with its track, and every one with the stream; the count goes on', () => {
    const film = new Film(line()).run(2, crossed(1)).ended(1);
    expect(film.story).toEqual(['started 1', 'ended 1 lost']);
    film.run(2, crossed(2)).stop();
    expect(film.story.slice(2)).toEqual(['started 2', 'ended 2 stream']);
    expect(countsOf(film.run(2, crossed(3)))).toEqual({ in: { person: 3 }, out: {} });
  });

  it.each<[string, number, (s: number) => [number, number]]>([
    ['jitters over it', 0, (s) => [500, Math.round(s * 5) % 2 === 0 ? 490 : 510]],
    ['crosses it and comes back at once', 0, (s) => (s > 1 && s < 1.4 ? below : above)],
    ['crosses it and comes back later', 2, (s) => (s > 1 && s < 2.6 ? below : above)],
    ['passes beside its end', 0, (s) => walk([900, 420], [900, 580], s, 100)],
    ['jumps over it from one frame to the next', 1, (s) => (s < 1 ? [500, 100] : [500, 900])],
    ['stands on it', 0, () => [500, 500]],
  ])('has of an object that %s %d crossings', (_, crossings, place) => {
    const film = new Film(line()).run(4, (s) => [at(1, place(s))]);
    expect(film.story).toHaveLength(crossings);
  });

  it('counts who is gone right behind it', () => {
    const film = new Film(line())
      .run(1, [at(1, above)])
      .show([at(1, below)])
      .ended(1);
    expect(film.story).toEqual(['started 1', 'ended 1 lost']);
    const cut = new Film(line())
      .run(1, [at(1, above)])
      .show([at(1, below)])
      .stop();
    expect(cut.story).toEqual(['started 1', 'ended 1 stream']);
  });

  it('counts an unconfirmed track once it is confirmed, and else not', () => {
    const tentative = { state: 'tentative' as const };
    const film = new Film(line()).run(2, crossed(1, tentative));
    expect(film.story).toEqual([]);
    expect(film.show([at(1, below)]).story).toEqual(['started 1']);
  });

  it('is not crossed by a guess', () => {
    const film = new Film(line()).run(1, [at(1, above)]);
    film.run(1, [at(1, below, { state: 'predicted' })]).run(1, [at(1, below, { state: 'occluded' })]);
    expect(film.story).toEqual([]);
    expect(film.run(1.4, [at(1, below)]).story).toEqual(['started 1']);
  });

  it('tells one direction alone where that is asked for, and still counts both', () => {
    const film = new Film(line(', direction: out')).run(2, crossed(1)).run(3, (s) => [at(1, walk(below, above, s, 100))]); // prettier-ignore
    expect(film.story).toEqual(['started 1']);
    expect(countsOf(film)).toEqual({ in: { person: 1 }, out: { person: 1 } });
  });

  it('is crossed by the middle of a box where that is asked for', () => {
    // The middle of a box is 50 pixels above its foot.
    const passing = (s: number) => [at(1, walk([500, 480], [500, 530], s, 100))];
    expect(new Film(line()).run(2, passing).story).toEqual(['started 1']);
    expect(new Film(line('', ', by: centre')).run(2, passing).story).toEqual([]);
  });
});

describe('the count of a line', () => {
  it('follows the name of a track', () => {
    const film = new Film(line()).run(2, crossed(1));
    film.change([{ change: 'renamed', object: at(1, below, car), was: 'person' }], [at(1, below, car)]);
    expect(film.story).toEqual(['started 1', 'updated 1']);
    expect(film.messages[1]).toMatchObject({ event: { label: 'car' }, before: { label: 'person' } });
    expect(countsOf(film)).toEqual({ in: { person: 0, car: 1 }, out: {} });
  });

  it('drops what turns out to be something that does not count, and takes up what does', () => {
    const cars = ', labels: [car]';
    const film = new Film(line(cars)).run(2, crossed(1, car));
    film.change([{ change: 'renamed', object: at(1, below), was: 'car' }], [at(1, below)]);
    expect(film.story).toEqual(['started 1', 'updated 1', 'ended 1 renamed']);
    expect(countsOf(film)).toEqual({ in: { car: 0 }, out: {} });
    const late = new Film(line(cars)).run(2, crossed(1));
    expect(late.story).toEqual([]);
    late.change([{ change: 'renamed', object: at(1, below, car), was: 'person' }], [at(1, below, car)]);
    expect(countsOf(late)).toEqual({ in: { car: 1 }, out: {} });
  });

  it('counts two tracks of one object once', () => {
    const film = new Film(line()).run(2, (s) => [...crossed(1)(s), ...crossed(2)(s)]);
    expect(countsOf(film)).toEqual({ in: { person: 2 }, out: {} });
    film.change([{ change: 'merged', object: at(2, below), into: 1 }], [at(1, below)]);
    expect(film.story.slice(2)).toEqual(['updated 2', 'ended 2 merged']);
    expect(film.messages[2]?.event.value?.isCounted).toBe(false);
    expect(countsOf(film)).toEqual({ in: { person: 1 }, out: {} });
  });

  it('takes up a crossing that happened while the track was lost', () => {
    const film = new Film(line())
      .run(1, [at(1, above)])
      .run(1, [])
      .run(1, [at(2, below)]);
    expect(film.story).toEqual([]);
    film.change([{ change: 'merged', object: at(2, below), into: 1 }], [at(1, below)]);
    expect(film.story).toEqual(['started 1']);
    expect(countsOf(film)).toEqual({ in: { person: 1 }, out: {} });
  });

  it('keeps a crossing that was made before or after a loss, under the older track', () => {
    const before = new Film(line())
      .run(2, crossed(1))
      .run(1, [])
      .run(1, [at(2, below)]);
    before
      .change([{ change: 'merged', object: at(2, below), into: 1 }], [at(1, below)])
      .run(1, [at(1, below)]);
    expect(before.story).toEqual(['started 1']);
    const after = new Film(line())
      .run(1, [at(1, above)])
      .run(1, [])
      .run(2, crossed(2));
    after.change([{ change: 'merged', object: at(2, below), into: 1 }], [at(1, below)]).ended(1);
    expect(after.story).toEqual(['started 2', 'updated 1', 'ended 1 lost']);
    for (const film of [before, after]) expect(countsOf(film)).toEqual({ in: { person: 1 }, out: {} });
  });

  it('is that of one unbroken track, wherever a track is broken and put together again', () => {
    // There, back and there again, seen by 40 tracks in turn, each of which is found to be the first.
    const place = (s: number): [number, number] => [500, 500 - 150 * Math.cos((s * Math.PI) / 4)];
    const whole = new Film(line()).run(20, (s) => [at(1, place(s))]);
    const expected = countsOf(whole);
    expect(expected).toEqual({ in: { person: 3 }, out: { person: 2 } });
    for (const lossFrames of [0, 1, 3]) {
      const broken = new Film(line());
      for (let frame = 0; frame < 100; frame++) {
        const now = at(1, place(frame / 5));
        const part = frame < 10 ? 1 : 2 + Math.floor((frame - 10) / 7);
        const nth = frame < 10 ? 9 : (frame - 10) % 7;
        const isLost = nth < lossFrames;
        // A new number shows it for two frames, then it is known again.
        if (part > 1 && !isLost && nth < lossFrames + 2) broken.show([{ ...now, track: part }]);
        else if (part > 1 && nth === lossFrames + 2)
          broken.change([{ change: 'merged', object: { ...now, track: part }, into: 1 }], [now]); // prettier-ignore
        else broken.show(isLost ? [] : [now]);
      }
      expect(countsOf(broken)).toEqual(expected);
    }
  });
});

describe('by: foot', () => {
  /** A mask that stands at the left end of a box's lower side, though its middle is at 500. */
  const standingAt = (left: number, bottom: number) => {
    const pixels = new Uint8Array(1000 * 1000);
    for (let y = bottom - 80; y < bottom; y++) pixels.fill(1, y * 1000 + left, y * 1000 + left + 20);
    return encodeMask(pixels, [1000, 1000]);
  };
  const short = `lines: { door: { points: [[0.45, 0.5], [0.8, 0.5]] } }\nrules: [{ name: a, type: line, line: door }]`;

  it.each<[string, number, object]>([
    [
      'passes beside the end of a line with its foot, and over it with the middle of its box',
      0,
      { foot: 410 },
    ],
    ['crosses it with its foot', 1, { foot: 480 }],
    ['has no mask, and crosses it with the middle of its box', 1, {}],
  ])('counts of who %s: %d', (_, crossings, { foot }: { foot?: number }) => {
    const film = new Film(short).run(2, (seconds) => {
      const [x, y] = walk(above, below, seconds, 100);
      const box = [x - 100, y - 100, x + 100, y] as const;
      return [at(1, [x, y], { box, ...(foot !== undefined && { mask: standingAt(foot, Math.round(y)) }) })];
    });
    expect(film.story).toHaveLength(crossings);
  });
});
