import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, rm, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import type { CameraView, Readiness, ServerMessage } from '../../src/server/protocol.js';
import { probe } from '../recording/recorded.js';
import { waitFor } from '../support/wait-for.js';
import { RecordingServer, storedMessages } from './recording-server.js';

const run = promisify(execFile);
const DISK_MIB = 64;
const RESERVE_BYTES = 4e6;
/** Mounting is for root alone. */
const describeAsRoot = process.platform === 'linux' && process.getuid?.() === 0 ? describe : describe.skip;

describeAsRoot(`a server on a disk of ${DISK_MIB} MiB`, () => {
  let dir: string;
  let disk: string;
  let server: RecordingServer;
  const acknowledged: { seq: number; type: string }[] = [];
  let socket: WebSocket;

  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-full-disk-'));
    disk = path.join(dir, 'data');
    await mkdir(disk);
    await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', disk]);
    // Noise, which cannot be compressed: about 4 MB a second.
    const source = path.join(dir, 'noise.mp4');
    const noise = 'nullsrc=size=640x360:rate=10:duration=10,geq=random(1)*255:128:128,format=yuv420p';
    const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-b:v', '32M', '-maxrate', '32M', '-bufsize', '8M', '-g', '10']; // prettier-ignore
    await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', noise, ...coding, source]);
    server = new RecordingServer(dir);
    await server.writeConfig(source, `recording: { reserveGb: ${RESERVE_BYTES / 1e9} }\n`);
    await server.start();
    socket = new WebSocket(new URL('/api/v1/stream', server.url.replace('http', 'ws')), 'sightline.v1');
    socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', cameras: '*', topics: ['camera', 'track', 'event'], since: 0 }))); // prettier-ignore
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ServerMessage;
      if ('seq' in message) acknowledged.push({ seq: message.seq, type: message.type });
    });
  }, 120_000);
  afterAll(async () => {
    socket?.terminate();
    await server?.kill();
    await run('umount', ['-l', disk]).catch(() => undefined);
    await rm(dir, { recursive: true, force: true });
  });

  const freeBytes = async () => {
    const { bavail, bsize } = await statfs(disk);
    return bavail * bsize;
  };
  const camera = async () =>
    (await server.get<{ cameras: CameraView[] }>('/api/v1/cameras')).cameras[0]!.recording;

  it('goes on recording for ever, in place of the oldest', async () => {
    const startedMs = Date.now();
    await server.untilRecorded(5);
    const [first] = (await server.recordings()).recordings;
    await waitFor(async () => (await server.recordings()).recordings[0]!.from !== first!.from, {
      timeoutMs: 60_000,
      what: 'the oldest to be deleted',
    });
    const least: number[] = [];
    const untilMs = Date.now() + 8000;
    await waitFor(
      async () => {
        least.push(await freeBytes());
        return Date.now() >= untilMs;
      },
      { timeoutMs: 20_000, what: 'some seconds to pass' },
    );
    // What is recorded within the two seconds between two looks may be taken from the reserve for a while.
    expect(Math.min(...least)).toBeGreaterThan(0);
    const { recordings, gaps } = await server.recordings(startedMs);
    const newestMs = Date.parse(recordings.at(-1)!.to);
    expect(Date.now() - newestMs).toBeLessThan(2500);
    const inside = gaps.filter(({ from }) => from > recordings[0]!.from && Date.parse(from) < newestMs);
    expect(inside).toEqual([]);
    expect(await camera()).toEqual({ state: 'recording' });
  }, 120_000);

  it('lives on when others fill the disk, says so, and records again within 10 s of there being room', async () => {
    const filler = await open(path.join(disk, 'filler'), 'w');
    const chunk = Buffer.alloc(1 << 20, 7);
    const paused = async () => {
      // Takes also what retention frees.
      for (;;) {
        try {
          await filler.write(chunk);
        } catch {
          break;
        }
      }
      return (await camera())?.state === 'paused';
    };
    await waitFor(paused, { timeoutMs: 60_000, what: 'recording to be paused' });
    await waitFor(async () => ((await paused(), await freeBytes()) < 1 << 20), { timeoutMs: 20_000, what: 'a full disk' }); // prettier-ignore
    const readiness = await server.get<Readiness>('/readyz');
    expect(readiness.warnings?.join()).toMatch(/gate is not recorded: .*(full|refuses)/);
    expect((await fetch(new URL('/livez', server.url))).status).toBe(200);
    expect(server.isAlive).toBe(true);
    await filler.close();
    await rm(path.join(disk, 'filler'));
    const roomMs = Date.now();
    await waitFor(async () => (await camera())?.state === 'recording', { timeoutMs: 15_000, what: 'recording' }); // prettier-ignore
    const tookMs = Date.now() - roomMs;
    process.stdout.write(`recording again after ${tookMs} ms\n`);
    expect(tookMs).toBeLessThan(10_000);
    await server.untilRecorded(3);
    // What tells why may have been overwritten already on a disk that holds some seconds.
    const reasons = (await server.recordings(roomMs - 60_000)).gaps.map(({ reason }) => reason);
    expect(['disk-refused', 'deleted']).toContain(reasons[0]);
    const metrics = await (await fetch(new URL('/metrics', server.url))).text();
    expect(metrics).toMatch(/recording_dropped_total\{camera="gate",reason="disk-(full|error)"\} [1-9]/);
    const nowMs = Date.now();
    const clip = await fetch(server.clipUrl(nowMs - 2000, nowMs));
    expect(await probe(Buffer.from(await clip.arrayBuffer()), dir)).toMatchObject({ complaints: '' });
  }, 180_000);

  it('has kept every event that it told', async () => {
    socket.terminate();
    await server.kill('SIGTERM');
    const kept = storedMessages(disk);
    expect(acknowledged.length).toBeGreaterThan(1);
    for (const { seq, type } of acknowledged) expect(kept.find((row) => row.seq === seq)?.type).toBe(type);
    expect(existsSync(path.join(disk, 'filler'))).toBe(false);
    const files = (await readdir(path.join(disk, 'recordings'), { recursive: true })).filter((name) => name.endsWith('.part')); // prettier-ignore
    expect(files).toEqual([]);
  });
});
