import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AccountBook } from '../../src/access/account-book.js';
import { silentLog, systemClock } from '../../src/base/index.js';
import { Store, type SessionRow } from '../../src/store/index.js';

const session: SessionRow = {
  id: 'one',
  hash: 'abc',
  userId: 'u',
  createdMs: 1,
  seenMs: 1,
  address: '',
  agent: '',
};

let dir: string;
let store: Store;
let book: AccountBook;
beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'sightline-book-'));
  store = await Store.open({ dataDir: dir, clock: systemClock, log: silentLog });
  book = await open();
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});
const open = () => AccountBook.open({ table: store.table('access'), clock: systemClock });

describe('the book of accounts', () => {
  it('keeps the last use of a session, and never brings one back that was ended meanwhile', async () => {
    await book.commit([{ type: 'put-session', row: session }]);
    await book.touch({ ...session, seenMs: 7 });
    expect([...(await open()).sessions.values()]).toEqual([{ ...session, seenMs: 7 }]);

    const ending = book.commit(book.endingOf({ sessions: [session] }));
    // It is still in memory while the disk is written: just then it is used.
    const touching = book.touch({ ...session, seenMs: 9 });
    await Promise.all([ending, touching]);
    expect([...book.sessions.keys()]).toEqual([]);
    expect([...(await open()).sessions.keys()]).toEqual([]);
  });

  it('changes nothing in memory that the disk does not take', async () => {
    await book.commit([{ type: 'put-session', row: session }]);
    const again = { ...session, hash: 'def' };
    await expect(book.commit([{ type: 'put-session', row: again }])).rejects.toMatchObject({
      code: 'store/write-failed',
    });
    expect([...book.sessions.keys()]).toEqual(['abc']);
  });

  it('runs what must be alone one after the other, also after a failure', async () => {
    const order: string[] = [];
    const task = (name: string) => async () => {
      order.push(`${name} begins`);
      await Promise.resolve();
      order.push(`${name} ends`);
      if (name === 'b') throw new Error(name);
    };
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((name) => book.alone(task(name))));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });
});
