import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppError } from '../../src/base/index.js';
import type { EventMessage } from '../../src/events/index.js';
import type { RecordingSource } from '../../src/server/dependencies.js';
import type { Problem, RecordingPage } from '../../src/server/index.js';
import { noRecordings } from '../support/no-recordings.js';
import { ServerUnderTest } from './server-under-test.js';

const from = '2026-05-04T09:00:00Z';
const to = '2026-05-04T09:10:00.000Z';
const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];

let under: ServerUnderTest;
beforeAll(async () => {
  under = await ServerUnderTest.open();
});
afterAll(() => under.tearDown());

function answerWith(source: Partial<RecordingSource>): void {
  under.recordings = { ...noRecordings, ...source };
}

const problemOf = async (address: string) => {
  const response = await under.fetch(address);
  const { code, status } = (await response.json()) as Problem;
  return [status, code];
};

describe('GET /api/v1/recordings', () => {
  const segment = { camera: 'gate', severity: 'event' as const, codec: 'avc1.64001e', widthPx: 640, heightPx: 360, frames: 50, bytes: 1000, tier: 'hot', epoch: 3 }; // prettier-ignore

  it('asks for what the query says, and tells segments, gaps and the next page', async () => {
    const queries: unknown[] = [];
    answerWith({
      list: (query) => {
        queries.push(query);
        return Promise.resolve({
          segments: [{ ...segment, id: 7, isMarked: true, startMs: fromMs, endMs: fromMs + 2000 }, { ...segment, startMs: fromMs + 3000, endMs: fromMs + 4000 }], // prettier-ignore
          gaps: [{ fromMs: fromMs + 2000, toMs: fromMs + 3000, reason: 'no-event' }],
          next: { startMs: 1, id: 2, endMs: 3 },
        });
      },
    });
    const address = `/api/v1/recordings?camera=gate&from=${from}&to=2026-05-04T11:10:00%2B02:00&limit=10`;
    const page = (await (await under.fetch(address)).json()) as RecordingPage;
    expect(page.recordings).toMatchObject([{ from: '2026-05-04T09:00:00.000Z', to: '2026-05-04T09:00:02.000Z', marked: true }, { marked: false, open: true }]); // prettier-ignore
    expect(page.recordings[0]).not.toHaveProperty('open');
    expect(page.gaps).toEqual([{ from: '2026-05-04T09:00:02.000Z', to: '2026-05-04T09:00:03.000Z', reason: 'no-event' }]); // prettier-ignore
    await under.fetch(`${address}&cursor=${page.next}`);
    const query = { camera: 'gate', fromMs, toMs, limit: 10 };
    expect(queries).toEqual([query, { ...query, after: { startMs: 1, id: 2, endMs: 3 } }]);
  });

  it.each([
    `camera=Gate/../x&from=${from}&to=${to}`,
    `camera=gate&camera=yard`,
    `camera=gate&from=yesterday`,
    `camera=gate&from=2026-05-04T09:00:00&to=${to}`,
    `camera=gate&from=${to}&to=${from}`,
    `camera=gate&from=2020-05-04T09:00:00Z&to=${to}`,
    `camera=gate&limit=0`,
    `camera=gate&limit=5001`,
    `camera=gate&cursor=1.2`,
  ])('refuses %s', async (query) => {
    expect(await problemOf(`/api/v1/recordings?${query}`)).toEqual([400, 'server/bad-query']);
  });
});

