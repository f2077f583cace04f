import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Publisher, type PublisherOptions } from '../../src/app/publisher.js';
import { silentLog, systemClock } from '../../src/base/index.js';
import type { DurableMessage } from '../../src/events/index.js';
import { Store } from '../../src/store/index.js';
import { waitFor } from '../support/wait-for.js';

let dir: string;
let store: Store;
beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-publisher-'));
  store = await Store.open({ dataDir: dir, clock: systemClock, log: silentLog });
});
afterEach(async () => {
  await store.close();
  await rm(dir, { recursive: true, force: true });
});

const started: DurableMessage = {
  ...{ v: 1, type: 'track.started', camera: 'gate', time: '2026-05-04T09:30:00.000Z', epoch: 1, ptsMs: 0 },
  frame: { width: 640, height: 360 },
  track: { id: 'gate-x-1', label: 'car', score: 1, box: [0, 0, 1, 1] },
  model: 'm',
};

describe('Publisher', () => {
  it('stores zones of a track under way, so that it is found by them before it ends', async () => {
    let stored = 0;
    const publisher = new Publisher({
      store,
      metrics: { events: { inc: () => undefined } } as unknown as PublisherOptions['metrics'],
      server: () => undefined,
      rules: [],
      notice: () => undefined,
      frame: () => undefined,
      stored: () => stored++,
      clock: systemClock,
      log: silentLog,
    });
    publisher.publish(started);
    await waitFor(() => stored === 1, { timeoutMs: 10_000, what: 'the track to be stored' });
    publisher.keepZones([{ id: 'gate-x-1', zones: ['drive', 'yard'] }]);
    const found = async () =>
      (await store.table('history').read('tracks', { zone: 'yard', limit: 1 })).rows[0];
    const row = await waitFor(found, { timeoutMs: 10_000, what: 'the zones to be stored' });
    expect(row.zones).toEqual(['drive', 'yard']);
    expect(row).not.toHaveProperty('endedMs');
    expect(stored).toBe(1);
  });
});
