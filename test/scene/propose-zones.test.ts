import { describe, expect, it } from '@jest/globals';
import { isInPolygon } from '../../src/geometry/index.js';
import type { SceneMap } from '../../src/models/index.js';
import { mergeMaps } from '../../src/scene/merge-maps.js';
import { classShares, CORNERS_MAX, proposeZones } from '../../src/scene/propose-zones.js';

const [WIDTH, HEIGHT] = [200, 100];
const CELLS = WIDTH * HEIGHT;
type ClassAt = (x: number, y: number) => 'road' | 'kerb' | undefined;

/** A map that is `sure` of what is where. */
function mapOf(classAt: ClassAt, sure = 0.9, size = { widthPx: WIDTH, heightPx: HEIGHT }): SceneMap {
  const cells = size.widthPx * size.heightPx;
  const probabilities = new Float32Array(3 * cells).fill((1 - sure) / 2);
  for (let cell = 0; cell < cells; cell++) {
    const is = classAt(cell % size.widthPx, Math.floor(cell / size.widthPx));
    probabilities[(is === 'road' ? 1 : is === 'kerb' ? 2 : 0) * cells + cell] = sure;
  }
  return { size, classes: ['road', 'kerb'], probabilities };
}
const isIn = ([x1, y1, x2, y2]: readonly [number, number, number, number], x: number, y: number) =>
  x >= x1 && x < x2 && y >= y1 && y < y2;
/** Share of the cells on which a zone and what is there agree. */
function agreement(zone: readonly (readonly [number, number])[], classAt: ClassAt, name: string): number {
  let agreed = 0;
  for (let cell = 0; cell < CELLS; cell++) {
    const [x, y] = [cell % WIDTH, Math.floor(cell / WIDTH)];
    const is = isInPolygon([(x + 0.5) / WIDTH, (y + 0.5) / HEIGHT], zone);
    if (is === (classAt(x, y) === name)) agreed++;
  }
  return agreed / CELLS;
}

describe('zones that are proposed', () => {
  it('are where a class is the likeliest, with its share and probability, the largest first', () => {
    const street: ClassAt = (x, y) => (isIn([60, 40, 140, 100], x, y) ? 'road' : isIn([140, 40, 150, 100], x, y) ? 'kerb' : undefined); // prettier-ignore
    const map = mapOf(street);
    const [road, kerb, ...rest] = proposeZones(map);
    expect(rest).toEqual([]);
    expect([road?.class, kerb?.class]).toEqual(['road', 'kerb']);
    expect(road?.share).toBeCloseTo(0.24, 2);
    expect(road?.confidence).toBeCloseTo(0.9, 2);
    expect(agreement(road!.polygon, street, 'road')).toBeGreaterThan(0.995);
    expect(agreement(kerb!.polygon, street, 'kerb')).toBeGreaterThan(0.995);
    expect(classShares(map)).toEqual([{ class: 'road', share: 0.24 }, { class: 'kerb', share: 0.03 }]); // prettier-ignore
  });

  it('reach the edges of the picture, and do not leave it', () => {
    const [all] = proposeZones(mapOf(() => 'road'));
    expect([...all!.polygon].sort()).toEqual([[0, 0], [0, 1], [1, 0], [1, 1]]); // prettier-ignore
    expect([all!.share, proposeZones(mapOf(() => 'road')).length]).toEqual([1, 1]);
  });

  it('have few corners, however ragged what is seen', () => {
    const ragged: ClassAt = (x, y) =>
      y > 30 + 12 * Math.sin(x / 3) + 6 * Math.sin(x / 1.3) ? 'road' : undefined;
    const [zone] = proposeZones(mapOf(ragged));
    expect(zone!.polygon.length).toBeLessThanOrEqual(CORNERS_MAX);
    expect(agreement(zone!.polygon, ragged, 'road')).toBeGreaterThan(0.9);
    for (const side of zone!.polygon.flat()) expect(side >= 0 && side <= 1).toBe(true);
  });

  it('have no holes and no spurs; the confidence tells of the holes', () => {
    const holed: ClassAt = (x, y) => (isIn([90, 40, 110, 60], x, y) ? undefined : isIn([50, 20, 150, 80], x, y) || isIn([150, 49, 195, 51], x, y) ? 'road' : undefined); // prettier-ignore
    const [zone, ...rest] = proposeZones(mapOf(holed));
    expect(rest).toEqual([]);
    expect(zone!.share).toBeCloseTo(0.3, 2);
    expect(Math.max(...zone!.polygon.map(([x]) => x))).toBeLessThan(0.78);
    expect(zone!.confidence).toBeLessThan(0.85);
  });

  it.each<[string, ClassAt, number]>([
    ['a speck', (x, y) => (isIn([90, 40, 98, 48], x, y) ? 'road' : undefined), 0.9],
    ['what is likelier than the others and still unlikely', (x, y) => (isIn([50, 20, 150, 80], x, y) ? 'road' : undefined), 0.45],
    ['nothing', () => undefined, 0.9],
    ['a hair', (x) => (x === 100 ? 'road' : undefined), 0.9],
    ['a board of single cells', (x, y) => ((x + y) % 2 === 0 ? 'road' : undefined), 0.9],
  ])('are not made of %s', (_, classAt, sure) => {
    expect(proposeZones(mapOf(classAt, sure))).toEqual([]);
  }); // prettier-ignore

  it('are a few at most', () => {
    const many: ClassAt = (x, y) => (x % 24 < 16 && y % 24 < 16 ? 'road' : undefined);
    expect(proposeZones(mapOf(many))).toHaveLength(16);
  });
});

describe('maps of several pictures', () => {
  const road: ClassAt = (_, y) => (y > 50 ? 'road' : undefined);
  /** A car that covers the road where it is. */
  const passing = (left: number) => mapOf((x, y) => (isIn([left, 45, left + 60, 90], x, y) ? undefined : road(x, y))); // prettier-ignore

  it('show the road under a car that drives on, which one picture does not', () => {
    const agreed = (map: SceneMap) => agreement(proposeZones(map)[0]!.polygon, road, 'road');
    const maps = [-60, 10, 80, 150].map(passing);
    expect(agreed(maps[1]!)).toBeLessThan(0.9);
    expect(agreed(mergeMaps(maps).map)).toBeGreaterThan(0.99);
  });

  it('do not make a road of what is one in few of them', () => {
    const { map } = mergeMaps([mapOf(road), mapOf(() => undefined), mapOf(() => undefined)]);
    expect(proposeZones(map)).toEqual([]);
  });

  it('have probabilities that sum up to 1, and are no others for one picture', () => {
    const one = mapOf(road);
    const { map, count } = mergeMaps([one]);
    expect(count).toBe(1);
    one.probabilities.forEach((value, at) => expect(map.probabilities[at]).toBeCloseTo(value, 5));
  });

  it('leave out those of another size than the last', () => {
    const small = mapOf(() => undefined, 0.9, { widthPx: 50, heightPx: 50 });
    const { map, count } = mergeMaps([small, mapOf(road), mapOf(road)]);
    expect([count, map.size]).toEqual([2, { widthPx: WIDTH, heightPx: HEIGHT }]);
  });
});
