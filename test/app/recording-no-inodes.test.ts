import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CameraView, Readiness } from '../../src/server/protocol.js';
import { waitFor } from '../support/wait-for.js';
import { RecordingServer } from './recording-server.js';

const run = promisify(execFile);
const INODES = 200;
/** Mounting is for root alone. */
const describeAsRoot = process.platform === 'linux' && process.getuid?.() === 0 ? describe : describe.skip;

describeAsRoot(`a disk of recordings with ${INODES} files at most`, () => {
  let dir: string;
  let disk: string;
  let server: RecordingServer;

  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-no-inodes-'));
    disk = path.join(dir, 'disk');
    await mkdir(disk);
    await run('mount', ['-t', 'tmpfs', '-o', `size=64m,nr_inodes=${INODES}`, 'tmpfs', disk]);
    server = new RecordingServer(dir);
    const more = `recording: { dir: ${path.join(disk, 'recordings')}, reserveGb: 0 }\n`;
    await server.writeConfig(path.resolve('streams/demo.mp4'), more);
    await server.start();
  }, 120_000);
  afterAll(async () => {
    await server?.kill();
    await run('umount', ['-l', disk]).catch(() => undefined);
    await rm(dir, { recursive: true, force: true });
  });

  const camera = async () => (await server.get<{ cameras: CameraView[] }>('/api/v1/cameras')).cameras[0]!;

  it('F45: pauses recording and says so when no file can be made, though bytes are free, and records again by itself', async () => {
    await server.untilRecorded(3);
    const fillers: string[] = [];
    const fill = async () => {
      for (;;) {
        const file = path.join(disk, `filler-${fillers.length}`);
        try {
          await writeFile(file, '');
        } catch {
          return;
        }
        fillers.push(file);
      }
    };
    await waitFor(
      async () => {
        // Takes also what retention frees.
        await fill();
        return (await camera()).recording?.state === 'paused';
      },
      { timeoutMs: 90_000, what: 'recording to be paused' },
    );
    expect((await server.get<Readiness>('/readyz')).warnings?.join()).toMatch(/gate is not recorded: /);
    expect((await fetch(new URL('/livez', server.url))).status).toBe(200);
    expect(await camera()).toMatchObject({ state: 'live', reconnects: 0 });
    for (const file of fillers) await rm(file);
    const roomMs = Date.now();
    await waitFor(async () => (await camera()).recording?.state === 'recording', { timeoutMs: 30_000, what: 'recording' }); // prettier-ignore
    await waitFor(
      async () => Date.parse((await server.recordings(roomMs - 60_000)).recordings.at(-1)?.to ?? '') > roomMs + 2000, // prettier-ignore
      { timeoutMs: 60_000, what: 'a recording of after it' },
    );
    const { gaps } = await server.recordings(roomMs - 120_000);
    expect(gaps.map(({ reason }) => reason)).toContain('disk-refused');
  }, 240_000);
});
