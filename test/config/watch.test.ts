import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock, type AppError, type Closable } from '../../src/base/index.js';
import { demoConfig, loadConfig, watchConfig, type Config } from '../../src/config/index.js';
import { waitFor } from '../support/wait-for.js';

const QUIET_MS = 150;

let dir: string;
let file: string;
let watcher: Closable | undefined;
let changes: Config[];
let refusals: AppError[];

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sightline-watch-'));
  file = path.join(dir, 'sightline.yaml');
  [changes, refusals] = [[], []];
});
afterEach(async () => {
  await watcher?.close();
  await rm(dir, { recursive: true, force: true });
});

const text = (...ids: string[]) => `cameras:\n${ids.map((id) => `  ${id}: { source: /${id} }\n`).join('')}`;
const idsOf = (config: Config | undefined) => config?.cameras.map(({ id }) => id).join(' ');

async function start(): Promise<void> {
  await writeFile(file, text('a'));
  watcher = await watchConfig({
    path: file,
    env: {},
    running: await loadConfig(file, {}),
    clock: systemClock,
    quietMs: QUIET_MS,
    onChange: (config) => changes.push(config),
    onRefused: (error) => refusals.push(error),
  });
}

const until = (condition: () => boolean, what: string) => waitFor(condition, { timeoutMs: 15_000, what });

/** Longer than any reading that is still under way. */
const settle = () => delay(QUIET_MS * 4);

describe('watchConfig', () => {
  it('reports a saved change once', async () => {
    await start();
    await writeFile(file, text('a', 'b'));
    await until(() => changes.length > 0, 'the change');
    await settle();
    expect(changes.map(idsOf)).toEqual(['a b']);
    expect(refusals).toEqual([]);
  });

  it('follows a file that is replaced by renaming, again and again', async () => {
    await start();
    for (const id of ['b', 'c', 'd']) {
      await writeFile(`${file}.new`, text('a', id));
      await rename(`${file}.new`, file);
      await until(() => idsOf(changes.at(-1)) === `a ${id}`, `camera ${id}`);
    }
    expect(refusals).toEqual([]);
  });

  it('refuses a broken file with line and column, and takes the mended one', async () => {
    await start();
    await writeFile(file, 'cameras:\n  a: [ }\n');
    await until(() => refusals.length > 0, 'the refusal');
    expect(refusals[0]?.message).toMatch(/sightline\.yaml:2:\d+: /);
    expect(changes).toEqual([]);
    await writeFile(file, text('a'));
    await until(() => changes.length > 0, 'the mended file');
    expect(changes.map(idsOf)).toEqual(['a']);
  });

  it('reports nothing when a save changes nothing', async () => {
    await start();
    await writeFile(file, `# a remark\n${text('a')}`);
    await settle();
    expect([changes, refusals]).toEqual([[], []]);
  });

  it('refuses a removed file and takes it when it is back', async () => {
    await start();
    await rm(file);
    await until(() => refusals.length > 0, 'the refusal');
    expect(refusals[0]?.code).toBe('config/not-found');
    await writeFile(file, text('z'));
    await until(() => changes.length > 0, 'the file that is back');
    expect(changes.map(idsOf)).toEqual(['z']);
  });

  it('never applies the first half of a file written in two', async () => {
    await start();
    // The first half is valid by itself, and would remove a camera.
    for (let round = 0, done = 0; done < 12 && round < 60; round++) {
      const first = `keep${round}`;
      const handle = await open(file, 'w');
      await handle.write(text(first));
      const startedMs = performance.now();
      await delay(QUIET_MS / 3);
      await handle.write(`  late${round}: { source: /late }\n`);
      const gapMs = performance.now() - startedMs;
      await handle.close();
      await until(() => idsOf(changes.at(-1)) === `${first} late${round}`, `round ${round}`);
      // A pause longer than the rest that the watcher waits for is a finished file by definition.
      if (gapMs >= QUIET_MS) changes = changes.filter((config) => idsOf(config) !== first);
      else done++;
    }
    expect(changes.map(idsOf).every((ids) => ids?.includes('late'))).toBe(true);
    expect(changes.length).toBeGreaterThanOrEqual(12);
    expect(refusals).toEqual([]);
  });

  it('says nothing more once closed, and closes twice', async () => {
    await start();
    await writeFile(file, text('b'));
    await Promise.all([watcher?.close(), watcher?.close()]);
    await settle();
    expect([changes, refusals]).toEqual([[], []]);
  });

  it('waits in peace for a file that is not there yet, and takes it once it is', async () => {
    const running = demoConfig({}, dir);
    watcher = await watchConfig({
      path: file,
      env: {},
      running,
      isAbsent: true,
      clock: systemClock,
      quietMs: QUIET_MS,
      onChange: (config) => changes.push(config),
      onRefused: (error) => refusals.push(error),
    });
    await settle();
    expect([changes, refusals]).toEqual([[], []]);
    await writeFile(file, text('a'));
    await until(() => changes.length > 0, 'the new file');
    expect(changes.map(idsOf)).toEqual(['a']);
    await rm(file);
    await until(() => refusals.length > 0, 'the refusal of a file that is gone');
  });
});
