import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { jpegsOf } from '../../src/media/index.js';

describe('pictures behind one another', () => {
  it.each([1, 7, 1000, 100_000])('are told apart when they come in pieces of %i bytes', async (bytes) => {
    const pictures = await Promise.all(
      ['#d02020', '#20d020', '#2020d0'].map((background) =>
        sharp({ create: { width: 64, height: 48, channels: 3, background } })
          .jpeg()
          .toBuffer(),
      ),
    );
    const all = Buffer.concat(pictures);
    async function* pieces() {
      for (let at = 0; at < all.length; at += bytes)
        yield await Promise.resolve(all.subarray(at, at + bytes));
    }
    const found: Buffer[] = [];
    for await (const jpeg of jpegsOf(pieces())) found.push(jpeg);
    expect(found).toEqual(pictures);
  });
});
