import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Camera } from '../../src/app/camera.js';
import { SnapshotKeeper } from '../../src/app/snapshot-keeper.js';
import { silentLog, systemClock } from '../../src/base/index.js';
import type { CameraConfig, Config } from '../../src/config/index.js';
import type { TrackView } from '../../src/engine/index.js';
import type { DurableMessage } from '../../src/events/index.js';
import { Store } from '../../src/store/index.js';
import { FakeClock } from '../support/fake-clock.js';
import { waitFor } from '../support/wait-for.js';

let dir: string;
let store: Store;
let keeper: SnapshotKeeper;
let dropped: string[];
const clock = new FakeClock();

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-keeper-'));
  store = await Store.open({ dataDir: dir, clock: systemClock, log: silentLog });
  dropped = [];
});
afterEach(async () => {
  await keeper.close();
  await store.close();
  await rm(dir, { recursive: true, force: true });
});

const DAY_MS = 86_400_000;
const HISTORY_AGES = { track: 30 * DAY_MS, info: 90 * DAY_MS, warning: 90 * DAY_MS, alert: 90 * DAY_MS };

interface Limits {
  snapshotsBytes?: number;
  reserveBytes?: number;
  agesMs?: Config['data']['snapshotAgesMs'];
  /** Of the camera `gate`. */
  own?: CameraConfig['snapshots'];
}
function keep({ snapshotsBytes = 1e9, reserveBytes = 0, agesMs = {}, own }: Limits = {}): void {
  const gate = { trackIdOf: (track: number) => `gate-x-${track}`, run: 'x' } as Camera;
  keeper = new SnapshotKeeper({
    store,
    cameras: new Map([['gate', gate]]),
    config: () => ({
      data: { dir, auditDays: 365, historyAgesMs: HISTORY_AGES, snapshotAgesMs: agesMs, snapshotsBytes },
      recording: { dir, reserveBytes },
      cameras: [{ id: 'gate', snapshots: own } as CameraConfig],
    }),
    metrics: { snapshotsDropped: { inc: ({ reason }) => dropped.push(reason) } },
    clock,
    log: silentLog,
  });
}
const view = (track: number, bytes: number): TrackView => ({
  ...{ camera: 'gate', run: 'x', track, label: 'person', quality: 1, box: [0, 0, 1, 1], shows: [0, 0, 2, 2] },
  ...{ widthPx: 2, heightPx: 2, ptsMs: 0, capturedAtMs: clock.wallMs() + track, model: 'net@1' },
  jpeg: Buffer.alloc(bytes, track),
  embedding: Float32Array.of(1, 0),
});
const picture = (track: number) =>
  store.table('pictures').read('one', { kind: 'track', id: `gate-x-${track}` });

const started = (id: string): DurableMessage => ({
  ...{
    v: 1,
    type: 'track.started',
    camera: 'gate',
    time: '2026-05-04T09:30:00.000Z',
    epoch: 1,
    ptsMs: 0,
    model: 'm',
  },
  frame: { width: 2, height: 2 },
  track: { id, label: 'car', score: 1, box: [0, 0, 1, 1] },
});

