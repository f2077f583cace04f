import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import Database from 'libsql';
import { silentLog, systemClock } from '../../src/base/index.js';
import { Store } from '../../src/store/index.js';
import { migrate, MIGRATIONS } from '../../src/store/migrations.js';
import { describeStores } from '../support/stores.js';

describeStores((place) => {
  describe('places of readers in the journal', () => {
    it('are kept by kind: what one kind forgets, another of the same name does not', async () => {
      const readers = (await place.open()).table('readers');
      await readers.write('keep', 'webhook', ['one', 'two'], 5);
      await readers.write('keep', 'mqtt', ['one'], 7);
      await readers.write('move', 'webhook', 'one', 9);
      expect(await readers.write('keep', 'webhook', ['one'], 20)).toEqual([
        { id: 'one', cursor: 9, goneAs: null },
      ]);
      await readers.write('keep', 'webhook', [], 20);
      expect(await readers.write('keep', 'mqtt', ['one'], 20)).toEqual([
        { id: 'one', cursor: 7, goneAs: null },
      ]);
    });
  });
});

it('places of webhooks that version 6 stored, when there were no other readers, are theirs in this version', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'sightline-readers-'));
  try {
    const file = path.join(dataDir, 'sightline.db');
    const database = new Database(file);
    migrate(database, file, MIGRATIONS.slice(0, 6));
    database.exec("INSERT INTO webhooks VALUES ('alarms', 12, 'abc')");
    database.close();
    const store = await Store.open({ dataDir, clock: systemClock, log: silentLog });
    expect(await store.table('readers').write('keep', 'webhook', ['alarms'], 99)).toEqual([
      { id: 'alarms', cursor: 12, goneAs: 'abc' },
    ]);
    await store.close();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
