import path from 'node:path';
import Database from 'libsql';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Store } from '../../src/store/index.js';
import { queryOnce } from '../support/postgres.js';
import { describeStores, type StorePlace } from '../support/stores.js';

const START_MS = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
const timeOf = (day: number) => new Date(START_MS + day * DAY_MS).toISOString();

let store: Store;
const table = () => store.table('access');

/** One entry a day. */
const note = (...days: number[]) =>
  table().write(
    'apply',
    [],
    days.map((day) => ({
      time: timeOf(day),
      who: 'ada',
      what: 'login',
      target: '',
      detail: `day ${day}`,
      address: '',
    })),
  );
const prune = (beforeDay: number, onDay = beforeDay) =>
  table().write('pruneAudit', timeOf(beforeDay), { time: timeOf(onDay), who: 'retention' });
const check = () => table().read('checkAudit');
const numbers = async () => (await table().read('audit', 1e9, 1000)).map(({ seq }) => seq).reverse();
/** Somebody with the file or the database in their hands. */
async function tamper({ dataDir, postgresUrl }: StorePlace, ...statements: string[]): Promise<void> {
  if (postgresUrl !== undefined) {
    await queryOnce(postgresUrl, statements.join(';'));
    return;
  }
  const database = new Database(path.join(dataDir, 'sightline.db'));
  try {
    for (const statement of statements) database.exec(statement);
  } finally {
    database.close();
  }
}

