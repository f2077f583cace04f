import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CliProcess } from '../cli/run-cli.js';
import { hasPostgres, PostgresServer, queryOnce } from '../support/postgres.js';
import { waitFor } from '../support/wait-for.js';

(hasPostgres ? describe : describe.skip)('two servers on one database', () => {
  let database: PostgresServer;
  let url: string;
  let dir: string;
  const started: CliProcess[] = [];
  beforeAll(async () => (database = await PostgresServer.start()), 60_000);
  afterAll(() => database.stop());
  beforeEach(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-twice-'));
    url = await database.createDatabase();
  });
  afterEach(async () => {
    for (const { child } of started) if (child.exitCode === null) child.kill('SIGKILL');
    await Promise.all(started.splice(0).map(({ ended }) => ended));
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  });

  /** Each has a data folder of its own, as on machines of their own. */
  async function serve(name: string): Promise<CliProcess> {
    const file = path.join(dir, `${name}.yaml`);
    await writeFile(
      file,
      `server: { port: 0 }\nengine: { workers: 1 }\ndata: { dir: ${name}, postgres: "\${DATABASE_URL}" }\ncameras: {}\n`,
    );
    const cli = new CliProcess(['serve', '--config', file], { cwd: dir, env: { DATABASE_URL: url } });
    started.push(cli);
    return cli;
  }
  const listens = (cli: CliProcess) =>
    waitFor(() => /http:\/\/\S+/.exec(cli.stdout)?.[0], {
      timeoutMs: 60_000,
      what: () => `a server that listens: ${cli.stdout}${cli.stderr}`,
    });
  const instance = async () =>
    (await queryOnce(url, 'SELECT instance FROM writer')).rows as { instance: string }[];

  it('F54: are one: the second ends with status 1 and one sentence that names the first, which goes on; it may take over', async () => {
    const first = await serve('first');
    const place = await listens(first);
    const writer = await instance();

    const second = await serve('second');
    expect(await second.ended).toEqual({ status: 1, signal: null });
    const said = `${second.stdout}${second.stderr}`.trim().split('\n');
    expect(said).toEqual([
      expect.stringMatching(
        new RegExp(
          `the database of data\\.postgres is in use by another Sightline \\(sightline writer .* pid ${first.child.pid}, .*\\): stop it, or give this one another database$`,
        ),
      ),
    ]);
    expect(said.join()).not.toContain('not-a-secret');
    expect(await instance()).toEqual(writer);
    expect((await fetch(new URL('/livez', place))).status).toBe(200);

    first.child.kill('SIGTERM');
    expect(await first.ended).toEqual({ status: 0, signal: null });
    await listens(await serve('second'));
    expect(await instance()).not.toEqual(writer);
  }, 180_000);
});
