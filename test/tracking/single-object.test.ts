import { describe, expect, it } from '@jest/globals';
import { searchRegion, type Box } from '../../src/geometry/index.js';
import { locate, SingleObject, type Sighting } from '../../src/tracking/index.js';

/** At the scale of the crop for a 40×40 box: its search region is 160 px, as the crop is. */
const GEOMETRY = { templatePx: 80, searchPx: 160, gridCells: 11, stridePx: 8, firstCellPx: 40, context: 0.5 };
const TUNING = { penaltyK: 0.1, windowInfluence: 0.3, sizeRate: 0.5 };
const BOX: Box = [300, 200, 340, 240];
const CELLS = GEOMETRY.gridCells ** 2;
const MIDDLE = 5;

/** Maps in which some cells have a score and all have a box of one size around their centre. */
function maps(
  scores: readonly (readonly [column: number, row: number, score: number])[],
  width = 40,
  height = 40,
) {
  const score = new Float32Array(CELLS);
  for (const [column, row, value] of scores) score[row * GEOMETRY.gridCells + column] = value;
  const ltrb = new Float32Array(4 * CELLS);
  [width, height, width, height].forEach((side, plane) =>
    ltrb.fill(side / 2, plane * CELLS, (plane + 1) * CELLS),
  );
  return { score, ltrb };
}

const near = (box: Box) => box.map((side) => expect.closeTo(side, 3));

describe('locate', () => {
  it('needs a region of the size of the crop for these tests', () => {
    const [x1, , x2] = searchRegion(BOX, GEOMETRY);
    expect(x2 - x1).toBeCloseTo(160, 9);
  });

  it('finds an object where it was', () => {
    const found = locate(BOX, maps([[MIDDLE, MIDDLE, 0.9]]), GEOMETRY, TUNING);
    expect(found.box).toEqual(near(BOX));
    expect(found.confidence).toBeCloseTo(0.9, 6);
  });

  it('finds an object that moved, in source pixels', () => {
    const { box } = locate(BOX, maps([[MIDDLE + 2, MIDDLE - 1, 0.9]]), GEOMETRY, TUNING);
    expect(box).toEqual(near([316, 192, 356, 232]));
    // The same maps in a region twice as large.
    const large = locate([300, 200, 380, 280], maps([[MIDDLE + 2, MIDDLE - 1, 0.9]]), GEOMETRY, TUNING);
    expect(large.box).toEqual(near([332, 184, 412, 264]));
  });

  it('takes the box from its four distances, which need not be around the cell', () => {
    const given = maps([[MIDDLE, MIDDLE, 1]]);
    [30, 5, 10, 35].forEach((side, plane) => given.ltrb.fill(side, plane * CELLS, (plane + 1) * CELLS));
    expect(locate(BOX, given, GEOMETRY, TUNING).box).toEqual(near([290, 215, 330, 255]));
  });

  it('prefers the place near the middle of two that look alike, and the better one of two that are as near', () => {
    const nearer = locate(
      BOX,
      maps([
        [MIDDLE + 1, MIDDLE, 0.8],
        [MIDDLE + 4, MIDDLE, 0.85],
      ]),
      GEOMETRY,
      TUNING,
    );
    expect(nearer.box[0]).toBeCloseTo(308, 3);
    const better = locate(
      BOX,
      maps([
        [MIDDLE - 1, MIDDLE, 0.8],
        [MIDDLE + 1, MIDDLE, 0.85],
      ]),
      GEOMETRY,
      TUNING,
    );
    expect(better.box[0]).toBeCloseTo(308, 3);
  });

  it('prefers the size and aspect that the object had', () => {
    const given = maps([
      [MIDDLE - 1, MIDDLE, 0.85],
      [MIDDLE + 1, MIDDLE, 0.8],
    ]);
    const odd = MIDDLE * GEOMETRY.gridCells + MIDDLE - 1;
    for (const plane of [0, 2]) given.ltrb[plane * CELLS + odd] = 60;
    expect(locate(BOX, given, GEOMETRY, TUNING).box[0]).toBeCloseTo(308, 3);
    expect(locate(BOX, given, GEOMETRY, { ...TUNING, penaltyK: 0 }).box[0]).toBeLessThan(300);
  });

  it('follows a size slowly, and the more so the surer it is', () => {
    const width = (score: number, sizeRate: number) => {
      const { box } = locate(BOX, maps([[MIDDLE, MIDDLE, score]], 60, 60), GEOMETRY, {
        ...TUNING,
        penaltyK: 0,
        sizeRate,
      });
      return box[2] - box[0];
    };
    expect(width(1, 0.5)).toBeCloseTo(50, 3);
    expect(width(0.5, 0.5)).toBeCloseTo(45, 3);
    expect(width(1, 0)).toBeCloseTo(40, 3);
  });

  it('tells how alike something else in the crop looks, which the object itself is not', () => {
    const alone = locate(
      BOX,
      maps([
        [MIDDLE, MIDDLE, 0.9],
        [MIDDLE + 1, MIDDLE, 0.88],
      ]),
      GEOMETRY,
      TUNING,
    );
    expect(alone).toMatchObject({ sidelobe: 0, confidence: expect.closeTo(0.9, 6) });
    const twin = locate(
      BOX,
      maps([
        [MIDDLE, MIDDLE, 0.9],
        [MIDDLE + 5, MIDDLE, 0.88],
      ]),
      GEOMETRY,
      TUNING,
    );
    expect(twin.sidelobe).toBeCloseTo(0.88, 6);
  });

  it('finds nothing, with no confidence, in maps of a broken model', () => {
    const broken = { score: new Float32Array(CELLS).fill(NaN), ltrb: new Float32Array(4 * CELLS).fill(NaN) };
    expect(locate(BOX, broken, GEOMETRY, TUNING)).toEqual({ box: BOX, sidelobe: 0, confidence: 0 });
    const turned = { ...maps([[MIDDLE, MIDDLE, 1]]), ltrb: new Float32Array(4 * CELLS).fill(-5) };
    expect(locate(BOX, turned, GEOMETRY, TUNING).confidence).toBe(0);
  });
});

