import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { Accounts } from '../../src/access/index.js';
import { keepAuditShort, keepHistoryShort } from '../../src/app/history-retention.js';
import { silentLog, systemClock } from '../../src/base/index.js';
import { parseConfig } from '../../src/config/parse.js';
import type { EventMessage, TrackMessage } from '../../src/events/index.js';
import { Store } from '../../src/store/index.js';
import { FakeClock } from '../support/fake-clock.js';
import { waitFor } from '../support/wait-for.js';

/** So often it is looked for what is old; a look that falls due while one is under way is left out. */
const LOOK_MS = 600_000;

const configOf = (data: string, camera = '') =>
  parseConfig(`data: ${data}\ncameras: { gate: { source: rtsp://gate.lan/1 ${camera} } }\n`, {
    ...{ file: 'sightline.yaml', baseDir: '/', env: {} },
  });

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
  const config = () => configOf('{ tracksDays: 2, eventsDays: 2, auditDays: 2 }');
  const retention = keepHistoryShort({ store, config, clock, log: silentLog });
  try {
    await waitFor(async () => (await ids()) === 'new', { timeoutMs: 5000, what: 'the old ones gone' });
    clock.advance(2 * dayMs);
    await waitFor(async () => (clock.advance(LOOK_MS), await ids()) === '', { timeoutMs: 5000, what: 'the last one gone' }); // prettier-ignore
  } finally {
    await retention.close();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
});

it('keeps events by camera and severity as the configuration in force says, from the moment that it is in force', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'sightline-retention-'));
  const store = await Store.open({ dataDir, clock: systemClock, log: silentLog });
  const clock = new FakeClock();
  const dayMs = 86_400_000;
  const time = new Date(clock.wallMs() - 10 * dayMs).toISOString();
  for (const camera of ['gate', 'gone'])
    for (const severity of ['info', 'warning', 'alert'] as const) {
      const event = { id: `${camera} ${severity}`, rule: { name: 'r', type: 'enter', version: '1' }, severity, tracks: [], startedAt: time } as const; // prettier-ignore
      for (const more of [
        { type: 'event.started', event },
        { type: 'event.ended', event: { ...event, endedAt: time, ending: 'over' } },
      ] as const)
        // prettier-ignore
        await store.journal.append({ v: 1, camera, time, ...more } satisfies EventMessage);
    }
  const kept = async () =>
    (await store.table('history').read('events', { limit: 9 })).rows.map(({ id }) => id).sort();
  const data = '{ eventsDays: 8, history: { warningDays: 20, alertDays: 9 } }';
  let config = configOf(data, ', history: { infoDays: 12 }');
  const retention = keepHistoryShort({ store, config: () => config, clock, log: silentLog });
  try {
    await waitFor(async () => (await kept()).length === 3, { timeoutMs: 5000, what: 'three gone' });
    expect(await kept()).toEqual(['gate info', 'gate warning', 'gone warning']);
    config = configOf(data, ', history: { warningDays: 9 }');
    await waitFor(async () => (clock.advance(LOOK_MS), await kept()).length === 1, {
      timeoutMs: 5000,
      what: 'two more gone',
    });
    expect(await kept()).toEqual(['gone warning']);
  } finally {
    await retention.close();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
});

it('deletes entries of the audit log that are old enough, and nothing for an hour after the clock stepped', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'sightline-retention-'));
  const store = await Store.open({ dataDir, clock: systemClock, log: silentLog });
  const clock = new FakeClock();
  const dayMs = 86_400_000;
  const table = store.table('access');
  const accounts = await Accounts.open({ table, dataDir, clock, log: silentLog });
  const note = (what: string) => accounts.audit.note({ caller: { name: 'ada' }, address: '' }, { what });
  const kept = async () =>
    (await accounts.audit.read({ beforeSeq: 1e9, limit: 100 })).map(({ what }) => what);
  const config = () => configOf('{ tracksDays: 2, eventsDays: 2, auditDays: 30 }');
  note('first');
  clock.advance(20 * dayMs);
  note('second');
  clock.advance(9 * dayMs);
  await waitFor(async () => (await kept()).length === 2, { timeoutMs: 5000, what: 'two entries' });
  const retention = keepAuditShort({ accounts, config, clock, log: silentLog });
  try {
    clock.stepWall(3650 * dayMs);
    await clock.advanceAsync(600_000);
    clock.stepWall(-3650 * dayMs);
    await clock.advanceAsync(600_000);
    expect(await kept()).toEqual(['second', 'first']);
    clock.advance(2 * dayMs);
    await waitFor(async () => (clock.advance(LOOK_MS), await kept())[0] === 'audit.prune', { timeoutMs: 5000, what: 'the first to go' }); // prettier-ignore
    expect(await kept()).toEqual(['audit.prune', 'second']);
    expect(await accounts.audit.check()).toMatchObject({ entries: 2, anchor: { seq: 1 } });
  } finally {
    await retention.close();
    await accounts.close();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
