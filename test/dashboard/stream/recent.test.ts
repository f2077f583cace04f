import { describe, expect, it } from '@jest/globals';
import type { NumberedMessage } from '../../../src/server/protocol.js';
import {
  keyOf,
  nothingRecent,
  RECENT_MAX,
  withAllShown,
  withItem,
} from '../../../dashboard/src/stream/recent.js';

const item = (seq: number): NumberedMessage => ({
  v: 1,
  seq,
  type: 'camera.status',
  camera: 'gate',
  time: '2026-05-04T09:30:12.480Z',
  status: { state: 'live', transcoded: false },
});
const listOf = (count: number) =>
  Array.from({ length: count }, (_, n) => item(n + 1)).reduce(
    (list, one) => withItem(list, one, false),
    nothingRecent,
  );
const keys = (items: Parameters<typeof keyOf>[0][]) => items.map(keyOf);

describe('the list of what happened last', () => {
  it('has the newest on top, and not more than 50', () => {
    const { shown, waiting } = listOf(70);
    expect(shown).toHaveLength(RECENT_MAX);
    expect(keys([...shown]).slice(0, 2)).toEqual(['70', '69']);
    expect(waiting).toEqual([]);
  });

  it('does not change while it is being read further down: new lines wait', () => {
    const before = listOf(3);
    const read = [4, 5].reduce((list, seq) => withItem(list, item(seq), true), before);
    expect(read.shown).toBe(before.shown);
    expect(keys([...read.waiting])).toEqual(['5', '4']);
  });

  it('shows what waited, in order, on request or with the next line after the reading', () => {
    const read = withItem(listOf(1), item(2), true);
    expect(keys([...withAllShown(read).shown])).toEqual(['2', '1']);
    expect(keys([...withItem(read, item(3), false).shown])).toEqual(['3', '2', '1']);
    expect(withAllShown(read).waiting).toEqual([]);
  });

  it('keeps not more than 50 waiting', () => {
    let list = listOf(1);
    for (let seq = 2; seq < 200; seq++) list = withItem(list, item(seq), true);
    expect(list.waiting).toHaveLength(RECENT_MAX);
    expect(withAllShown(list).shown).toHaveLength(RECENT_MAX);
  });
});
