import { describe, expect, it } from '@jest/globals';
import { admits, eventQueryOf } from '../../../dashboard/src/events/event-filter.js';
import {
  listOf,
  WAITING_MAX,
  withAllShown,
  withChange,
  withNew,
  withPage,
} from '../../../dashboard/src/events/event-list.js';
import type { EventView } from '../../../src/server/protocol.js';

const view = (seq: number, event: object = {}) =>
  ({
    seq,
    camera: 'gate',
    marked: false,
    event: {
      id: `e${seq}`,
      rule: { name: 'someone', type: 'inside' },
      severity: 'info',
      zone: 'drive',
      label: 'person',
      startedAt: '2026-05-04T09:30:00.000Z',
      ...event,
    },
  }) as unknown as EventView;
const seqs = (views: readonly EventView[]) => views.map(({ seq }) => seq);

describe('the list of events', () => {
  const first = listOf({ events: [view(9), view(7)], next: 'c' });

  it('takes new ones on top, and lets them wait while it is read', () => {
    const moved = withNew(first, view(10), false);
    expect([seqs(moved.shown), seqs(moved.waiting)]).toEqual([[10, 9, 7], []]);
    const read = withNew(withNew(first, view(10), true), view(11), true);
    expect([seqs(read.shown), seqs(read.waiting)]).toEqual([
      [9, 7],
      [11, 10],
    ]);
    expect(seqs(withAllShown(read).shown)).toEqual([11, 10, 9, 7]);
  });

  it('takes nothing twice, and nothing that was told again although it is old', () => {
    expect(withNew(first, view(9), false)).toBe(first);
    expect(withNew(first, view(8), true)).toBe(first);
    const next = withPage(first, { events: [view(7), view(5)] });
    expect([seqs(next.shown), next.next]).toEqual([[9, 7, 5], undefined]);
  });

  it('lets a bounded number wait', () => {
    let list = first;
    for (let seq = 10; seq < 20 + WAITING_MAX; seq++) list = withNew(list, view(seq), true);
    expect(list.waiting).toHaveLength(WAITING_MAX);
  });

  it('changes an event where it stands', () => {
    const changed = withChange(first, 'e7', (was) => ({ ...was, marked: true }));
    expect(changed.shown.map(({ marked }) => marked)).toEqual([false, true]);
    expect(withChange(first, 'e1', (was) => was)).toBe(first);
  });
});

describe('the filters of events', () => {
  it('ask the server for what it knows, and for nothing else of the address', () => {
    expect(eventQueryOf(new URLSearchParams('camera=a&camera=b&like=x&severity=alert'))).toBe(
      'camera=a&camera=b&severity=alert',
    );
  });

  it.each([
    ['', true],
    ['camera=yard&camera=gate', true],
    ['camera=yard', false],
    ['rule=someone&type=inside&label=person&zone=drive&severity=info', true],
    ['zone=street', false],
    ['severity=alert', false],
    ['marked=true', false],
    ['marked=false', true],
    ['verdict=true', false],
    ['from=2026-05-04T09:30:00Z&to=2026-05-04T09:30:01Z', true],
    ['from=2026-05-04T09:30:01Z', false],
    ['to=2026-05-04T09:30:00Z', false],
  ])('admit as the server does: %s', (query, isAdmitted) => {
    expect(admits(new URLSearchParams(query), view(1))).toBe(isAdmitted);
  });
});
