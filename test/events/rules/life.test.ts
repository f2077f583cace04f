import { describe, expect, it } from '@jest/globals';
import type { EventMessage, FrameObject, TrackReport } from '../../../src/events/index.js';
import { at, Film } from './film.js';

const EVERYTHING = `
zones:
  a: { polygon: [[0.1, 0.1], [0.6, 0.1], [0.6, 0.9], [0.1, 0.9]] }
  b: { polygon: [[0.4, 0.1], [0.9, 0.1], [0.9, 0.9], [0.4, 0.9]], by: box, share: 0.3 }
lines: { l: { points: [[0.5, 0], [0.5, 1]] } }
calibration: { picture: [[0,0],[1,0],[1,1],[0,1]], metres: [[0,0],[100,0],[100,100],[0,100]] }
rules:
  - { name: enter, type: enter, zone: a }
  - { name: leave, type: leave, zone: a }
  - { name: inside, type: inside, zone: b, labels: [person, car] }
  - { name: loiter, type: loiter, zone: a, seconds: 3 }
  - { name: line, type: line, line: l, labels: [person, car] }
  - { name: occupancy, type: occupancy, zone: b }
  - { name: crowding, type: crowding, zone: a, countMin: 3, seconds: 1 }
  - { name: wrong, type: wrong-way, allowed: [[0, 0.5], [1, 0.5]], seconds: 0.4 }
  - { name: stopped, type: stopped, seconds: 2, cooldownSeconds: 2 }
  - { name: abandoned, type: abandoned, labels: [suitcase], seconds: 2 }
  - { name: removed, type: removed, zone: a, labels: [suitcase], seconds: 1, goneSeconds: 1 }
  - { name: speed, type: speed, kmhAbove: 20, schedule: { from: "11:00", to: "12:05" } }
`;

/** Tracks that come, wander, stand, hide, go, and turn out to be others; the same for the same seed. */
function wander(seed: number, frames: number): Film {
  let state = seed;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!;
  const film = new Film(EVERYTHING);
  const open = new Map<number, { x: number; y: number; dx: number; dy: number; label: string }>();
  let nextTrack = 1;
  const shownAs = (track: number): FrameObject => {
    const { x, y, label } = open.get(track)!;
    const object = at(track, [x, y], { label, score: 0.4 + random() * 0.6 });
    return pick([
      object,
      object,
      object,
      { ...object, state: 'predicted' },
      { ...object, state: 'occluded' },
    ]);
  };
  for (let frame = 0; frame < frames; frame++) {
    const changes: TrackReport[] = [];
    if (open.size < 8 && random() < 0.1) {
      const track = nextTrack++;
      open.set(track, { x: random() * 1000, y: 100 + random() * 850, dx: 0, dy: 0, label: pick(['person', 'car', 'suitcase']) }); // prettier-ignore
      changes.push({ change: 'started', object: shownAs(track) });
    }
    for (const [track, walker] of [...open]) {
      if (random() < 0.05)
        [walker.dx, walker.dy] = random() < 0.4 ? [0, 0] : [random() * 80 - 40, random() * 40 - 20];
      walker.x = Math.min(980, Math.max(20, walker.x + walker.dx));
      walker.y = Math.min(1000, Math.max(100, walker.y + walker.dy));
      const chance = random();
      const older = [...open.keys()].find((other) => other < track);
      if (chance < 0.01) {
        changes.push({ change: 'ended', object: shownAs(track) });
        open.delete(track);
      } else if (chance < 0.03 && older !== undefined) {
        changes.push({ change: 'merged', object: shownAs(track), into: older });
        Object.assign(open.get(older)!, { x: walker.x, y: walker.y });
        open.delete(track);
      } else if (chance < 0.04) {
        const was = walker.label;
        walker.label = pick(['person', 'car', 'suitcase']);
        if (was !== walker.label) changes.push({ change: 'renamed', object: shownAs(track), was });
      }
    }
    const objects = [...open.keys()].filter(() => random() < 0.9).map(shownAs);
    film.show(objects, { changes });
    if (frame % 500 === 499) {
      film.stop();
      open.clear();
    }
  }
  return film.stop('config');
}

describe('the events of anything that may happen', () => {
  it('each begin once and end once, with changes between alone', () => {
    const { messages } = wander(5, 4000);
    const lives = new Map<string, EventMessage['type'][]>();
    for (const { type, event } of messages) lives.set(event.id, [...(lives.get(event.id) ?? []), type]);
    const types = new Set(messages.map(({ event }) => event.rule.type));
    expect([...types].sort()).toEqual(['abandoned', 'crowding', 'enter', 'inside', 'leave', 'line', 'loiter', 'occupancy', 'removed', 'speed', 'stopped', 'wrong-way']); // prettier-ignore
    for (const [id, life] of lives) {
      const expected = ['event.started', ...life.slice(1, -1).map(() => 'event.updated'), 'event.ended'];
      expect([id, life]).toEqual([id, expected]);
    }
    expect(lives.size).toBeGreaterThan(500);
  });

  it('have times in order, and counts that add up', () => {
    const { messages } = wander(6, 4000);
    for (const { time, event } of messages) {
      expect(event.startedAt <= time).toBe(true);
      if (event.endedAt !== undefined)
        expect(event.startedAt <= event.endedAt && event.endedAt <= time).toBe(true);
    }
    const counted = { in: 0, out: 0 };
    for (const { type, event } of messages) {
      if (event.rule.type !== 'line') continue;
      const { direction, isCounted = true, counts } = event.value!;
      if (type === 'event.started') counted[direction!]++;
      else if (type === 'event.updated' && !isCounted) counted[direction!]--;
      for (const side of ['in', 'out'] as const) {
        const labels = Object.values(counts![side]);
        expect(Math.min(0, ...labels)).toBe(0);
        expect(labels.reduce((sum, count) => sum + count, 0)).toBe(counted[side]);
      }
    }
    expect(counted.in).toBeGreaterThan(20);
  });

  it('are the same for the same frames', () => {
    expect(wander(7, 1000).messages).toEqual(wander(7, 1000).messages);
  });
});