describe('SingleObject', () => {
  const frame = { widthPx: 640, heightPx: 480 };
  const sighting = (box: Box, confidence: number): Sighting => ({
    box,
    confidence,
    sidelobe: 0,
  });
  const moved: Box = [310, 200, 350, 240];

  it('goes where it is seen', () => {
    const object = new SingleObject(BOX, { frame });
    expect(object.update(sighting(moved, 0.9))).toMatchObject({
      box: moved,
      confidence: 0.9,
      state: 'followed',
    });
    expect(object.box).toEqual(moved);
  });

  it('is hidden and stays where it was while the similarity is low, until it is clearly back', () => {
    const object = new SingleObject(BOX, { frame, hiddenBelow: 0.3, seenFrom: 0.6 });
    const states = [0.9, 0.2, 0.4, 0.5, 0.7, 0.4].map((confidence) => {
      const { state, box } = object.update(sighting(moved, confidence));
      return [state, box[0]];
    });
    expect(states).toEqual([
      ['followed', 310],
      ['hidden', 310],
      ['hidden', 310],
      ['hidden', 310],
      ['followed', 310],
      ['followed', 310],
    ]);
    const other = new SingleObject(BOX, { frame });
    expect(other.update(sighting(moved, 0.1))).toMatchObject({ state: 'hidden', box: BOX });
  });

  it('keeps its middle within the frame, and some size', () => {
    const object = new SingleObject(BOX, { frame });
    expect(object.update(sighting([620, 470, 700, 530], 0.9)).box).toEqual([600, 450, 680, 510]);
    expect(object.update(sighting([100, 100, 100.5, 140], 0.9)).box).toEqual([98.25, 100, 102.25, 140]);
  });

  it('asks for a new template after so many good sightings in a row, where it shall', () => {
    const object = new SingleObject(BOX, { frame, refreshEvery: 3 });
    const wanted = [0.9, 0.9, 0.5, 0.9, 0.9, 0.9, 0.9].map(
      (c) => object.update(sighting(BOX, c)).refreshTemplate,
    );
    expect(wanted).toEqual([false, false, false, false, false, true, false]);
    const never = new SingleObject(BOX, { frame });
    expect([1, 1, 1, 1].map((c) => never.update(sighting(BOX, c)).refreshTemplate)).not.toContain(true);
  });
});
