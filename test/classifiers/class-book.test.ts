import { describe, expect, it } from '@jest/globals';
import { ClassBook } from '../../src/classifiers/index.js';
import type { FrameObject } from '../../src/events/index.js';

const said = (classifier: string, value: string, confidence: number) => ({
  ...{ classifier, version: 2, value, confidence },
});
const object = (track: number): FrameObject => ({
  track,
  label: 'car',
  score: 1,
  box: [0, 0, 1, 1],
  state: 'tracked',
});

describe('the classes of open tracks', () => {
  it('stand on their objects, of each classifier the last one', () => {
    const book = new ClassBook();
    const objects = [object(1), object(2)];
    expect(book.mark(objects)).toBe(objects);
    book.take(1, said('colour', 'unsure', 0.5));
    book.take(1, said('colour', 'red', 0.9));
    book.take(1, said('kind', 'van', 0.8));
    expect(book.mark(objects).map((one) => one.class)).toEqual([
      {
        colour: { version: 2, value: 'red', confidence: 0.9 },
        kind: { version: 2, value: 'van', confidence: 0.8 },
      },
      undefined,
    ]);
  });

  it('are forgotten with their track, and all when the stream is over', () => {
    const book = new ClassBook();
    for (const track of [1, 2, 3]) book.take(track, said('colour', 'red', 1));
    book.report([
      { change: 'ended', object: object(1) },
      { change: 'merged', object: object(2), into: 3 },
    ]);
    expect(book.mark([1, 2, 3].map(object)).map((one) => one.class !== undefined)).toEqual([
      false,
      false,
      true,
    ]);
    book.clear();
    expect(book.mark([object(3)])[0]).not.toHaveProperty('class');
  });

  it('go over to the track that theirs turns out to be, where nothing was said of that', () => {
    const book = new ClassBook();
    book.take(1, said('colour', 'red', 1));
    book.take(2, said('colour', 'blue', 1));
    book.take(2, said('kind', 'van', 1));
    book.report([{ change: 'merged', object: object(2), into: 1 }]);
    const [one, other] = book.mark([object(1), object(2)]);
    expect(one!.class).toMatchObject({ colour: { value: 'red' }, kind: { value: 'van' } });
    expect(other).not.toHaveProperty('class');
  });
});
