import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { childrenOf, hasProcessTable } from '../support/process-table.js';
import { waitFor } from '../support/wait-for.js';
import { CliProcess } from './run-cli.js';

const START_TIMEOUT_MS = 60_000;

let dir: string;
const started: CliProcess[] = [];

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sightline-serve-'));
});
afterEach(async () => {
  for (const { child } of started) if (child.exitCode === null) child.kill('SIGKILL');
  await Promise.all(started.splice(0).map(({ ended }) => ended));
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
});

function serve(...argv: string[]): CliProcess {
  const cli = new CliProcess(['serve', ...argv], { cwd: dir, env: { GATE_PASSWORD: 'c4nary-serve' } });
  started.push(cli);
  return cli;
}

async function urlOf(cli: CliProcess): Promise<string> {
  await waitFor(() => /listening on \S+/.test(cli.stdout) || cli.child.exitCode !== null, {
    timeoutMs: START_TIMEOUT_MS,
    what: 'the server to listen',
  });
  const url = /listening on (\S+)/.exec(cli.stdout)?.[1];
  if (url === undefined) throw new Error(`the server ended:\n${cli.stderr}`);
  return url;
}

describe('sightline serve', () => {
  it('shows the demo camera without a configuration, and ends with status 0 within 5 s of SIGTERM', async () => {
    const cli = serve('--port', '0');
    const url = await urlOf(cli);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+/);
    expect(cli.stdout).toMatch(/^ {2}demo {2}.*demo\.mp4$/m);
    const answer = await fetch(new URL('/api/v1/cameras', url));
    const { cameras } = (await answer.json()) as { cameras: { id: string }[] };
    expect(cameras.map(({ id }) => id)).toEqual(['demo']);

    const signalledMs = performance.now();
    cli.child.kill('SIGTERM');
    expect(await cli.ended).toEqual({ status: 0, signal: null });
    expect(performance.now() - signalledMs).toBeLessThan(5500);
    for (const line of cli.stderr.trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
  }, 120_000);

  it('takes sightline.yaml from the working folder, applies what is saved, and keeps secrets to itself', async () => {
    const file = path.join(dir, 'sightline.yaml');
    const camera = (id: string) => `  ${id}: { source: "rtsp://u:\${GATE_PASSWORD}@127.0.0.1:9/${id}" }\n`;
    await writeFile(file, `cameras:\n${camera('gate')}`);
    const cli = serve('--port', '0');
    const url = await urlOf(cli);
    const idsNow = async () => {
      const { cameras } = (await (await fetch(new URL('/api/v1/cameras', url))).json()) as {
        cameras: { id: string }[];
      };
      return cameras.map(({ id }) => id).join(' ');
    };
    expect(await idsNow()).toBe('gate');

    await writeFile(file, `cameras:\n${camera('gate')}${camera('yard')}`);
    await waitFor(async () => (await idsNow()) === 'gate yard', {
      timeoutMs: 20_000,
      what: 'the second camera',
    });

    await writeFile(file, 'cameras:\n  gate: [ }\n');
    await waitFor(() => cli.stderr.includes('sightline.yaml:2:'), { timeoutMs: 20_000, what: 'the refusal' });
    expect(await idsNow()).toBe('gate yard');

    cli.child.kill('SIGINT');
    expect(await cli.ended).toEqual({ status: 0, signal: null });
    expect(cli.stdout + cli.stderr).not.toContain('c4nary-serve');
    expect(cli.stdout).toContain('rtsp://u:***@127.0.0.1:9/gate');
  }, 120_000);

  const itWithProcessTable = hasProcessTable ? it : it.skip;
  itWithProcessTable(
    'restarts only the camera that was edited',
    async () => {
      const file = path.join(dir, 'sightline.yaml');
      const clip = path.resolve('streams/demo.mp4');
      const text = (fpsOfThird: number) =>
        `cameras:\n${[1, 2, 3, 4, 5]
          .map((n) => `  c${n}: { source: ${clip}, analyse: { fps: ${n === 3 ? fpsOfThird : 0.5} } }\n`)
          .join('')}`;
      await writeFile(file, text(0.5));
      const cli = serve('--port', '0');
      const url = await urlOf(cli);
      // The control process has one FFmpeg per camera; those that decode belong to the engine.
      const ffmpegPids = () =>
        childrenOf(cli.child.pid ?? 0)
          .filter(({ name, state }) => name === 'ffmpeg' && state !== 'Z')
          .map(({ pid }) => pid)
          .sort((a, b) => a - b);
      const allLive = async () => {
        const { cameras } = (await (await fetch(new URL('/api/v1/cameras', url))).json()) as {
          cameras: { state: string }[];
        };
        return cameras.length === 5 && cameras.every(({ state }) => state === 'live');
      };
      await waitFor(allLive, { timeoutMs: 30_000, what: 'five live cameras' });
      const before = ffmpegPids();
      expect(before).toHaveLength(5);

      await writeFile(file, text(1));
      await waitFor(() => ffmpegPids().some((pid) => !before.includes(pid)), {
        timeoutMs: 20_000,
        what: 'the edited camera to start again',
      });
      await waitFor(allLive, { timeoutMs: 30_000, what: 'five live cameras again' });
      const after = ffmpegPids();
      expect(after).toHaveLength(5);
      expect(after.filter((pid) => before.includes(pid))).toHaveLength(4);
    },
    120_000,
  );

  it('says which port is in use, with status 1 and one line', async () => {
    const other: Server = createServer().listen(0, '127.0.0.1');
    await waitFor(() => other.listening, { timeoutMs: 5000, what: 'a port' });
    const { port } = other.address() as { port: number };
    const cli = serve('--port', String(port));
    expect(await cli.ended).toEqual({ status: 1, signal: null });
    const told = cli.stderr.split('\n').filter((line) => line.startsWith('sightline:'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`port ${port}`);
    expect(cli.stdout).not.toContain('listening');
    other.close();
  }, 120_000);

  it('refuses a broken configuration with status 2 and the line', async () => {
    const file = path.join(dir, 'mine.yaml');
    await writeFile(file, 'cameras:\n  gate: { source: x.mp4, fsp: 3 }\n');
    const cli = serve('--config', 'mine.yaml');
    expect(await cli.ended).toEqual({ status: 2, signal: null });
    expect(cli.stderr).toMatch(/^sightline: mine\.yaml:2:\d+: cameras\.gate\.fsp is not a known key/);
    expect(await readFile(file, 'utf8')).toContain('fsp');
  });

  it('ends at once on a second signal', async () => {
    const cli = serve('--port', '0');
    await urlOf(cli);
    cli.child.kill('SIGTERM');
    cli.child.kill('SIGINT');
    const { status } = await cli.ended;
    // Whichever came first: a close so quick that there was nothing left to cut short is fine.
    expect([0, 130, 143]).toContain(status);
  }, 120_000);
});
