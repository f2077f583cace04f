import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Accounts, ControlSocket, deskOf } from '../../src/access/index.js';
import { silentLog, systemClock } from '../../src/base/index.js';
import { main } from '../../src/cli/index.js';
import { Store } from '../../src/store/index.js';

const PASSWORD = 'lamp otter quartz seven';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'sightline-accounts-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Runs a command on the data directory, with `typed` piped in. */
async function run(argv: string[], typed = ''): Promise<{ status: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', ''];
  const status = await main([...argv, '--data-dir', path.join(dir, 'data')], {
    env: {},
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    stdin: Readable.from([typed]),
  });
  return { status, stdout, stderr };
}

/** What a server has open on its data directory. */
async function serverOn(dataDir: string) {
  const store = await Store.open({ dataDir, clock: systemClock, log: silentLog });
  const accounts = await Accounts.open({
    table: store.table('access'),
    dataDir,
    clock: systemClock,
    log: silentLog,
  });
  const control = await ControlSocket.open({ desk: deskOf(accounts), dataDir, log: silentLog });
  return {
    accounts,
    async close() {
      await control?.close();
      await accounts.close();
      await store.close();
    },
  };
}

/** The same, whether or not a server runs: the commands find out. */
async function walkThrough(): Promise<void> {
  expect(await run(['user', 'list'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('no users yet'),
  });
  const viewerFirst = await run(['user', 'add', 'vera'], `${PASSWORD}\n`);
  expect(viewerFirst).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('must be an administrator'),
  });
  expect(await run(['user', 'add', 'Ada', '--role', 'admin'], 'short\n')).toMatchObject({ status: 1 });
  expect(await run(['user', 'add', 'Ada', '--role', 'admin'], `${PASSWORD}\n`)).toMatchObject({
    status: 0,
    stdout: 'ada is admin of all cameras\n',
  });
  expect(await run(['user', 'add', 'vera', '--cameras', 'gate,yard'], PASSWORD)).toMatchObject({ status: 0 });
  const { stdout: users } = await run(['user', 'list']);
  expect(users).toMatch(/^ada +admin +all cameras +\d{4}-/m);
  expect(users).toMatch(/^vera +viewer +gate, yard +\d{4}-/m);
  expect(await run(['user', 'remove', 'ada'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('last administrator'),
  });
  expect(await run(['user', 'password', 'vera'], 'violin harbour mosaic nine')).toMatchObject({ status: 0 });
  expect(await run(['user', 'remove', 'vera'])).toMatchObject({ status: 0 });
  expect(await run(['user', 'remove', 'vera'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('no user vera'),
  });

  const made = await run([
    'token',
    'create',
    'prometheus',
    '--role',
    'admin',
    '--only',
    'metrics',
    '--days',
    '30',
  ]);
  expect(made.stdout).toMatch(/^slt_[\w-]{43}\n$/);
  expect(made.stderr).not.toContain(made.stdout.trim());
  const { stdout: tokens } = await run(['token', 'list']);
  const id = /^(\S+) +prometheus +metrics +all cameras +command line +\d{4}-/m.exec(tokens)?.[1];
  expect(tokens).not.toContain(made.stdout.trim());
  expect(await run(['token', 'revoke', id!])).toMatchObject({ status: 0 });
  expect(await run(['token', 'revoke', id!])).toMatchObject({ status: 1 });
  expect(await run(['token', 'create', 'x', '--only', 'flying'])).toMatchObject({ status: 1 });
  const verified = await run(['audit', 'verify']);
  expect(verified.stdout).toMatch(
    /^\d+ entries from the first on: all as they were; the last is [0-9a-f]{64}\n$/,
  );
}

describe('sightline user and token', () => {
  it('work on the data directory when no server runs', walkThrough, 60_000);

  it('work in a server that runs, at once, by a socket that is for its user alone', async () => {
    const dataDir = path.join(dir, 'data');
    const server = await serverOn(dataDir);
    try {
      expect(statSync(path.join(dataDir, 'control.sock')).mode & 0o777).toBe(0o600);
      await walkThrough();
      expect(server.accounts.users.list().map(({ name }) => name)).toEqual(['ada']);
      const secret = (await run(['token', 'create', 'live'])).stdout.trim();
      expect(server.accounts.tokens.callerOf(secret)?.name).toBe('token live');
    } finally {
      await server.close();
    }
  }, 60_000);

  it('refuse an empty password, and take the socket of a server that was killed for none', async () => {
    const dataDir = path.join(dir, 'data');
    const server = await serverOn(dataDir);
    await server.close();
    expect(await run(['user', 'add', 'ada', '--role', 'admin'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no password'),
    });
    expect(await run(['user', 'list'])).toMatchObject({ status: 0 });
  });
});

describe('sightline audit verify', () => {
  it('says after which anchor the log begins, and fails where an entry was changed', async () => {
    const dataDir = path.join(dir, 'data');
    const server = await serverOn(dataDir);
    for (const what of ['one', 'two', 'three']) server.accounts.audit.note({ caller: { name: 'ada' }, address: '' }, { what }); // prettier-ignore
    await server.accounts.audit.prune(systemClock.wallMs() + 1000);
    const { anchor, head } = await server.accounts.audit.check();
    await server.close();
    const verified = await run(['audit', 'verify']);
    expect(verified).toEqual({
      status: 0,
      stdout: `1 entries from 4 on, after the anchor ${anchor.hash}: all as they were; the last is ${head}\n`,
      stderr: '',
    });
    const database = new Database(path.join(dataDir, 'sightline.db'));
    database.exec("DROP TRIGGER audit_is_not_changed; UPDATE audit SET who = 'eve' WHERE seq = 4");
    database.close();
    const broken = await run(['audit', 'verify']);
    expect([broken.status, broken.stdout]).toEqual([1, '']);
    expect(broken.stderr).toContain('entry 4 of the audit log is not what it was');
  });
});
