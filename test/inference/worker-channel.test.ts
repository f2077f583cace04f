import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { systemClock } from '../../src/base/index.js';
import { WorkerChannel, type WorkerChannelOptions } from '../../src/inference/worker-channel.js';
import { waitFor } from '../support/wait-for.js';
import { greyJob } from './pictures.js';

/** Workers that fail in the ways in which one with native code can. */
const SCRIPTS = {
  dies: `parentPort.on('message', () => process.exit(7)); parentPort.postMessage({ type: 'ready' });`,
  // A blocking system call cannot be interrupted, like native code.
  late: `parentPort.on('message', ({ type }) => type === 'close' ? process.exit() : spawnSync('sleep', ['0.5']));
    parentPort.postMessage({ type: 'ready' });`,
  stuck: `parentPort.on('message', ({ type }) => type === 'close' ? process.exit() : spawnSync('sleep', ['4']));
    parentPort.postMessage({ type: 'ready' });`,
  crashes: `throw new Error('no memory');`,
  silent: `parentPort.on('message', () => process.exit());`,
};

const code = (value: string) => expect.objectContaining({ code: value });

describe('WorkerChannel', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sightline-channel-'));
    const imports = `import { parentPort } from 'node:worker_threads'; import { spawnSync } from 'node:child_process';`;
    for (const [name, script] of Object.entries(SCRIPTS))
      writeFileSync(path.join(folder, `${name}.mjs`), `${imports}\n${script}`);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const options = (
    name: keyof typeof SCRIPTS,
    changed: Partial<WorkerChannelOptions> = {},
  ): WorkerChannelOptions => ({
    entry: pathToFileURL(path.join(folder, `${name}.mjs`)),
    setup: { model: { modelPath: 'none' }, plan: { provider: 'cpu', isRequired: false } },
    jobTimeoutMs: 200,
    clock: systemClock,
    signal: new AbortController().signal,
    onStuck: () => undefined,
    ...changed,
  });

  it('rejects the job under way when the worker dies, and takes no more', async () => {
    const channel = await WorkerChannel.open(options('dies', { jobTimeoutMs: 60_000 }));
    await expect(channel.detect(greyJob())).rejects.toThrow(code('inference/worker-died'));
    expect(channel.room).toBe(0);
    expect(await channel.ended).toMatchObject({ code: 'inference/worker-died' });
    await channel.close();
  });

  it('gives up a job at its deadline, and waits for the worker that was late', async () => {
    let stuck = 0;
    const channel = await WorkerChannel.open(options('late', { onStuck: () => stuck++ }));
    await expect(channel.detect(greyJob())).rejects.toThrow(code('inference/timeout'));
    expect(channel.room).toBe(0);
    await channel.close();
    expect([stuck, await channel.ended]).toMatchObject([0, { code: 'inference/timeout' }]);
  });

  it('says that a worker is stuck when it does not come back, and closes all the same', async () => {
    let stuck = 0;
    const channel = await WorkerChannel.open(options('stuck', { onStuck: () => stuck++ }));
    await expect(channel.detect(greyJob())).rejects.toThrow(code('inference/timeout'));
    await channel.close();
    expect(stuck).toBe(1);
  });

  it('does not open when the worker crashes at its start', async () => {
    await expect(WorkerChannel.open(options('crashes'))).rejects.toThrow(/no memory/);
  });

  it('stops opening when it is called off', async () => {
    const calledOff = new AbortController();
    const opening = WorkerChannel.open(options('silent', { signal: calledOff.signal }));
    const failed = opening.catch((error: unknown) => error);
    calledOff.abort();
    expect(await waitFor(() => failed, { timeoutMs: 20_000, what: 'the end' })).toMatchObject({
      code: 'inference/closed',
    });
    await expect(WorkerChannel.open(options('silent', { signal: calledOff.signal }))).rejects.toThrow(
      code('inference/closed'),
    );
  });
});