describeStores((place) => {
  beforeEach(async () => {
    store = await place.open();
  });

  describe('pruning the audit log', () => {
    it('deletes what is older and nothing else, notes that, and leaves a chain that holds from the anchor on', async () => {
      await note(1, 2, 3, 4, 5);
      const whole = await check();
      expect(whole).toMatchObject({ entries: 5, anchor: { seq: 0, hash: '0'.repeat(64) } });
      const third = (await table().read('audit', 4, 1))[0]!;
      expect(await prune(3.5)).toBe(3);
      expect(await numbers()).toEqual([4, 5, 6]);
      const [newest] = await table().read('audit', 1e9, 1);
      expect(newest).toMatchObject({
        who: 'retention',
        what: 'audit.prune',
        detail: `up to 3, ${third.hash}`,
      });
      expect(await check()).toEqual({ entries: 3, anchor: { seq: 3, hash: third.hash }, head: newest!.hash });
      expect(await prune(3.5)).toBe(0);
      await note(6);
      await store.close();
      store = await place.open();
      expect(await check()).toMatchObject({ entries: 4, anchor: { seq: 3 } });
      expect(await prune(4.5)).toBe(1);
      expect(await check()).toMatchObject({ entries: 4, anchor: { seq: 4 } });
    });

    it('goes on counting where everything was old, and deletes nothing behind an entry that stays', async () => {
      await note(1, 2, 3);
      expect(await prune(9)).toBe(3);
      expect(await numbers()).toEqual([4]);
      // The clock was set back: what is old by its time lies behind what is not.
      await note(20, 1, 2, 21);
      expect(await prune(19)).toBe(1);
      expect(await numbers()).toEqual([5, 6, 7, 8, 9]);
      expect(await check()).toMatchObject({ entries: 5, anchor: { seq: 4 } });
      expect(await check()).not.toHaveProperty('brokenAt');
    });

    it('deletes a few at a time', async () => {
      await note(...Array.from({ length: 1200 }, () => 1));
      expect([await prune(2), await prune(2), await prune(2), await prune(2)]).toEqual([500, 500, 200, 0]);
      expect(await numbers()).toEqual([1201, 1202, 1203]);
      expect(await check()).toMatchObject({ entries: 3, anchor: { seq: 1200 } });
    });

    // PostgreSQL scans what is small, whatever its keys.
    if (place.isEmbedded)
      it('goes along the primary key: nothing is scanned or sorted', () => {
        const database = new Database(path.join(place.dataDir, 'sightline.db'));
        for (const statement of [
          'SELECT seq FROM audit WHERE seq > 5 ORDER BY seq LIMIT 500',
          'DELETE FROM audit WHERE seq <= 5',
          'SELECT seq FROM audit ORDER BY seq DESC LIMIT 1',
          'DELETE FROM login_failures WHERE last_ms < 5',
        ]) {
          const plan = database.prepare(`EXPLAIN QUERY PLAN ${statement}`).all([]) as { detail: string }[];
          expect(plan.map(({ detail }) => detail).join()).toMatch(/^SEARCH|^SCAN audit$/);
          expect(plan.map(({ detail }) => detail).join()).not.toMatch(/TEMP B-TREE/);
        }
        database.close();
      });
  });

  describe('an audit log that was cut by retention', () => {
    beforeEach(async () => {
      await note(1, 2, 3, 4, 5, 6);
      await prune(3.5);
    });

    it('is not cut, changed or moved by statements, as long as its triggers are there', async () => {
      for (const statement of [
        'DELETE FROM audit WHERE seq = 4',
        'DELETE FROM audit WHERE seq = 6',
        "UPDATE audit SET who = 'eve' WHERE seq = 5",
        'DELETE FROM audit_anchor',
        'UPDATE audit_anchor SET seq = 99',
        'UPDATE audit_anchor SET seq = 5',
        'UPDATE audit_anchor SET seq = 0',
        'UPDATE audit_anchor SET id = 2',
        'INSERT INTO audit_anchor SELECT 2, seq, hash FROM audit WHERE seq = 5',
      ])
        await expect(tamper(place, statement)).rejects.toThrow(/audit|CHECK constraint/);
    });

    const without = (trigger: string) => {
      const owner = trigger.startsWith('audit_anchor') ? 'audit_anchor' : 'audit';
      return place.isEmbedded ? [`DROP TRIGGER ${trigger}`] : [`DROP TRIGGER ${trigger} ON ${owner}`];
    };
    it.each<[what: string, statements: string[], brokenAt: number]>([
      [
        'an entry after the anchor was changed',
        [...without('audit_is_not_changed'), "UPDATE audit SET detail = 'x' WHERE seq = 5"],
        5,
      ],
      [
        'the first entry after the anchor was taken away',
        [...without('audit_is_not_shortened'), 'DELETE FROM audit WHERE seq = 4'],
        4,
      ],
      [
        'an entry in the middle was taken away',
        [...without('audit_is_not_shortened'), 'DELETE FROM audit WHERE seq = 5'],
        5,
      ],
      [
        'the hash of the anchor was changed',
        [...without('audit_anchor_moves_forward'), `UPDATE audit_anchor SET hash = '${'1'.repeat(64)}'`],
        4,
      ],
      [
        'the anchor was set back',
        [
          ...without('audit_anchor_moves_forward'),
          `UPDATE audit_anchor SET seq = 0, hash = '${'0'.repeat(64)}'`,
        ],
        1,
      ],
      // All hashes fit: only that retention did not say so tells it.
      [
        'the anchor was moved and what lies before it deleted',
        [
          'UPDATE audit_anchor SET (seq, hash) = (SELECT seq, hash FROM audit WHERE seq = 5)',
          'DELETE FROM audit WHERE seq <= 5',
        ],
        6,
      ],
    ])('is found out where %s', async (_what, statements, brokenAt) => {
      expect(await check()).not.toHaveProperty('brokenAt');
      await tamper(place, ...statements);
      expect(await check()).toMatchObject({ brokenAt });
    });

    it('does not count what is put before the anchor, and clears it away', async () => {
      await tamper(place, "INSERT INTO audit VALUES (3, '', 'eve', 'x', '', '', '', '')");
      expect(await check()).toMatchObject({ entries: 4, anchor: { seq: 3 } });
      expect(await check()).not.toHaveProperty('brokenAt');
      await prune(4.5);
      expect(await numbers()).toEqual([5, 6, 7, 8]);
    });
  });
});
