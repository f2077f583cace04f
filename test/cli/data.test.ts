import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { silentLog, systemClock } from '../../src/base/index.js';
import type { DurableMessage } from '../../src/events/index.js';
import { Store } from '../../src/store/index.js';
import { damagePageWith } from '../support/damaged-database.js';
import { runCli } from './run-cli.js';

let dir: string;
beforeEach(() => void (dir = mkdtempSync(path.join(tmpdir(), 'sightline-data-'))));
afterEach(() => rmSync(dir, { recursive: true }));

const data = (...argv: string[]) => runCli(['data', ...argv, '--data-dir', dir]);
const open = (dataDir = dir) => Store.open({ dataDir, clock: systemClock, log: silentLog });
const status = (reason: string): DurableMessage => ({
  ...{ v: 1, type: 'camera.status', camera: 'gate', time: '2026-05-04T09:30:00.000Z' },
  status: { state: 'live', transcoded: false, reason },
});
async function tell(count: number): Promise<void> {
  const store = await open();
  await Promise.all(
    Array.from({ length: count }, (_, at) => store.journal.append(status(`status-${at + 1}-`))),
  );
  await store.close();
}

it('sightline data check says whether a database is sound, also beside the server that has it open', async () => {
  await tell(300);
  const server = await open();
  expect(await data('check')).toMatchObject({ status: 0, stdout: expect.stringMatching(/sightline\.db: \d\.\d MB, sound\n$/) }); // prettier-ignore
  await server.close();
  damagePageWith(dir, 'status-150-');
  expect(await data('check')).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/^journal: /),
    stderr: expect.stringContaining('stop the server and run "sightline data repair"'),
  });
});

it('sightline data repair saves what can be read, and says what not', async () => {
  await tell(300);
  expect((await data('repair')).stdout).toContain('sound: nothing was done');
  const lost = new Set(damagePageWith(dir, 'status-150-').match(/status-\d+-/g)).size;
  const store = await open();
  expect(await store.journal.read({ afterSeq: 0, limit: 300 }).catch((error: Error) => error.message)).toContain('run "sightline data repair"'); // prettier-ignore
  expect(await data('repair')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('in use by another Sightline'),
  });
  await store.close();
  const repaired = await data('repair');
  expect(repaired).toMatchObject({ status: 0, stderr: '' });
  expect(repaired.stdout).toMatch(new RegExp(`^journal +${300 - lost} +${lost}$`, 'm'));
  expect(repaired.stdout).toMatch(
    /was made anew; the damaged one is .*sightline\.db\.damaged-\d{8}T\d{6}Z\n$/,
  );
  expect((await data('check')).status).toBe(0);
});

it('sightline data backup copies a database that is being written, for its owner’s eyes', async () => {
  await tell(300);
  const server = await open();
  const to = path.join(dir, 'copy', 'sightline.db');
  expect((await data('backup', to)).stderr).toMatch(/copy\/sightline\.db cannot be written/);
  const file = path.join(dir, 'copy.db');
  expect(await data('backup', file)).toMatchObject({ status: 0, stdout: expect.stringMatching(/copy\.db: \d\.\d MB/) }); // prettier-ignore
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await data('backup', file)).stderr).toContain('it is there already');
  await server.journal.append(status('after'));
  await server.close();

  const copyDir = mkdtempSync(path.join(dir, 'restored-'));
  copyFileSync(file, path.join(copyDir, 'sightline.db'));
  const copy = await open(copyDir);
  expect((await copy.journal.read({ afterSeq: 0, limit: 500 })).map(({ seq }) => seq)).toHaveLength(300);
  await copy.close();
});

it('sightline data leaves a PostgreSQL database to its own tools', async () => {
  const config = path.join(dir, 'sightline.yaml');
  writeFileSync(config, 'data: { postgres: "postgres://nobody@127.0.0.1:1/none" }\ncameras: {}\n');
  const { status: exit, stderr } = await runCli(['data', 'check', '--config', config]);
  expect([exit, stderr]).toEqual([1, expect.stringContaining('check and repair it there')]);
});
