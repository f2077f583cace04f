import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CameraView } from '../../src/server/protocol.js';
import { probe } from '../recording/recorded.js';
import { waitFor } from '../support/wait-for.js';
import { RecordingServer } from './recording-server.js';

const run = promisify(execFile);
const STALL_MS = 30_000;
/** Freezing a file system is for root alone, and needs one of its own: ext4 in a file. */
const canFreeze =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  ['/dev/loop-control', '/usr/sbin/mkfs.ext4', '/usr/sbin/fsfreeze'].every((file) => existsSync(file));

(canFreeze ? describe : describe.skip)(`a disk of recordings that stalls for ${STALL_MS / 1000} s`, () => {
  let dir: string;
  let disk: string;
  let server: RecordingServer;

  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-stalled-disk-'));
    disk = path.join(dir, 'disk');
    await mkdir(disk);
    const image = path.join(dir, 'disk.img');
    await writeFile(image, '');
    await truncate(image, 512 << 20);
    await run('mkfs.ext4', ['-q', image]);
    await run('mount', ['-o', 'loop', image, disk]);
    // Noise, which cannot be compressed: about 2 MB a second, so that what may wait for the disk is soon too much.
    const source = path.join(dir, 'noise.mp4');
    const noise = 'nullsrc=size=640x360:rate=10:duration=10,geq=random(1)*255:128:128,format=yuv420p';
    const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-b:v', '16M', '-maxrate', '16M', '-bufsize', '4M', '-g', '10']; // prettier-ignore
    await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', noise, ...coding, source]);
    server = new RecordingServer(dir);
    await server.writeConfig(source, `recording: { dir: ${path.join(disk, 'recordings')}, reserveGb: 0 }\n`);
    await server.start();
  }, 120_000);
  afterAll(async () => {
    // Before the server is ended: what waits for a frozen disk cannot be killed.
    await run('fsfreeze', ['-u', disk]).catch(() => undefined);
    await server?.kill();
    await run('umount', ['-l', disk]).catch(() => undefined);
    await rm(dir, { recursive: true, force: true });
  });

  const metrics = async () => (await fetch(new URL('/metrics', server.url))).text();
  /** Frames that came, and that were analysed. */
  async function frames() {
    const text = await metrics();
    const of = (stage: string) =>
      Number(new RegExp(`camera_frames_total{camera="gate",stage="${stage}"} (\\d+)`).exec(text)?.[1] ?? 0);
    return { received: of('received'), analysed: of('analysed') };
  }
  /** Frames of a time: the share of those that came that is analysed, and how long none was. Looks once a second. */
  async function watched(forMs: number, look: () => Promise<void> = () => Promise.resolve()) {
    const startedMs = Date.now();
    const before = await frames();
    let [last, lastAtMs, pauseMs] = [before, startedMs, 0];
    while (Date.now() - startedMs < forMs) {
      await look();
      await delay(1000);
      const now = await frames();
      if (now.analysed > last.analysed) lastAtMs = Date.now();
      last = now;
      pauseMs = Math.max(pauseMs, Date.now() - lastAtMs);
    }
    return { share: (last.analysed - before.analysed) / (last.received - before.received), pauseMs };
  }

  it('F47: detection and everything else go on, recordings have a gap that says why, and begin again by themselves', async () => {
    await server.untilRecorded(5);
    const usual = await watched(20_000);
    const frozenMs = Date.now();
    await run('fsfreeze', ['-f', disk]);
    const meanwhile = await watched(STALL_MS, async () => {
      // A page and its files come from a disk, too; lists come from the index.
      for (const route of ['/', '/livez', '/api/v1/cameras', '/api/v1/recordings?camera=gate'])
        expect((await fetch(new URL(route, server.url))).status).toBe(200);
    });
    expect(await metrics()).toMatch(/recording_dropped_total\{camera="gate",reason="queue-full"\} [1-9]/);
    await run('fsfreeze', ['-u', disk]);
    const thawedMs = Date.now();
    process.stdout.write(`analysed of the frames that came: ${usual.share.toFixed(3)}, during the stall ${meanwhile.share.toFixed(3)}\n`); // prettier-ignore
    // What waits for the disk would stand for all of the stall. How large the share is depends on what else the machine does.
    expect(meanwhile.pauseMs).toBeLessThan(STALL_MS / 3);
    expect(meanwhile.share / usual.share).toBeGreaterThanOrEqual(0.5);

    await waitFor(
      async () =>
        Date.parse((await server.recordings(frozenMs)).recordings.at(-1)?.to ?? '') > thawedMs + 5000,
      { timeoutMs: 60_000, what: 'a recording of after the stall' },
    );
    const { gaps } = await server.recordings(frozenMs - 5000);
    expect(gaps.map(({ reason }) => reason)).toContain('disk-too-slow');
    const lostMs = gaps.reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from), 0);
    // What waited when it was too much has been written: 16 MiB, some eight seconds.
    expect(lostMs).toBeLessThan(STALL_MS);
    const { cameras } = await server.get<{ cameras: CameraView[] }>('/api/v1/cameras');
    expect(cameras[0]).toMatchObject({ state: 'live', recording: { state: 'recording' }, reconnects: 0 });
    for (const atMs of [frozenMs, thawedMs + 3000]) {
      const clip = await fetch(server.clipUrl(atMs, atMs + 2000));
      expect(await probe(Buffer.from(await clip.arrayBuffer()), dir)).toMatchObject({ complaints: '' });
    }
  }, 240_000);
});
