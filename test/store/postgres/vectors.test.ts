import { spawn, type ChildProcess } from 'node:child_process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLog } from '../../../src/base/index.js';
import { examinePostgres } from '../../../src/store/index.js';
import { hasPostgres, PostgresServer, queryOnce } from '../../support/postgres.js';
import { StorePlace } from '../../support/stores.js';
import { waitFor } from '../../support/wait-for.js';

const look = (track: string, ...embedding: number[]) => ({
  ...{ track, camera: 'gate', label: 'person', seenMs: 5, model: 'net@1' },
  embedding: Float32Array.from(embedding),
});

describe('a database with pgvector', () => {
  let child: ChildProcess;
  let url: string;
  const place = new StorePlace('pgvector', false);
  beforeAll(async () => {
    let output = '';
    child = spawn(process.execPath, ['test/support/pglite-server.mjs'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (output += text));
    const port = await waitFor(() => /\d+/.exec(output)?.[0], {
      timeoutMs: 60_000,
      what: 'PGlite to listen',
    });
    url = `postgres://postgres:none@127.0.0.1:${port}/postgres`;
  }, 70_000);
  afterAll(() => void child.stdin!.end());
  /** All its connections share one session: what the last one has set and prepared is still there. */
  const forget = () => queryOnce(url, 'DISCARD ALL');
  beforeEach(() => place.begin(url));
  afterEach(async () => {
    await place.end();
    await forget();
    await queryOnce(url, 'DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  });

  it('compares how tracks look itself, and gives them back to the last bit', async () => {
    const lines: string[] = [];
    const store = await place.open({ log: createLog('info', (line) => lines.push(line)) });
    const looks = store.table('looks');
    const odd = look('odd', 0.1, -1 / 3);
    for (const one of [odd, look('near', 0.8, 0.6), look('far', -1, 0), look('longer', 1, 0, 0)])
      await looks.write('put', one);
    expect(await looks.read('one', 'odd')).toEqual(odd);
    const found = await store.table('similarity').read('nearest', { like: look('asked', 1, 0), limit: 3 });
    expect(found.map(({ track }) => track)).toEqual(['near', 'odd', 'far']);
    expect(found[0]!.score).toBeCloseTo(0.8, 5);
    expect(found[2]!.score).toBeCloseTo(-1, 5);
    const { rows } = await queryOnce(url, 'SELECT pg_typeof(embedding)::text AS type FROM looks LIMIT 1');
    expect(rows).toEqual([{ type: 'vector' }]);
    expect(lines.filter((line) => line.includes('pgvector is installed'))).toHaveLength(1);
    expect(await examinePostgres(url)).toMatchObject({ usesVectors: true });
  }, 60_000);

  it('is given what was kept as bytes before it had the extension', async () => {
    const first = await place.open();
    const odd = look('odd', 0.1, -1 / 3);
    await first.table('looks').write('put', odd);
    await first.close();
    await forget();
    await queryOnce(
      url,
      `ALTER TABLE looks DROP COLUMN embedding; ALTER TABLE looks ADD COLUMN embedding bytea;
       UPDATE looks SET embedding = '\\x${Buffer.from(odd.embedding.buffer).toString('hex')}'`,
    );
    const again = await place.open();
    expect(await again.table('looks').read('one', 'odd')).toEqual(odd);
    const found = await again
      .table('similarity')
      .read('nearest', { like: look('asked', 0.1, -1 / 3), limit: 3 });
    expect(found.map(({ track }) => track)).toEqual(['odd']);
  }, 60_000);
});

(hasPostgres ? describe : describe.skip)('a database without pgvector', () => {
  let server: PostgresServer;
  beforeAll(async () => (server = await PostgresServer.start()), 60_000);
  afterAll(() => server.stop());

  it('finds the most similar among many pages', async () => {
    const place = new StorePlace('bytes', false);
    place.begin(await server.createDatabase());
    try {
      const store = await place.open();
      const looks = store.table('looks');
      for (let at = 0; at < 600; at++) {
        const angle = (at / 600) * Math.PI;
        await looks.write('put', look(`t${at}`, Math.cos(angle), Math.sin(angle)));
      }
      const found = await store.table('similarity').read('nearest', { like: look('t300', 0, 1), limit: 4 });
      expect(found.map(({ track }) => track).sort()).toEqual(['t298', 't299', 't301', 't302']);
    } finally {
      await place.end();
    }
  }, 60_000);

  it('is said to be one, in the log and by examinePostgres', async () => {
    const url = await server.createDatabase();
    const place = new StorePlace('bytes', false);
    place.begin(url);
    const lines: string[] = [];
    try {
      await place.open({ log: createLog('info', (line) => lines.push(line)) });
      expect(lines.filter((line) => line.includes('pgvector is not installed'))).toHaveLength(1);
      expect(await examinePostgres(url)).toMatchObject({
        ...{ version: expect.stringMatching(/^\d+/), usesVectors: false, isDurable: true },
        vectorReason: 'the PostgreSQL server does not have it',
      });
    } finally {
      await place.end();
    }
    server.stop();
    await expect(examinePostgres(url)).rejects.toMatchObject({ code: 'store/away' });
  }, 60_000);
});
