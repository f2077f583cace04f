import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog, systemClock } from '../../src/base/index.js';
import type { DurableMessage } from '../../src/events/index.js';
import { checkDatabase, repairDatabase, Store } from '../../src/store/index.js';
import { damagePageWith } from '../support/damaged-database.js';

/** Of the file's head: where the number of the first page of the list of free pages stands. */
const FREE_LIST_AT = 32;
const PAGE_BYTES = 4096;

let dataDir: string;
const file = () => path.join(dataDir, 'sightline.db');
beforeEach(() => void (dataDir = mkdtempSync(path.join(tmpdir(), 'sightline-check-'))));
afterEach(() => rmSync(dataDir, { recursive: true }));

const status = (reason: string): DurableMessage => ({
  ...{ v: 1, type: 'camera.status', camera: 'gate', time: '2026-05-04T09:30:00.000Z' },
  status: { state: 'live', transcoded: false, reason },
});
async function fill(): Promise<void> {
  const store = await Store.open({ dataDir, clock: systemClock, log: silentLog });
  await Promise.all(
    Array.from({ length: 600 }, (_, at) => store.journal.append(status(`status-${at + 1}-`))),
  );
  await store.close();
}

describe('checkDatabase', () => {
  it('finds nothing where all is as it was written, and a page that is none, with its table', async () => {
    await fill();
    expect(checkDatabase(dataDir)).toMatchObject({ bytes: expect.any(Number), faults: [] });
    damagePageWith(dataDir, 'status-300-');
    expect(checkDatabase(dataDir).faults).toEqual([expect.stringMatching(/^journal: /)]);
  });

  it('finds a damaged list of free pages, which is no table’s and would fail the next writer; a repair makes it anew', async () => {
    await fill();
    const database = new Database(file());
    database.exec('DELETE FROM journal WHERE seq <= 500');
    database.close();
    expect(checkDatabase(dataDir).faults).toEqual([]);
    const bytes = readFileSync(file());
    const first = bytes.readUInt32BE(FREE_LIST_AT);
    expect(first).toBeGreaterThan(0);
    bytes.fill(0xa7, (first - 1) * PAGE_BYTES, first * PAGE_BYTES);
    writeFileSync(file(), bytes);
    const { faults } = checkDatabase(dataDir);
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.filter((fault) => /^[a-z_]+: /.test(fault))).toEqual([]);
    const { tables } = await repairDatabase(dataDir);
    expect(tables.find(({ table }) => table === 'journal')).toMatchObject({ copied: 100, unread: 0 });
    expect(checkDatabase(dataDir).faults).toEqual([]);
  });

  it('refuses what is no database, and where there is none', () => {
    expect(() => checkDatabase(dataDir)).toThrow('there is no');
    writeFileSync(file(), 'x'.repeat(5000));
    expect(() => checkDatabase(dataDir)).toThrow('cannot be read as a database');
  });
});
