import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLog, silentLog, systemClock, type Log } from '../../../src/base/index.js';
import type { DurableMessage } from '../../../src/events/index.js';
import { Store } from '../../../src/store/index.js';
import { LosingProxy, type Loss } from '../../support/losing-proxy.js';
import { hasPostgres, PostgresServer, queryOnce } from '../../support/postgres.js';
import { waitFor } from '../../support/wait-for.js';

const from1To = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

function message(reason: string): DurableMessage {
  return {
    ...{ v: 1, type: 'camera.status', camera: 'gate', time: '2026-05-04T09:30:12.480Z' },
    status: { state: 'live', reason, transcoded: false },
  };
}

(hasPostgres ? describe : describe.skip)('the store over PostgreSQL', () => {
  let server: PostgresServer;
  let proxy: LosingProxy;
  let url: string;
  const dirs: string[] = [];
  const opened: Store[] = [];
  beforeAll(async () => {
    server = await PostgresServer.start();
    proxy = await LosingProxy.start(server.port);
  }, 60_000);
  afterAll(async () => {
    await proxy.stop();
    server.stop();
  });
  beforeEach(async () => {
    proxy.loss = () => undefined;
    proxy.lost = 0;
    url = await server.createDatabase();
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
  });

  async function open(through = url, log: Log = silentLog): Promise<Store> {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'sightline-faults-'));
    dirs.push(dataDir);
    const store = await Store.open({ dataDir, postgresUrl: through, clock: systemClock, log });
    opened.push(store);
    return store;
  }
  const lossy = () => url.replace(/:\d+\//, `:${proxy.port}/`);

  /** What the database has, by number. */
  async function kept(): Promise<[number, string][]> {
    const { rows } = await queryOnce(url, 'SELECT seq::int, body FROM journal ORDER BY seq');
    return rows.map(({ seq, body }: { seq: number; body: string }) => {
      const { status } = JSON.parse(body) as { status: { reason: string } };
      return [seq, status.reason];
    });
  }

  /** Appends `count` messages one after the other on each of a few lanes; gives the number that each got. */
  async function appendAll(store: Store, count: number, lanes = 4): Promise<Map<string, number>> {
    const told = new Map<string, number>();
    const lane = async (of: number) => {
      for (let n = of; n < count; n += lanes)
        told.set(String(n), (await store.journal.append(message(String(n)))).seq);
    };
    await Promise.all(from1To(lanes).map((of) => lane(of - 1)));
    return told;
  }

  async function expectEachOnce(told: Map<string, number>, count: number): Promise<void> {
    const rows = await kept();
    expect(rows.map(([seq]) => seq)).toEqual(from1To(count));
    expect(told.size).toBe(count);
    expect(new Map(rows.map(([seq, reason]) => [reason, seq]))).toEqual(told);
  }

  it('loses and doubles nothing when the server is killed in the middle of 200 messages, and says when it is away', async () => {
    const lines: string[] = [];
    const store = await open(
      url,
      createLog('info', (line) => lines.push(line)),
    );
    const appended = appendAll(store, 200);
    await waitFor(() => store.journal.lastSeq >= 60, {
      timeoutMs: 10_000,
      what: 'some messages to be stored',
    });
    // They go on while it is killed.
    await server.kill();
    expect(store.journal.lastSeq).toBeLessThan(200);
    await waitFor(() => store.failure, { timeoutMs: 10_000, what: 'the database to be missed' });
    expect(store.failure).toMatch(/^the database of data.postgres cannot be written to: /);
    await expect(store.journal.read({ afterSeq: 0, limit: 1 })).rejects.toMatchObject({
      code: 'store/read-failed',
    });
    const whileAway = store.journal.append(message('away'));
    await server.launch();
    const all = await appended;
    all.set('away', (await whileAway).seq);
    expect(store.failure).toBeUndefined();
    await expectEachOnce(all, 201);
    expect(lines.filter((line) => line.includes('the database is away'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('the database is back'))).toHaveLength(1);
    expect(lines.join()).not.toContain('not-a-secret');
  }, 60_000);

  it('does not let people wait for a database that is away, and ends without it', async () => {
    const store = await open();
    await store.journal.append(message('1'));
    await server.kill();
    try {
      await waitFor(() => store.failure, { timeoutMs: 10_000, what: 'the database to be missed' });
      const change = { type: 'touch-session', id: 'none', seenMs: 1 } as const;
      await expect(store.table('access').write('apply', [change], [])).rejects.toMatchObject({
        code: 'store/away',
      });
      const lost = store.journal.append(message('2'));
      const refused = expect(lost).rejects.toMatchObject({ code: 'store/closed' });
      await store.close();
      await refused;
    } finally {
      await server.launch();
    }
    expect(await kept()).toEqual([[1, '1']]);
  }, 60_000);

  it.each<Loss>(['answer', 'request', 'held'])(
    'stores each message once, under the number that it told, where the %s of commits is lost',
    async (loss) => {
      const store = await open(lossy());
      let commits = 0;
      // Three times in a row, now and then: what is sent again may be lost again.
      proxy.loss = () => (commits++ % 12 < 3 ? loss : undefined);
      const told = await appendAll(store, 80);
      expect(proxy.lost).toBeGreaterThan(5);
      await expectEachOnce(told, 80);
    },
    60_000,
  );

  it('stores each message once where a commit that was given up races with its repetition', async () => {
    const store = await open(lossy());
    let state = 7;
    const random = (below: number) => (state = (state * 1103515245 + 12345) % 2 ** 31) % below;
    proxy.loss = () => (random(3) === 0 ? 'late' : undefined);
    // A new connection is there and locked after some ten milliseconds.
    proxy.lateMs = () => random(400);
    const told = await appendAll(store, 100);
    expect(proxy.lost).toBeGreaterThan(5);
    await expectEachOnce(told, 100);
  }, 60_000);

  it('keeps the audit log whole where answers are lost', async () => {
    const store = await open(lossy());
    const access = store.table('access');
    const entry = {
      who: 'ada',
      what: 'login',
      target: '',
      detail: '',
      address: '',
      time: '2026-05-04T09:30:12Z',
    };
    let commits = 0;
    proxy.loss = () => (commits++ % 3 === 0 ? 'answer' : undefined);
    for (const n of from1To(9)) await access.write('apply', [], [{ ...entry, target: `camera\0${n}\ud800` }]);
    expect(proxy.lost).toBeGreaterThan(2);
    expect(await access.read('checkAudit')).toMatchObject({ entries: 9 });
    expect(await access.read('checkAudit')).not.toHaveProperty('brokenAt');
  }, 60_000);

  it('refuses a second server, naming the first one, and lets it in when that has ended', async () => {
    const first = await open();
    await first.journal.append(message('1'));
    await expect(open()).rejects.toMatchObject({
      code: 'store/locked',
      message: expect.stringContaining(`pid ${process.pid}`),
    });
    await first.close();
    expect((await (await open()).journal.append(message('2'))).seq).toBe(2);
  }, 60_000);

  it('writes nothing more once another server has had the database', async () => {
    const first = await open(lossy());
    await first.journal.append(message('1'));
    await queryOnce(url, "UPDATE writer SET instance = 'another'");
    await expect(first.journal.append(message('2'))).rejects.toMatchObject({ code: 'store/locked' });
    expect(first.failure).toContain('another Sightline');
    expect(await kept()).toEqual([[1, '1']]);
  });

  it('says what is wrong with a password, a database or a schema', async () => {
    const wrong = url.replace('not-a-secret', 'quite-wrong');
    await expect(open(wrong)).rejects.toMatchObject({ code: 'store/unusable', message: expect.not.stringContaining('quite-wrong') }); // prettier-ignore
    await expect(open(url.replace(/db\d+$/, 'none'))).rejects.toMatchObject({ code: 'store/unusable' });
    await (await open()).close();
    await queryOnce(url, "INSERT INTO migrations VALUES (99, 'future', 'abc')");
    await expect(open()).rejects.toMatchObject({ code: 'store/newer-schema' });
    await queryOnce(
      url,
      "DELETE FROM migrations WHERE version = 99; UPDATE migrations SET checksum = 'other'",
    );
    await expect(open()).rejects.toMatchObject({ code: 'store/schema-mismatch' });
  }, 60_000);

  it('goes on with the next number, and begins with the oldest message that is left, when all have been deleted', async () => {
    const first = await open();
    await appendAll(first, 5);
    await first.close();
    await queryOnce(url, 'DELETE FROM journal');
    const { journal } = await open();
    expect([journal.firstSeq, journal.lastSeq]).toEqual([6, 5]);
    expect((await journal.append(message('x'))).seq).toBe(6);
  });

  it('lets nobody change the audit log', async () => {
    const store = await open();
    const entry = {
      who: 'ada',
      what: 'login',
      target: '',
      detail: '',
      address: '',
      time: '2026-05-04T09:30:12Z',
    };
    await store.table('access').write('apply', [], [entry]);
    for (const sql of ["UPDATE audit SET who = 'eve'", 'DELETE FROM audit', 'TRUNCATE audit'])
      await expect(queryOnce(url, sql)).rejects.toThrow('only ever added to');
  });
});
