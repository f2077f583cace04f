import { describe, expect, it } from '@jest/globals';
import { Camera, street } from './scene.js';

describe('a picture that comes again and again', () => {
  it('is told of a camera that makes noise, and is over when the picture moves again', () => {
    const camera = new Camera().show(25, street).freeze(8);
    expect(camera.told).toEqual([]);
    camera.freeze(4);
    expect(camera.health.faults).toEqual(['frozen']);
    camera.show(22, street);
    expect(camera.health.faults).toEqual([]);
  });

  it('is told though each keyframe is encoded a little otherwise', () => {
    const camera = new Camera().show(25, street);
    for (let second = 0; second < 20; second += 2) camera.freeze(1.8).show(0.2, street);
    expect(camera.health.faults).toEqual(['frozen']);
  });

  it('says nothing of a drawing that never moved, nor of one in which something small did', () => {
    expect(new Camera({ noise: 0 }).show(60, street).told).toEqual([]);
    const screen = new Camera({ noise: 0 });
    for (let i = 0; i < 30; i++)
      screen.show(1, (x, y) => (x > 4 * i && x < 4 * i + 16 && y > 40 && y < 60 ? 235 : street(x, y)));
    expect(screen.show(30, street).told).toEqual([]);
  });

  it('says nothing of a camera that sends each picture several times', () => {
    const slow = new Camera();
    for (let i = 0; i < 35; i++) slow.show(0.2, street).freeze(0.8);
    expect(slow.freeze(8).told).toEqual([]);
  });
});
