import { describe, expect, it } from '@jest/globals';
import { Camera, HEIGHT, plain, street, WIDTH, type Luma } from './scene.js';

const shifted =
  (share: number): Luma =>
  (x, y) =>
    street(x + share * WIDTH, y);
const dimmed =
  (share: number): Luma =>
  (x, y) =>
    16 + share * (street(x, y) - 16);
/** Each pixel the mean of so many around it. */
const blurred =
  (radius: number): Luma =>
  (x, y) => {
    let sum = 0;
    for (let i = -radius; i <= radius; i++)
      for (let j = -radius; j <= radius; j++) sum += street(x + i, y + j);
    return sum / (2 * radius + 1) ** 2;
  };
const behind =
  (share: number, cover: number): Luma =>
  (x, y) =>
    x < share * WIDTH ? cover : street(x, y);
const known = () => new Camera().show(25, street);

describe('HealthWatch', () => {
  it('learns for twenty seconds, and says nothing of a camera that is well', () => {
    const camera = new Camera().show(18, street);
    expect(camera.health).toEqual({ state: 'learning', faults: [] });
    camera.show(60, street);
    expect(camera.health).toEqual({ state: 'watching', faults: [] });
    expect(camera.told).toEqual([]);
  });

  it.each<[string, string, Luma]>([
    ['blocked', 'it is covered with something black', () => 16],
    ['blocked', 'it is covered with something light', () => 180],
    ['blocked', 'four fifths of it are covered', behind(0.8, 60)],
    ['blurred', 'it is out of focus', blurred(3)],
    ['moved', 'it is turned aside a little', shifted(0.06)],
    ['moved', 'it shows another place', (x, y) => street(x + 3000, y + 2000)],
    ['moved', 'it stands on its head', (x, y) => street(WIDTH - x, HEIGHT - y)],
  ])('tells %s when %s, and when it is over', (fault, _, luma) => {
    const camera = known().show(4, luma);
    expect(camera.told).toEqual([]);
    camera.show(10, luma);
    expect(camera.health.faults).toEqual([fault]);
    camera.show(16, street);
    expect(camera.health.faults).toEqual([]);
    expect(camera.told).toEqual([fault]);
  });

  it('tells that infrared lamps have failed, and not that it is blocked, when it was infrared before the dark', () => {
    const camera = new Camera().show(25, street, { regime: 'infrared' });
    camera.show(10, () => 17, { regime: 'low' });
    expect(camera.health.faults).toEqual(['infrared-failed']);
    expect(camera.told).toEqual(['infrared-failed']);
  });

  it.each<[string, (camera: Camera) => Camera]>([
    ['a light that goes out', (camera) => camera.show(30, dimmed(0.15)).show(20, street)],
    ['a lorry that passes', (camera) => camera.show(4, behind(0.8, 90)).show(20, street)],
    ['a van that parks before half of it', (camera) => camera.show(60, behind(0.5, 90))],
    ['weaker light, with more noise', (camera) => camera.show(30, dimmed(0.5), { noise: 8, regime: 'low' })],
    [
      'wind',
      (camera) => {
        for (let i = 0; i < 60; i++) camera.show(0.4, shifted(0.008 * Math.sin(i)));
        return camera;
      },
    ],
  ])('does not take %s for a fault', (_, happens) => {
    expect(happens(known()).told).toEqual([]);
  });

  it('says nothing of a place that shows next to nothing, and goes on learning where a camera turns all the time', () => {
    const fog = new Camera().show(40, plain).show(20, () => 130);
    expect(fog.told).toEqual([]);
    const turning = new Camera();
    for (let i = 0; i < 100; i++) turning.show(0.4, shifted(0.02 * i));
    expect(turning.health).toEqual({ state: 'learning', faults: [] });
    expect(turning.told).toEqual([]);
  });

  it('finds a camera that was turned while there was no stream', () => {
    const camera = known();
    camera.ms = 0;
    camera.show(14, shifted(0.3));
    expect(camera.health.faults).toEqual(['moved']);
  });

  it('takes another view for its own after a quarter of an hour, and judges by that', () => {
    const view = shifted(0.3);
    const camera = known().show(14, view);
    // Pictures that are far apart stand for two seconds each.
    for (let i = 0; i < 450; i++) {
      camera.show(0.2, view);
      camera.ms += 2000;
    }
    expect(camera.health.faults).toEqual([]);
    camera.show(25, view).show(14, street);
    expect(camera.told).toEqual(['moved', 'moved']);
  });

  it('gives the same answer object while nothing changes', () => {
    const camera = known();
    const { health } = camera;
    expect(camera.show(2, street).health).toBe(health);
  });
});
