import { describe, expect, it } from '@jest/globals';
import { Gallery } from '../../src/tracking/gallery.js';

const look = (...values: number[]) => Float32Array.from(values);

describe('an empty gallery', () => {
  it('looks like nothing, and nothing looks like it', () => {
    const [empty, other] = [new Gallery(), new Gallery()];
    other.add(look(1, 0), 0.9);
    expect([empty.likeness(look(1, 0)), empty.likenessTo(other), other.likenessTo(empty), empty.likenessTo(empty)]).toEqual([undefined, undefined, undefined, undefined]); // prettier-ignore
  });

  it('takes nothing from another empty one, and all from one that is not', () => {
    const [one, other] = [new Gallery(), new Gallery()];
    one.take(other);
    expect([one.size, one.isNews]).toEqual([0, false]);
    other.add(look(1, 0), 0.9);
    one.take(other);
    expect([one.size, one.likeness(look(1, 0))]).toEqual([1, 1]);
  });
});

describe('a gallery', () => {
  it('keeps six views that differ, the best of each', () => {
    const gallery = new Gallery();
    for (let at = 0; at < 9; at++) gallery.add(Float32Array.from({ length: 9 }, (_, i) => (i === at ? 1 : 0)), at / 10); // prettier-ignore
    gallery.add(look(0, 0, 0, 0, 0, 0, 0, 0, 1), 0.1);
    expect(gallery.size).toBe(6);
    expect(gallery.likeness(look(0, 0, 0, 0, 0, 0, 0, 0, 1))).toBe(1);
    expect(gallery.likeness(look(1, 0, 0, 0, 0, 0, 0, 0, 0))).toBe(0);
  });

  it('finds nothing in common with looks of another model', () => {
    const gallery = new Gallery();
    gallery.add(look(1, 0), 0.9);
    expect(gallery.likeness(look(1, 0, 0))).toBe(0);
  });

  it('takes no look that is of no numbers: it would hide all others', () => {
    const gallery = new Gallery();
    gallery.add(look(NaN, 0), 1);
    expect(gallery.size).toBe(0);
    gallery.add(look(1, 0), 0.9);
    expect(gallery.likeness(look(1, 0))).toBe(1);
    expect(gallery.likeness(look(NaN, NaN))).toBe(0);
  });
});
