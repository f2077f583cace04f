import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'libsql';
import { silentLog, systemClock } from '../../src/base/index.js';
import type { DurableMessage } from '../../src/events/index.js';
import { Store, type Journal } from '../../src/store/index.js';
import { describeStores } from '../support/stores.js';
import { delay, waitFor } from '../support/wait-for.js';

let dataDir: string;
const opened: Store[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'sightline-journal-'));
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function openStore(retentionCount?: number): Promise<Store> {
  const options = { dataDir, clock: systemClock, log: silentLog };
  const store = await Store.open(retentionCount === undefined ? options : { ...options, retentionCount });
  opened.push(store);
  return store;
}

async function open(retentionCount?: number): Promise<Journal> {
  return (await openStore(retentionCount)).journal;
}

function message(reason: string): DurableMessage {
  return {
    v: 1,
    type: 'camera.status',
    camera: 'gate',
    time: '2026-05-04T09:30:12.480Z',
    status: { state: 'live', reason, transcoded: false },
  };
}

async function appendMany(journal: Journal, count: number): Promise<number[]> {
  const messages = Array.from({ length: count }, (_, index) => message(String(index)));
  return (await Promise.all(messages.map((m) => journal.append(m)))).map(({ seq }) => seq);
}

const from1To = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describeStores((place) => {
  const openStore = (retentionCount?: number) =>
    place.open(retentionCount === undefined ? {} : { retentionCount });

  it('numbers messages from 1 in the order of the calls and reads back what was written', async () => {
    const journal = (await openStore()).journal;
    expect([journal.lastSeq, journal.firstSeq]).toEqual([0, 1]);
    expect(await appendMany(journal, 2500)).toEqual(from1To(2500));
    expect([journal.lastSeq, journal.firstSeq]).toEqual([2500, 1]);
    expect(await journal.read({ afterSeq: 2498, limit: 10 })).toEqual([
      { ...message('2498'), seq: 2499 },
      { ...message('2499'), seq: 2500 },
    ]);
    expect(await journal.read({ afterSeq: 5, limit: 1 })).toEqual([{ ...message('5'), seq: 6 }]);
    expect(journal.bytes).toBeGreaterThan(100_000);
  });

  it('resolves appends in order', async () => {
    const journal = (await openStore()).journal;
    const resolved: number[] = [];
    await Promise.all(
      from1To(50).map(async (n) => {
        const { seq } = await journal.append(message(String(n)));
        resolved.push(seq);
      }),
    );
    expect(resolved).toEqual(from1To(50));
  });

  it('goes on with the next number after a restart, even when retention has left nothing old', async () => {
    const first = await openStore(3);
    await appendMany(first.journal, 10);
    expect(first.journal.firstSeq).toBe(8);
    await first.close();
    const second = (await openStore(3)).journal;
    expect([second.firstSeq, second.lastSeq]).toEqual([8, 10]);
    expect((await second.append(message('next'))).seq).toBe(11);
    expect((await second.read({ afterSeq: 0, limit: 10 })).map(({ seq }) => seq)).toEqual([9, 10, 11]);
  });

  it('keeps what was appended before close, and refuses what comes after', async () => {
    const first = await openStore();
    const appended = appendMany(first.journal, 100);
    const closed = Promise.all([first.close(), first.close()]);
    expect(await appended).toHaveLength(100);
    await closed;
    await expect(first.journal.append(message('late'))).rejects.toMatchObject({ code: 'store/closed' });
    expect((await openStore()).journal.lastSeq).toBe(100);
  });
});

