import { describe, expect, it } from '@jest/globals';
import { TrackBook, type FrameObject } from '../../src/events/index.js';

const context = {
  camera: 'gate',
  epoch: 1,
  ptsMs: 40,
  capturedAtMs: 0,
  widthPx: 640,
  heightPx: 360,
  model: 'm',
};
const object = (track: number, label = 'person'): FrameObject => ({
  track,
  label,
  score: 0.9,
  box: [0, 0, 10, 20],
  state: 'tracked',
});

describe('TrackBook', () => {
  it('tells a merger in place of an end: one object less, under the older id', () => {
    const book = new TrackBook('r');
    book.report(
      [1, 2].map((track) => ({ change: 'started' as const, object: object(track) })),
      context,
    );
    const messages = book.report([{ change: 'merged', object: object(2), into: 1 }], context);
    expect(messages).toMatchObject([{ type: 'track.merged', track: { id: 'gate-r-2' }, into: 'gate-r-1' }]);
    expect(book.active).toBe(1);
    expect(book.endAll()).toMatchObject([{ type: 'track.ended', track: { id: 'gate-r-1' } }]);
  });

  it('tells what a track is called now and was before', () => {
    const book = new TrackBook('r');
    book.report([{ change: 'started', object: object(1, 'truck') }], context);
    const messages = book.report([{ change: 'renamed', object: object(1, 'car'), was: 'truck' }], context);
    expect(messages).toMatchObject([
      { type: 'track.renamed', was: { label: 'truck' }, track: { label: 'car' } },
    ]);
    expect(book.endAll()).toMatchObject([{ type: 'track.ended', track: { label: 'car' } }]);
  });

  it('says nothing of tracks that were never announced, and ends what would merge into one that is over', () => {
    const book = new TrackBook('r');
    expect(book.report([{ change: 'merged', object: object(5), into: 4 }], context)).toEqual([]);
    book.report([{ change: 'started', object: object(5) }], context);
    expect(book.report([{ change: 'merged', object: object(5), into: 4 }], context)).toMatchObject([{ type: 'track.ended' }]); // prettier-ignore
    expect(book.active).toBe(0);
  });

  describe('zones', () => {
    const within = (track: number, ...zones: string[]): FrameObject => ({ ...object(track), zones });
    const start = (book: TrackBook, ...objects: FrameObject[]) =>
      book.report(
        objects.map(({ track }) => ({ change: 'started' as const, object: object(track) })),
        context,
        objects,
      );

    it('are told with the start as far as they are known, and all of them with the end', () => {
      const book = new TrackBook('r');
      expect(start(book, within(1, 'yard'), object(2))).toEqual([
        expect.objectContaining({ zones: ['yard'] }),
        expect.not.objectContaining({ zones: expect.anything() }),
      ]);
      book.follow([within(1, 'yard'), object(2)], context);
      book.follow([within(1, 'door', 'yard'), object(2)], context);
      book.follow([object(1), object(2)], context);
      expect(book.report([{ change: 'ended', object: object(1) }], context)).toMatchObject([
        { type: 'track.ended', zones: ['yard', 'door'] },
      ]);
      expect(book.endAll()).toEqual([expect.not.objectContaining({ zones: expect.anything() })]);
    });

    it('that a track under way comes into are given once', () => {
      const book = new TrackBook('r');
      start(book, within(1, 'yard'));
      expect(book.follow([within(1, 'yard'), within(9, 'yard')], context)).toEqual([]);
      const entered = [{ id: 'gate-r-1', zones: ['yard', 'door'] }];
      expect(book.follow([within(1, 'door')], context)).toEqual(entered);
      expect(book.follow([within(1, 'door', 'yard')], context)).toEqual([]);
    });

    it('of a track that was another’s are that one’s', () => {
      const book = new TrackBook('r');
      start(book, within(1, 'yard'), within(2, 'door'));
      book.report([{ change: 'merged', object: object(2), into: 1 }], context);
      expect(book.follow([], context)).toEqual([{ id: 'gate-r-1', zones: ['yard', 'door'] }]);
      expect(book.endAll()).toMatchObject([{ zones: ['yard', 'door'] }]);
    });
  });
});
