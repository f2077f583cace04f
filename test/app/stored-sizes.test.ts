import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { StoredSizes } from '../../src/app/stored-sizes.js';
import { silentLog, systemClock } from '../../src/base/index.js';
import { Store } from '../../src/store/index.js';
import { FakeClock } from '../support/fake-clock.js';

it('counts what is stored at most every ten seconds, and again at once after a failure', async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'sightline-sizes-'));
  const store = await Store.open({ dataDir, clock: systemClock, log: silentLog });
  try {
    const clock = new FakeClock();
    let isAway = false;
    const table: Store['table'] = (name) => {
      if (isAway) throw new Error('away');
      return store.table(name);
    };
    const sizes = new StoredSizes({ store: { table }, clock });
    const put = (id: string, bytes: number) =>
      store
        .table('pictures')
        .write('put', { kind: 'track', id }, { camera: 'gate', seenMs: 0, shows: [0, 0, 1, 1], boxes: [] }, new Uint8Array(bytes)); // prettier-ignore
    expect(await sizes.read()).toEqual({ pictureBytes: 0, recordingBytes: 0, segments: 0 });
    await put('a', 1000);
    expect((await sizes.read()).pictureBytes).toBe(0);
    clock.advance(10_000);
    isAway = true;
    await expect(sizes.read()).rejects.toThrow('away');
    isAway = false;
    expect((await sizes.read()).pictureBytes).toBe(1000);
  } finally {
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  }
});
