import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLog, entryFile, registerSecret, silentLog } from '../../src/base/index.js';
import { startFfmpeg, type OrphanGuard } from '../../src/media/index.js';
import { ffmpegPrograms, makeClip } from '../support/clips.js';
import { descendantsOf, hasProcessTable, isAlive } from '../support/process-table.js';
import { waitFor } from '../support/wait-for.js';

const program = ffmpegPrograms[0]?.path ?? '';
const ENDLESS = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=10', '-f', 'rawvideo', 'pipe:1'];
const GUARDS: OrphanGuard[] = process.platform === 'linux' ? ['setpriv', 'shell'] : ['shell'];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sightline-process-'));
  await makeClip();
});
afterAll(() => rm(folder, { recursive: true }));

async function stub(name: string, body: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, `#!/bin/sh\n${body}\n`);
  await chmod(file, 0o755);
  return file;
}

/** The processes that work for `pid`, itself among them. */
const group = (pid: number) => [pid, ...descendantsOf(pid).map((entry) => entry.pid)];

(hasProcessTable ? describe : describe.skip).each(GUARDS)('FFmpeg guarded by %s', (orphanGuard) => {
  const start = (
    file: string,
    args: readonly string[],
    onStderrLine?: (line: string) => void,
    log = silentLog,
  ) =>
    startFfmpeg({
      ffmpeg: { path: file, orphanGuard },
      args,
      stdin: 'ignore',
      log,
      name: 'test',
      ...(onStderrLine && { onStderrLine }),
    });

  it('hands out what FFmpeg writes, and its exit', async () => {
    const child = start(program, [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=160x90:rate=5:duration=1',
      '-pix_fmt',
      'yuv420p',
      '-f',
      'rawvideo',
      'pipe:1',
    ]);
    let bytes = 0;
    child.stdout.on('data', (chunk: Buffer) => (bytes += chunk.length));
    const exit = await child.exited;
    expect(exit).toMatchObject({ code: 0, signal: null });
    expect(bytes).toBe(5 * 160 * 90 * 1.5);
    expect(exit.stderrTail).toContain('rawvideo');
  });

  it('feeds it', async () => {
    const child = startFfmpeg({
      ffmpeg: { path: program, orphanGuard },
      args: ['-f', 'rawvideo', '-s', '16x16', '-pix_fmt', 'gray', '-i', 'pipe:0', '-f', 'rawvideo', 'pipe:1'],
      stdin: 'pipe',
      log: silentLog,
      name: 'test',
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stdin?.end(Buffer.alloc(512, 7));
    expect(await child.exited).toMatchObject({ code: 0 });
    expect(Buffer.concat(chunks)).toEqual(Buffer.alloc(512, 7));
  });

  it('is gone after stop, however often that is called', async () => {
    const child = start(program, ENDLESS);
    child.stdout.resume();
    const pid = child.pid ?? 0;
    await waitFor(() => isAlive(pid), { timeoutMs: 5000, what: 'the start' });
    const processes = group(pid);
    await Promise.all([child.stop(), child.stop()]);
    await child.stop();
    expect(isAlive(pid)).toBe(false);
    await waitFor(() => !processes.some(isAlive), { timeoutMs: 1000, what: 'the end of all' });
  });

  it('is killed 2 s after SIGTERM when it is stopped', async () => {
    const child = start(program, ENDLESS);
    child.stdout.resume();
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const processes = group(child.pid ?? 0);
    processes.forEach((pid) => process.kill(pid, 'SIGSTOP'));
    const startedMs = performance.now();
    await child.stop();
    expect(performance.now() - startedMs).toBeLessThan(4000);
    await waitFor(() => !processes.some(isAlive), { timeoutMs: 1000, what: 'the end of all' });
  });

  it('does not outlive a kill -9 of its parent, even while its output is stalled', async () => {
    const driver = path.join(folder, `driver-${orphanGuard}.mjs`);
    const module = entryFile(
      new URL('../../src/media/index.ts', import.meta.url).href,
      './ffmpeg-process.js',
    );
    await writeFile(
      driver,
      `import { startFfmpeg } from ${JSON.stringify(module.href)};
       const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
       const child = startFfmpeg({ ffmpeg: { path: ${JSON.stringify(program)}, orphanGuard: ${JSON.stringify(orphanGuard)} },
         args: ['-f', 'lavfi', '-i', 'testsrc2=size=640x360', '-f', 'rawvideo', 'pipe:1'], stdin: 'ignore', log: silent, name: 'x' });
       child.stdout.once('data', () => { child.stdout.pause(); console.log('stalled'); });
       setInterval(() => {}, 1000);`,
    );
    const parent = spawn(process.execPath, [driver], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => parent.stdout.once('data', resolve));
    const orphans = descendantsOf(parent.pid ?? 0).map((entry) => entry.pid);
    expect(orphans.length).toBeGreaterThan(0);
    parent.kill('SIGKILL');
    await waitFor(() => !orphans.some(isAlive), { timeoutMs: 2000, what: 'the end of the orphans' });
  });

  it('keeps 64 KiB of a flood on stderr, logs ten lines a second, and discloses no secret', async () => {
    registerSecret('flood-canary');
    const flood = await stub(
      `flood-${orphanGuard}`,
      'i=0; while [ $i -lt 400 ]; do printf "%01000d flood-canary %d\\n" 0 $i >&2; i=$((i+1)); done',
    );
    const logged: string[] = [];
    let lines = 0;
    const child = start(
      flood,
      [],
      () => lines++,
      createLog('debug', (line) => logged.push(line)),
    );
    const { stderrTail } = await child.exited;
    expect(lines).toBe(400);
    expect(stderrTail.length).toBeLessThanOrEqual(64 * 1024 + 1024);
    expect(stderrTail).toContain('*** 399');
    expect(stderrTail + logged.join('')).not.toContain('flood-canary');
    expect(logged.length).toBeGreaterThan(0);
    expect(logged.length).toBeLessThanOrEqual(30);
  });

  it('reports what could not be started as an exit', async () => {
    const child = start(path.join(folder, 'nowhere'), []);
    const exit = await child.exited;
    expect(exit.code === 127 || /ENOENT/.test(exit.stderrTail)).toBe(true);
    await child.stop();
  });
});

it('reports a program that cannot be started without a guard', async () => {
  const child = startFfmpeg({
    ffmpeg: { path: path.join(os.tmpdir(), 'no-such-ffmpeg'), orphanGuard: 'none' },
    args: [],
    stdin: 'ignore',
    log: silentLog,
    name: 'test',
  });
  const closed = new Promise((resolve) => child.stdout.once('close', resolve));
  expect(await child.exited).toMatchObject({
    code: null,
    signal: null,
    stderrTail: expect.stringContaining('ENOENT'),
  });
  await closed;
});