describe('GET /api/v1/recordings/:camera/clip.mp4', () => {
  const address = `/api/v1/recordings/gate/clip.mp4?from=${from}&to=${to}`;

  it('says when there is nothing, or nothing in one piece, and refuses what is too long or no time', async () => {
    answerWith({
      clip: () => Promise.reject(new AppError('recording/nothing-recorded', 'not-found', 'nothing')),
    });
    expect(await problemOf(address)).toEqual([404, 'recording/nothing-recorded']);
    answerWith({
      clip: () => Promise.reject(new AppError('recording/clip-mixed', 'conflict', 'two of them')),
    });
    expect(await problemOf(address)).toEqual([409, 'recording/clip-mixed']);
    for (const wrong of [
      '/api/v1/recordings/gate/clip.mp4',
      `/api/v1/recordings/gate/clip.mp4?from=${from}`,
      `/api/v1/recordings/gate/clip.mp4?from=${from}&to=2026-05-04T10:00:01Z`,
      `${address}&exact=yes`,
      `/api/v1/recordings/gate/clip.mp4?from=${from}&to=2026-05-04T09:10:01Z&exact=true`,
      `/api/v1/recordings/..%2fgate/clip.mp4?from=${from}&to=${to}`,
    ])
      expect(await problemOf(wrong)).toEqual([400, 'server/bad-query']);
  });

  it('ends the answer where a file is gone in the middle, so that nobody takes it for whole', async () => {
    answerWith({
      clip: () =>
        Promise.resolve({
          ranges: [{ fromMs, toMs }],
          bytes: 2_000_000,
          etag: 'a',
          async *read() {
            yield await Promise.resolve(Buffer.alloc(1000));
            throw new AppError('recording/clip-gone', 'not-found', 'gone');
          },
        }),
    });
    const response = await under.fetch(address);
    expect(response.headers.get('content-length')).toBe('2000000');
    await expect(response.arrayBuffer()).rejects.toThrow();
  });
});

describe('GET /api/v1/events/:id/clip.mp4', () => {
  const told = (type: 'event.started' | 'event.ended', id: string, more: object): EventMessage => ({
    v: 1,
    type,
    camera: 'gate',
    time: from,
    event: {
      id,
      rule: { name: 'r', type: 'enter', version: '1' },
      severity: 'info',
      tracks: [],
      startedAt: from,
      ...more,
    },
  });

  it('is of the time of the event, and five seconds before and after; an hour at most', async () => {
    const wanted: unknown[] = [];
    answerWith({
      clip: (...args) => {
        wanted.push(args);
        return Promise.resolve({
          ranges: [{ fromMs, toMs }],
          bytes: 4,
          etag: 'a',
          read: async function* () {
            yield await Promise.resolve(Buffer.from('clip'));
          },
        });
      },
    });
    for (const [id, seconds] of [
      ['short', 8],
      ['long', 9000],
    ] as const) {
      const endedAt = new Date(fromMs + 1000 * seconds).toISOString();
      await under.tell(told('event.started', id, {}), told('event.ended', id, { endedAt, ending: 'over' }));
    }
    const response = await under.fetch('/api/v1/events/short/clip.mp4');
    expect([response.headers.get('content-type'), await response.text()]).toEqual(['video/mp4', 'clip']);
    await under.fetch('/api/v1/events/long/clip.mp4');
    await under.fetch('/api/v1/events/long/clip.mp4?exact=true');
    const begin = fromMs - 5000;
    expect(wanted).toEqual([
      ['gate', { fromMs: begin, toMs: fromMs + 13_000 }, false],
      ['gate', { fromMs: begin, toMs: begin + 3_600_000 }, false],
      ['gate', { fromMs: begin, toMs: begin + 600_000 }, true],
    ]);
  });

  it('is refused for an event that is not there, and where nothing is recorded', async () => {
    expect(await problemOf('/api/v1/events/none/clip.mp4')).toEqual([404, 'server/no-such-event']);
    const nothing = new AppError('recording/nothing-recorded', 'not-found', 'nothing');
    answerWith({ clip: () => Promise.reject(nothing) });
    expect(await problemOf('/api/v1/events/short/clip.mp4')).toEqual([404, 'recording/nothing-recorded']);
    expect(await problemOf('/api/v1/events/short/clip.mp4?exact=1')).toEqual([400, 'server/bad-query']);
  });
});
