import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { RuleEngine, type FrameObject, type RuleFrame } from '../../../src/events/index.js';
import { sharedDir } from '../../support/shared-data.js';
import { rulesOf } from './film.js';

const truthFile = path.join(sharedDir, 'data/mot/PETS09-S2L1/gt_768x576.txt');
const describeWithPets = existsSync(truthFile) ? describe : describe.skip;

const [WIDTH_PX, HEIGHT_PX, FPS] = [768, 576, 7];
type Place = readonly [x: number, y: number];
type Line = readonly [Place, Place];

/** Ways across the square, of people who walk, wait and turn: shares of the picture. */
const LINES: Readonly<Record<string, Line>> = {
  'across the square': [[0.1, 0.5], [0.9, 0.5]],
  'down the middle': [[0.5, 0.2], [0.5, 0.95]],
  'up the middle': [[0.5, 0.95], [0.5, 0.2]],
  'on the left': [[0.25, 0.3], [0.25, 0.9]],
  'on the right': [[0.75, 0.3], [0.7, 0.95]],
  'aslant': [[0.2, 0.8], [0.85, 0.3]],
  'a short one': [[0.45, 0.4], [0.6, 0.45]],
  'the road above': [[0.2, 0.25], [0.95, 0.35]],
  'whole picture': [[0, 0.4], [1, 0.6]],
}; // prettier-ignore

/** The boxes of the ground truth, by person. */
function truth(): Map<number, { frame: number; box: readonly [number, number, number, number] }[]> {
  const people = new Map<number, { frame: number; box: readonly [number, number, number, number] }[]>();
  for (const row of readFileSync(truthFile, 'utf8').trim().split(/\r?\n/)) {
    const [frame, id, x, y, w, h] = row.split(',').map(Number) as [number, number, number, number, number, number]; // prettier-ignore
    people.set(id, [...(people.get(id) ?? []), { frame, box: [x, y, x + w, y + h] }]);
  }
  for (const rows of people.values()) rows.sort((a, b) => a.frame - b.frame);
  return people;
}

/**
 * Crossings by another way than that of the rules: each step of a person is met with the line by solving for where along both they meet,
 * over the whole way at once; then those who are back within the time are struck out.
 */
function countedApart(line: Line, debounceFrames: number): { in: number; out: number } {
  const [ax, ay, bx, by] = line.flatMap(([x, y]) => [x * WIDTH_PX, y * HEIGHT_PX]) as [
    number,
    number,
    number,
    number,
  ];
  const counts = { in: 0, out: 0 };
  for (const rows of truth().values()) {
    const crossings: { frame: number; direction: 'in' | 'out' }[] = [];
    for (let i = 1; i < rows.length; i++) {
      const [from, to] = [rows[i - 1]!, rows[i]!].map(
        ({ box: [x1, , x2, y2] }) => [(x1 + x2) / 2, y2] as const,
      );
      const [dx, dy, ex, ey] = [to![0] - from![0], to![1] - from![1], bx - ax, by - ay];
      const determinant = dx * ey - dy * ex;
      if (determinant === 0) continue;
      const alongWay = ((ax - from![0]) * ey - (ay - from![1]) * ex) / determinant;
      const alongLine = ((ax - from![0]) * dy - (ay - from![1]) * dx) / determinant;
      if (alongWay <= 0 || alongWay > 1 || alongLine < 0 || alongLine > 1) continue;
      // To the right hand of who looks along the line, which in a picture is clockwise.
      crossings.push({ frame: rows[i]!.frame, direction: determinant < 0 ? 'in' : 'out' });
    }
    const kept: typeof crossings = [];
    for (const crossing of crossings) {
      const last = kept.at(-1);
      const isBack = last !== undefined && last.direction !== crossing.direction && crossing.frame - last.frame < debounceFrames; // prettier-ignore
      if (isBack) kept.pop();
      else kept.push(crossing);
    }
    for (const { direction } of kept) counts[direction]++;
  }
  return counts;
}

/** The same ground truth as the frames of a camera. */
function* frames(): Generator<RuleFrame> {
  const byFrame = new Map<number, FrameObject[]>();
  const lastFrame = new Map<number, number>();
  for (const [track, rows] of truth())
    for (const { frame, box } of rows) {
      const object: FrameObject = { track, label: 'person', score: 1, box, state: 'tracked' };
      byFrame.set(frame, [...(byFrame.get(frame) ?? []), object]);
      lastFrame.set(track, frame);
    }
  for (let frame = 1; frame <= Math.max(...byFrame.keys()); frame++) {
    const ended = [...lastFrame].filter(([, last]) => last === frame - 1);
    yield {
      camera: 'pets',
      epoch: 1,
      ptsMs: ((frame - 1) * 1000) / FPS,
      capturedAtMs: ((frame - 1) * 1000) / FPS,
      widthPx: WIDTH_PX,
      heightPx: HEIGHT_PX,
      model: 'truth',
      light: { regime: 'day', meanLuma: 0.5, normalised: false },
      objects: byFrame.get(frame) ?? [],
      changes: ended.map(([track]) => ({
        change: 'ended',
        object: { track, label: 'person', score: 1, box: [0, 0, 1, 1], state: 'tracked' },
      })),
    };
  }
}

function countedByRule(line: Line, debounceSeconds: number): { in: number; out: number } {
  const rules = rulesOf(
    `lines: { l: { points: ${JSON.stringify(line)}, debounceSeconds: ${debounceSeconds} } }\nrules: [{ name: a, type: line, line: l }]`,
  );
  const engine = new RuleEngine({ camera: 'pets', trackRun: 'pets', eventRun: 'pets', rules });
  const events = [...frames()].flatMap((frame) => engine.observe(frame).messages);
  events.push(...engine.stop('stream', 0));
  const counts = { in: 0, out: 0 };
  for (const { type, event } of events) if (type === 'event.started') counts[event.value!.direction!]++;
  const last = events.at(-1)?.event.value?.counts;
  expect({ in: last?.in['person'] ?? 0, out: last?.out['person'] ?? 0 }).toEqual(counts);
  return counts;
}

describeWithPets('line counts on PETS09-S2L1', () => {
  it.each(Object.keys(LINES))('are those counted another way: %s', (name) => {
    const line = LINES[name]!;
    // Between two frames, so that no rounding decides.
    for (const seconds of [0, 0.5, 1.1])
      expect(countedByRule(line, seconds)).toEqual(countedApart(line, seconds * FPS));
    const settled = countedApart(line, 1.1 * FPS);
    expect(settled.in + settled.out).toBeGreaterThan(0);
  });
});
