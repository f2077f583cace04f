import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Camera } from '../../src/app/camera.js';
import { SnapshotKeeper } from '../../src/app/snapshot-keeper.js';
import { silentLog, systemClock } from '../../src/base/index.js';
import type { TrackView } from '../../src/engine/index.js';
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

function keep(limits: { snapshotsBytes?: number; reserveBytes?: number } = {}): void {
  const { snapshotsBytes = 1e9, reserveBytes = 0 } = limits;
  const gate = { trackIdOf: (track: number) => `gate-x-${track}`, run: 'x' } as Camera;
  keeper = new SnapshotKeeper({
    store,
    cameras: new Map([['gate', gate]]),
    config: () => ({
      data: { dir, eventsDays: 90, tracksDays: 30, snapshotsBytes },
      recording: { dir, reserveBytes },
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
});
