import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog, systemClock } from '../../src/base/index.js';
import type { DurableMessage } from '../../src/events/index.js';
import { checkDatabase, repairDatabase, Store } from '../../src/store/index.js';
import { damagePageWith } from '../support/damaged-database.js';

const MESSAGES = 600;

let dataDir: string;
let store: Store | undefined;
beforeEach(() => void (dataDir = mkdtempSync(path.join(tmpdir(), 'sightline-repair-'))));
afterEach(async () => {
  await store?.close();
  store = undefined;
  rmSync(dataDir, { recursive: true });
});

const open = async () => (store = await Store.open({ dataDir, clock: systemClock, log: silentLog }));
const close = async () => {
  await store?.close();
  store = undefined;
};
function message(at: number, type: 'track.started' | 'track.ended' = 'track.started'): DurableMessage {
  const track = { id: `track-${at}-`, label: 'person', score: 0.8, box: [0, 0, 10, 20] };
  const time = new Date(Date.parse('2026-05-04T09:30:00Z') + at * 1000).toISOString();
  const frame = { width: 640, height: 360 };
  return { v: 1, type, camera: 'gate', time, epoch: 1, ptsMs: 0, frame, track, model: 'm', ...(at === 5 && { zones: ['yard'] }) } as unknown as DurableMessage; // prettier-ignore
}
async function fill(): Promise<void> {
  const { journal } = await open();
  await Promise.all(Array.from({ length: MESSAGES }, (_, at) => journal.append(message(at + 1))));
  const looks = store!.table('looks');
  for (let at = 1; at <= 100; at++)
    await looks.write('put', { track: `track-${at}-`, camera: 'gate', label: 'person', seenMs: at, model: 'm', embedding: new Float32Array(64).fill(0.125) }); // prettier-ignore
  await close();
}
async function seqs(): Promise<number[]> {
  const found: number[] = [];
  for (;;) {
    const page = await store!.journal.read({ afterSeq: found.at(-1) ?? 0, limit: 500 });
    if (page.length === 0) return found;
    found.push(...page.map(({ seq }) => seq));
  }
}
/** Numbers of the tracks that stood on a page. */
const tracksOn = (page: string) => new Set([...page.matchAll(/track-(\d+)-/g)].map(([, at]) => Number(at)));

