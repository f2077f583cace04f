import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { it } from '@jest/globals';
import { keepHistoryShort } from '../../src/app/history-retention.js';
import { silentLog, systemClock } from '../../src/base/index.js';
import type { TrackMessage } from '../../src/events/index.js';
import { Store } from '../../src/store/index.js';
import { FakeClock } from '../support/fake-clock.js';
import { waitFor } from '../support/wait-for.js';

it('deletes what has been kept long enough, at the start and as time goes on, and ends when it is closed', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'sightline-retention-'));
  const store = await Store.open({ dataDir, clock: systemClock, log: silentLog });
  const clock = new FakeClock();
  const dayMs = 86_400_000;
  const track = (type: 'track.started' | 'track.ended', id: string, daysAgo: number): TrackMessage => ({
    v: 1,
    type,
    camera: 'gate',
    time: new Date(clock.wallMs() - daysAgo * dayMs).toISOString(),
    epoch: 1,
    ptsMs: 0,
    frame: { width: 640, height: 360 },
    track: { id, label: 'person', score: 1, box: [0, 0, 9, 9] },
    model: 'm',
  });
  for (const [id, daysAgo] of [['old', 3], ['older', 9], ['new', 1]] as const) // prettier-ignore
    for (const type of ['track.started', 'track.ended'] as const) await store.journal.append(track(type, id, daysAgo)); // prettier-ignore
  const ids = async () =>
    (await store.table('history').read('tracks', { limit: 9 })).rows.map(({ id }) => id).join();
  const config = () => ({ dir: dataDir, tracksDays: 2, eventsDays: 2, snapshotsBytes: 1e9 });
  const retention = keepHistoryShort({ store, config, clock, log: silentLog });
  try {
    await waitFor(async () => (await ids()) === 'new', { timeoutMs: 5000, what: 'the old ones gone' });
    clock.advance(2 * dayMs);
    await waitFor(async () => (await ids()) === '', { timeoutMs: 5000, what: 'the last one gone' });
  } finally {
    await retention.close();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