describe('Journal', () => {
  it('does not give a number again when all rows have been deleted', async () => {
    const first = await openStore();
    await appendMany(first.journal, 5);
    await first.close();
    const database = new Database(path.join(dataDir, 'sightline.db'));
    database.exec('DELETE FROM journal');
    database.close();
    const second = await open();
    expect([second.firstSeq, second.lastSeq]).toEqual([6, 5]);
    expect((await second.append(message('x'))).seq).toBe(6);
  });

  it('refuses a second server on the same directory, naming the first one', async () => {
    await open();
    await expect(open()).rejects.toMatchObject({
      code: 'store/locked',
      kind: 'conflict',
      message: expect.stringContaining(`pid ${process.pid}`),
    });
  });

  it('F48: waits for another process that holds the database for 10 s, reads meanwhile, and loses nothing', async () => {
    const journal = await open();
    expect(await appendMany(journal, 10)).toEqual(from1To(10));
    const other = new Database(path.join(dataDir, 'sightline.db'));
    other.exec('BEGIN EXCLUSIVE');
    const heldMs = performance.now();
    let done = false;
    const appended = appendMany(journal, 300).finally(() => (done = true));
    while (performance.now() - heldMs < 10_000) {
      const read = await journal.read({ afterSeq: 0, limit: 1000 });
      expect(read.map(({ seq }) => seq)).toEqual(from1To(10));
      expect(done).toBe(false);
      await delay(100);
    }
    other.exec('ROLLBACK');
    other.close();
    expect(await appended).toEqual(Array.from({ length: 300 }, (_, index) => index + 11));
  }, 60_000);

  it('refuses a directory that it cannot create, naming it', async () => {
    const file = path.join(dataDir, 'file');
    writeFileSync(file, '');
    const inside = path.join(file, 'inside');
    await expect(Store.open({ dataDir: inside, clock: systemClock, log: silentLog })).rejects.toMatchObject({
      code: 'store/unusable',
      message: expect.stringContaining(inside),
    });
  });

  it('refuses a damaged database and one of a newer version, and leaves the directory free', async () => {
    const file = path.join(dataDir, 'sightline.db');
    writeFileSync(file, 'x'.repeat(5000));
    await expect(open()).rejects.toMatchObject({ code: 'store/unusable' });
    rmSync(file);
    await (await openStore()).close();
    const database = new Database(file);
    database.exec("INSERT INTO migrations VALUES (99, 'future', 'abc', '2030')");
    database.close();
    await expect(open()).rejects.toMatchObject({ code: 'store/newer-schema' });
    const again = new Database(file);
    again.exec("DELETE FROM migrations WHERE version = 99; UPDATE migrations SET checksum = 'other'");
    again.close();
    await expect(open()).rejects.toMatchObject({ code: 'store/schema-mismatch' });
  });

  it('uses up no number when a commit fails, and goes on when the fault is gone', async () => {
    const journal = await open();
    await appendMany(journal, 3);
    const database = new Database(path.join(dataDir, 'sightline.db'));
    database.exec('ALTER TABLE journal RENAME TO elsewhere');
    await expect(journal.append(message('lost'))).rejects.toMatchObject({ code: 'store/write-failed' });
    await expect(journal.read({ afterSeq: 0, limit: 1 })).rejects.toMatchObject({
      code: 'store/read-failed',
    });
    database.exec('ALTER TABLE elsewhere RENAME TO journal');
    database.close();
    expect((await journal.append(message('kept'))).seq).toBe(4);
  });
});

describe('Journal, killed at random times', () => {
  it('loses nothing that append resolved, and repeats no number, over 20 rounds', async () => {
    const acknowledged = new Map<number, string>();
    for (let round = 0; round < 20; round++) {
      const child = spawn(process.execPath, [path.resolve('test/store/append-forever.mjs'), dataDir, '8'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
      const exited = once(child, 'close');
      await waitFor(() => output.length > 0, { timeoutMs: 20_000, what: 'the first acknowledgement' });
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 120));
      child.kill('SIGKILL');
      await exited;
      for (const line of output.split('\n').slice(0, -1)) {
        const [seq, reason] = line.split(' ') as [string, string];
        expect(acknowledged.has(Number(seq))).toBe(false);
        acknowledged.set(Number(seq), reason);
      }
    }
    const journal = await open();
    const kept = new Map<number, string | undefined>();
    for (let afterSeq = 0; afterSeq < journal.lastSeq; afterSeq = kept.size)
      for (const row of await journal.read({ afterSeq, limit: 1000 }))
        kept.set(row.seq, row.type === 'camera.status' ? row.status.reason : undefined);
    expect([...kept.keys()]).toEqual(from1To(journal.lastSeq));
    expect(acknowledged.size).toBeGreaterThan(100);
    const lost = [...acknowledged].filter(([seq, reason]) => kept.get(seq) !== reason);
    expect(lost).toEqual([]);
  }, 120_000);
});
