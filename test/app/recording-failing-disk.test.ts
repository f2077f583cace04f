import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import type { CameraView, Readiness, ServerMessage } from '../../src/server/protocol.js';
import { makeClip } from '../support/clips.js';
import { childrenOf } from '../support/process-table.js';
import { delay, waitFor } from '../support/wait-for.js';
import { RecordingServer, storedMessages } from './recording-server.js';

const run = promisify(execFile);
/** Debian's libfiu, which lets calls of the C library fail while a program runs. */
const PRELOADED = ['/usr/lib/fiu/fiu_run_preload.so', '/usr/lib/fiu/fiu_posix_preload.so'];
const hasFiu = [...PRELOADED, '/usr/bin/fiu-ctrl'].every((file) => existsSync(file));
const CALLS = ['posix/io/sync/fsync', 'posix/io/sync/fdatasync'];
const EIO = 5;
const FAILING_MS = 5000;

/** F46 of the fault matrix. */
(hasFiu ? describe : describe.skip)('a server on a disk whose fsync fails with EIO', () => {
  let dir: string;
  let server: RecordingServer;
  let socket: WebSocket;
  const told: { readonly seq: number; readonly type: string; readonly timeMs: number }[] = [];
  let failing = { fromMs: 0, toMs: 0 };

  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-failing-disk-'));
    const clip = await makeClip({ container: 'mp4' });
    server = new RecordingServer(dir);
    await server.writeConfig(clip.path);
    const env = { LD_PRELOAD: PRELOADED.join(' '), FIU_CTRL_FIFO: path.join(dir, 'fiu') };
    // Under libfiu one start of some thirty never came to listen: what is tested begins after it.
    await server.start(env).catch(async () => {
      await server.kill();
      await server.start(env);
    });
    socket = new WebSocket(new URL('/api/v1/stream', server.url.replace('http', 'ws')), 'sightline.v1');
    socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', cameras: '*', topics: ['camera', 'track', 'event'], since: 0 }))); // prettier-ignore
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ServerMessage;
      if ('seq' in message && 'time' in message)
        told.push({ seq: message.seq, type: message.type, timeMs: Date.parse(message.time) });
    });
  }, 150_000);
  afterAll(async () => {
    socket?.terminate();
    await server?.kill();
    await rm(dir, { recursive: true, force: true });
  });

  const setFailing = async (isFailing: boolean) => {
    for (const name of CALLS) {
      const command = isFailing ? `enable name=${name},failinfo=${EIO}` : `disable name=${name}`;
      await run('fiu-ctrl', ['-f', path.join(dir, 'fiu'), '-c', command, String(server.pid)]);
    }
  };
  /** Ends the camera's stream: that it is gone, and is back, are messages. */
  const cut = async () => {
    const before = (await recording()).since;
    for (const { pid, name } of childrenOf(server.pid)) if (name === 'ffmpeg') process.kill(pid, 'SIGKILL');
    await waitFor(async () => (await recording()).since !== before, { timeoutMs: 20_000, what: 'the cut' });
    await waitFor(async () => (await recording()).state === 'live', {
      timeoutMs: 20_000,
      what: 'the camera',
    });
  };
  const recording = async () => (await server.get<{ cameras: CameraView[] }>('/api/v1/cameras')).cameras[0]!;
  const statuses = () => told.filter(({ type }) => type === 'camera.status').length;

  it('tells nothing that is not on the disk, says what is wrong, and lives on', async () => {
    await server.untilRecorded(2);
    await waitFor(() => statuses() > 0, { timeoutMs: 20_000, what: 'a message' });
    await setFailing(true);
    failing = { fromMs: Date.now(), toMs: 0 };
    // What was on its way to the disk by then.
    await delay(300);
    const before = told.length;
    await cut();
    const refused = await waitFor(
      async () => {
        const response = await fetch(new URL('/readyz', server.url));
        const readiness = (await response.json()) as Readiness;
        const isTold = readiness.reasons.some((reason) => reason.startsWith('messages wait in memory: '));
        return isTold && response.status === 503 ? readiness : undefined;
      },
      { timeoutMs: 20_000, what: 'readiness to tell' },
    );
    expect(refused.reasons.join()).toMatch(/could not be written .*disk of data\.dir/);
    await waitFor(async () => (await recording()).recording?.state === 'paused', {
      timeoutMs: 20_000,
      what: 'recording to be paused',
    });
    expect((await server.get<Readiness>('/readyz')).warnings?.join()).toMatch(/gate is not recorded/);
    await delay(Math.max(0, failing.fromMs + FAILING_MS - Date.now()));
    expect(told.length).toBe(before);
    expect((await fetch(new URL('/livez', server.url))).status).toBe(200);
    failing = { ...failing, toMs: Date.now() };
  }, 120_000);

  it('tells all that waited once the disk takes it, without a hole, and records again', async () => {
    await setFailing(false);
    await waitFor(
      () => told.filter(({ timeMs }) => timeMs > failing.fromMs && timeMs < failing.toMs).length >= 2,
      { timeoutMs: 20_000, what: 'what waited' },
    );
    await waitFor(async () => (await recording()).recording?.state === 'recording', {
      timeoutMs: 30_000,
      what: 'recording',
    });
    await waitFor(async () => (await fetch(new URL('/readyz', server.url))).status === 200, {
      timeoutMs: 60_000,
      what: 'the server to be ready',
    });
    expect(told.map(({ seq }) => seq)).toEqual(told.map((_, at) => at + 1));
    expect(server.isAlive).toBe(true);
  }, 120_000);

  it('counts no film as kept whose fsync failed, and has every message after a restart', async () => {
    await server.untilRecorded(4);
    const { recordings, gaps } = await server.recordings(failing.fromMs - 1000);
    for (const { from, to } of recordings) {
      const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
      expect(fromMs > failing.fromMs + 500 && toMs < failing.toMs - 500).toBe(false);
    }
    expect(
      gaps.some(({ from, to }) => Date.parse(from) < failing.toMs && Date.parse(to) > failing.fromMs),
    ).toBe(true);
    socket.terminate();
    await server.kill('SIGTERM');
    const kept = storedMessages(path.join(dir, 'data'));
    for (const { seq, type } of told) expect(kept.find((row) => row.seq === seq)?.type).toBe(type);
    await server.start();
    await server.untilRecorded(2);
    const files = await readdir(path.join(dir, 'data/recordings'), { recursive: true });
    expect(files.filter((name) => name.endsWith('.part')).length).toBeLessThanOrEqual(1);
  }, 120_000);
});
