import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'libsql';
import { silentLog, systemClock } from '../../src/base/index.js';
import { Store } from '../../src/store/index.js';
import { WEBHOOKS_SCHEMA } from '../../src/store/reader-table.js';

let dataDir: string;
let store: Store;
const open = async () => (store = await Store.open({ dataDir, clock: systemClock, log: silentLog }));

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'sightline-readers-'));
  await open();
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('places of readers in the journal', () => {
  it('are kept by kind: what one kind forgets, another of the same name does not', async () => {
    const readers = store.table('readers');
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

  it('of webhooks that were stored before there were other readers go on', async () => {
    await store.close();
    const database = new Database(path.join(dataDir, 'sightline.db'));
    database.exec(`DROP TABLE readers; ${WEBHOOKS_SCHEMA}; INSERT INTO webhooks VALUES ('alarms', 12, 'abc');
      DELETE FROM migrations WHERE version = 7`);
    database.close();
    await open();
    expect(await store.table('readers').write('keep', 'webhook', ['alarms'], 99)).toEqual([
      { id: 'alarms', cursor: 12, goneAs: 'abc' },
    ]);
  });
});