describe('SnapshotKeeper', () => {
  it('stores the picture of a track and how it looks, under the id of the track', async () => {
    keep();
    keeper.view(view(1, 100));
    keeper.view({ ...view(2, 100), camera: 'gone' });
    keeper.view({ ...view(3, 100), run: 'earlier' });
    await keeper.close();
    expect((await picture(1))?.jpeg).toEqual(new Uint8Array(100).fill(1));
    expect(await store.table('looks').read('one', 'gate-x-1')).toMatchObject({
      model: 'net@1',
      camera: 'gate',
    });
    expect([await picture(2), await picture(3)]).toEqual([undefined, undefined]);
    expect(dropped).toEqual([]);
  });

  it('stores the colour of a track that is known, and leaves it where a later view does not tell it', async () => {
    await store.journal.append(started('gate-x-1'));
    keep();
    keeper.view({ ...view(1, 100), colour: 'red' });
    keeper.view({ ...view(2, 100), colour: 'red' });
    keeper.view(view(1, 100));
    await keeper.close();
    expect(await store.table('history').read('track', 'gate-x-1')).toMatchObject({ colour: 'red' });
    expect(dropped).toEqual([]);
  });

  it('keeps no picture where that would touch the reserve of the disk, but how the track looks', async () => {
    keep({ reserveBytes: 1e18 });
    keeper.view(view(1, 100));
    await keeper.close();
    expect(await picture(1)).toBeUndefined();
    expect(await store.table('looks').read('one', 'gate-x-1')).toBeDefined();
    expect(dropped).toEqual(['disk-full']);
  });

  it('holds 32 MiB of pictures that wait, and counts the rest', async () => {
    keep();
    for (let track = 1; track <= 5; track++) keeper.view(view(track, 10 << 20));
    expect(dropped).toEqual(['queue-full', 'queue-full']);
    await keeper.close();
    const kept = await Promise.all([1, 2, 3, 4, 5].map(picture));
    expect(kept.map((one) => one !== undefined)).toEqual([true, true, true, false, false]);
  });

  it('gives up the oldest pictures while they take more than they may', async () => {
    for (let track = 1; track <= 30; track++)
      await store.table('pictures').write('put', { kind: 'track', id: `gate-x-${track}` }, { camera: 'gate', seenMs: clock.wallMs() + track, shows: [0, 0, 2, 2], boxes: [] }, new Uint8Array(100)); // prettier-ignore
    keep({ snapshotsBytes: 350 });
    const bytes = async () => (await store.table('pictures').read('bytesByCamera'))[0]?.bytes ?? 0;
    await waitFor(
      async () => {
        clock.advance(100);
        return (await bytes()) <= 350;
      },
      { timeoutMs: 10_000, what: 'pictures to go' },
    );
    expect(await bytes()).toBe(300);
    expect((await picture(27))?.jpeg).toBeUndefined();
    expect((await picture(28))?.jpeg).toBeDefined();
  });

  describe('deletes by age', () => {
    const dayMs = 86_400_000;
    const put = (kind: 'track' | 'event', id: string, camera: string, daysAgo: number, severity?: 'info' | 'warning' | 'alert') =>
      store.table('pictures').write('put', { kind, id }, { camera, seenMs: clock.wallMs() - daysAgo * dayMs, shows: [0, 0, 2, 2], boxes: [] }, new Uint8Array(100), severity); // prettier-ignore
    const ids = [['track', 'old-track'], ['event', 'old-info'], ['event', 'old-warning'], ['event', 'old-alert'], ['event', 'marked'], ['track', 'young-track'], ['event', 'young-alert'], ['track', 'of-yard'], ['event', 'alert-of-yard']] as const; // prettier-ignore
    const kept = async () => {
      const pictures = await Promise.all(
        ids.map(([kind, id]) => store.table('pictures').read('one', { kind, id })),
      );
      return ids.flatMap(([, id], at) => (pictures[at]?.jpeg === undefined ? [] : [id]));
    };
    /** Lets the keeper do all that it has to do now. */
    const untilKept = async (...expected: string[]) => {
      await waitFor(
        async () => {
          clock.advance(100);
          return (await kept()).length <= expected.length;
        },
        { timeoutMs: 10_000, what: 'pictures to go' },
      );
      for (let n = 0; n < 5; n++) await clock.advanceAsync(60_000);
      expect(await kept()).toEqual(expected);
    };

    beforeEach(async () => {
      for (const id of ['old-info', 'old-warning', 'old-alert', 'marked', 'young-alert', 'alert-of-yard']) {
        const event = { id, rule: { name: 'r', type: 'enter', version: '1' }, severity: 'info', tracks: [], startedAt: '2026-01-01T00:00:00.000Z' } as const; // prettier-ignore
        await store.journal.append({
          v: 1,
          type: 'event.started',
          camera: 'gate',
          time: '2026-01-01T00:00:00.000Z',
          event,
        });
      }
      await store.table('history').write('mark', 'marked', true);
      await put('track', 'old-track', 'gate', 10);
      for (const severity of ['info', 'warning', 'alert'] as const)
        await put('event', `old-${severity}`, 'gate', 10, severity);
      await put('event', 'marked', 'gate', 10, 'info');
      await put('track', 'young-track', 'gate', 1);
      await put('event', 'young-alert', 'gate', 1, 'alert');
      await put('track', 'of-yard', 'yard', 10);
      await put('event', 'alert-of-yard', 'yard', 10, 'alert');
    });

    it('by what they show, and never what is marked', async () => {
      keep({ agesMs: { track: 5 * dayMs, info: 5 * dayMs, alert: 20 * dayMs } });
      await untilKept('old-warning', 'old-alert', 'marked', 'young-track', 'young-alert', 'alert-of-yard');
    });

    it('as a camera has it of its own, where it has', async () => {
      keep({
        agesMs: { track: 5 * dayMs, alert: 5 * dayMs },
        own: { agesMs: { track: 20 * dayMs, warning: 5 * dayMs } },
      });
      await untilKept('old-track', 'old-info', 'marked', 'young-track', 'young-alert');
    });

    it('and by the size that a camera may have, tracks first', async () => {
      keep({ own: { agesMs: {}, bytesMax: 450 } });
      await untilKept('old-warning', 'old-alert', 'marked', 'young-alert', 'of-yard', 'alert-of-yard');
    });

    it('not where the clock has just stepped', async () => {
      const all = await kept();
      keep({ agesMs: { track: 15 * dayMs } });
      clock.stepWall(8 * dayMs);
      await clock.advanceAsync(60_000);
      await clock.advanceAsync(60_000);
      expect(await kept()).toEqual(all);
      clock.advance(3600_000);
      await untilKept(
        'old-info',
        'old-warning',
        'old-alert',
        'marked',
        'young-track',
        'young-alert',
        'alert-of-yard',
      );
    });
  });
});
