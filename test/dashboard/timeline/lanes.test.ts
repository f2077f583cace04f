import { describe, expect, it } from '@jest/globals';
import { markAt, marksOf, recordedLane, withEdge } from '../../../dashboard/src/timeline/lanes.js';
import type { EventView, RecordingPage } from '../../../src/server/protocol.js';

const at = (second: number) => new Date(second * 1000).toISOString();
const event = (id: string, from: number, to: number | undefined, severity = 'info', camera = 'gate') =>
  ({
    camera,
    event: { id, severity, startedAt: at(from), ...(to !== undefined && { endedAt: at(to) }) },
  }) as unknown as EventView;
const span = { fromMs: 0, toMs: 100_000 };

describe('the lanes of a timeline', () => {
  it('show files without a break between them as one, and faults alone as gaps', () => {
    const page = {
      recordings: [
        { from: at(0), to: at(10) },
        { from: at(11), to: at(20) },
        { from: at(30), to: at(40) },
      ],
      gaps: [
        { from: at(20), to: at(30), reason: 'camera-lost' },
        { from: at(40), to: at(50), reason: 'no-event' },
      ],
    } as unknown as RecordingPage;
    expect(recordedLane([page])).toEqual({
      spans: [
        { fromMs: 0, toMs: 20_000 },
        { fromMs: 30_000, toMs: 40_000 },
      ],
      faults: [{ fromMs: 20_000, toMs: 30_000, reason: 'camera-lost' }],
    });
  });

  it('take what is known anew of their end in the place of what was', () => {
    const lane = {
      spans: [
        { fromMs: 0, toMs: 20_000 },
        { fromMs: 30_000, toMs: 40_000 },
      ],
      faults: [
        { fromMs: 20_000, toMs: 30_000, reason: 'camera-lost' },
        { fromMs: 40_000, toMs: 50_000, reason: 'server-stopped' },
      ],
    };
    // What seemed to be missing has come; its file began before.
    const edge = { spans: [{ fromMs: 35_000, toMs: 60_000 }], faults: [] };
    expect(withEdge(lane, edge, 40_000)).toEqual({
      spans: [
        { fromMs: 0, toMs: 20_000 },
        { fromMs: 30_000, toMs: 60_000 },
      ],
      faults: [{ fromMs: 20_000, toMs: 30_000, reason: 'camera-lost' }],
    });
    expect(withEdge(undefined, edge, 40_000)).toEqual(edge);
  });

  it('put events on their cameras’ lanes, what is short and what matters most on top, and what goes on up to now', () => {
    const events = [
      event('alert', 10, 20, 'alert'),
      event('info', 10, 20),
      event('short', 15, 15.1),
      event('open', 50, undefined, 'info', 'yard'),
      event('other', 10, 20, 'info', 'attic'),
      event('before', -20, -10),
    ];
    const marks = marksOf(events, ['gate', 'yard'], span, 1000, 60_000);
    expect(marks.map(({ view, lane, x, width }) => [view.event.id, lane, x, width])).toEqual([
      ['info', 0, 100, 100],
      ['open', 1, 500, 100],
      ['alert', 0, 100, 100],
      ['short', 0, 150, 3],
    ]);
    expect(markAt(marks, 0, 151)?.view.event.id).toBe('short');
    expect(markAt(marks, 0, 180)?.view.event.id).toBe('alert');
    expect(markAt(marks, 1, 150)).toBeUndefined();
    expect(markAt(marks, 1, 497)?.view.event.id).toBe('open');
  });
});