describe('repairDatabase', () => {
  it('keeps every row but those on the damaged page, and numbers go on', async () => {
    await fill();
    const lost = tracksOn(damagePageWith(dataDir, '"track-300-"'));
    expect(lost.size).toBeGreaterThan(3);
    const { tables, damagedFile } = await repairDatabase(dataDir);

    expect(checkDatabase(dataDir).faults).toEqual([]);
    expect(statSync(path.join(dataDir, 'sightline.db')).mode & 0o777).toBe(0o600);
    expect(existsSync(damagedFile)).toBe(true);
    const copied = Object.fromEntries(tables.map((one) => [one.table, one]));
    const damaged = ['journal', 'tracks'].filter((table) => copied[table]!.unread !== 0);
    expect(damaged).toHaveLength(1);
    expect(copied[damaged[0]!]).toMatchObject({ copied: MESSAGES - lost.size, unread: lost.size });
    expect(copied['looks']).toMatchObject({ copied: 100, unread: 0 });
    await open();
    const kept = await seqs();
    expect(kept.filter((seq) => lost.has(seq))).toEqual(damaged[0] === 'journal' ? [] : [...lost].sort((a, b) => a - b)); // prettier-ignore
    expect(kept).toHaveLength(damaged[0] === 'journal' ? MESSAGES - lost.size : MESSAGES);
    expect((await store!.journal.append(message(MESSAGES + 1))).seq).toBe(MESSAGES + 1);
  });

  it('gives no number twice that was given, though the newest messages are lost', async () => {
    await fill();
    // The newest row of both tables.
    damagePageWith(dataDir, `"track-${MESSAGES}-"`);
    damagePageWith(dataDir, `"track-${MESSAGES}-"`);
    await repairDatabase(dataDir);
    await open();
    expect((await seqs()).at(-1)).toBeLessThan(MESSAGES);
    expect((await store!.journal.append(message(MESSAGES + 1))).seq).toBe(MESSAGES + 1);
  });

  it('leaves numbers free where the last one cannot be read', async () => {
    await fill();
    damagePageWith(dataDir, 'journal\u0002X');
    await repairDatabase(dataDir);
    await open();
    expect((await store!.journal.append(message(1))).seq).toBe(MESSAGES + 10_001);
  });

  it('keeps what has become of rows that every database has: the anchor of the audit log', async () => {
    await fill();
    const file = path.join(dataDir, 'sightline.db');
    const anchorOf = (change = '') => {
      const database = new Database(file);
      if (change !== '') database.exec(change);
      const anchor = database.prepare('SELECT seq, hash FROM audit_anchor').all([]);
      database.close();
      return anchor;
    };
    const moved = anchorOf(
      "DROP TRIGGER audit_anchor_moves_forward; UPDATE audit_anchor SET seq = 7, hash = 'aa'",
    );
    expect(moved).toEqual([{ seq: 7, hash: 'aa' }]);
    damagePageWith(dataDir, '"track-300-"');
    const { tables } = await repairDatabase(dataDir);
    expect(tables.find(({ table }) => table === 'audit_anchor')).toMatchObject({ copied: 1, unread: 0 });
    expect(anchorOf()).toEqual(moved);
  });

  it('makes a database that does what the old one did: what hangs on a track goes with it', async () => {
    await fill();
    damagePageWith(dataDir, '"track-300-"');
    await repairDatabase(dataDir);
    await open();
    const inYard = async () => (await store!.table('history').read('tracks', { zone: 'yard', limit: 9 })).rows.map(({ id }) => id); // prettier-ignore
    expect(await inYard()).toEqual(['track-5-']);
    await store!.journal.append({ ...message(5), type: 'track.merged', into: 'track-6-' } as DurableMessage);
    expect(await inYard()).toEqual([]);
  });

  it('keeps what is on both sides of a damaged page where rows have no ids, and all where only an index is damaged', async () => {
    await fill();
    await open();
    for (let at = 1; at <= MESSAGES; at++)
      await store!
        .table('history')
        .write('addZones', `track-${at}-`, [`zone-${String(at).padStart(4, '0')}-`]);
    await close();
    const zonesOn = (page: string) => new Set(page.match(/zone-\d{4}-/g)).size;
    const one = zonesOn(damagePageWith(dataDir, 'zone-0300-', 'keys'));
    const { tables } = await repairDatabase(dataDir);
    const zones = tables.find(({ table }) => table === 'track_zones')!;
    const isIndex = zones.copied === MESSAGES + 1;
    expect(zones).toMatchObject(isIndex ? { unread: 0 } : { copied: MESSAGES + 1 - one, unread: undefined });
    // The other of both is the table, or its index.
    const other = zonesOn(damagePageWith(dataDir, 'zone-0301-', 'keys'));
    const again = (await repairDatabase(dataDir)).tables.find(({ table }) => table === 'track_zones')!;
    expect([again.copied, again.copied + other]).toContain(zones.copied);
    expect(checkDatabase(dataDir).faults).toEqual([]);
  });

  it('changes nothing where a server is at work, or not even the tables are to be found', async () => {
    await fill();
    await open();
    await expect(repairDatabase(dataDir)).rejects.toThrow('is in use by another Sightline');
    await close();
    const file = path.join(dataDir, 'sightline.db');
    const bytes = readFileSync(file);
    bytes.fill(0xa7, 0, 4096);
    writeFileSync(file, bytes);
    const before = readdirSync(dataDir);
    await expect(repairDatabase(dataDir)).rejects.toThrow(
      /nothing can be saved of .*restore it from a backup/,
    );
    expect(readdirSync(dataDir)).toEqual(before);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });
});
