import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog, systemClock } from '../../src/base/index.js';
import { takePicture } from '../../src/ingest/index.js';
import { findFfmpeg } from '../../src/media/index.js';
import { isAlive } from '../support/process-table.js';

let dir: string;
beforeAll(async () => void (dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-picture-'))));
afterAll(() => rm(dir, { recursive: true, force: true }));

const bytes = Buffer.alloc(1 << 20);
const junk = {
  ...{ camera: 'gate', clock: systemClock, log: silentLog, timeoutMs: 5000 },
  stream: { epoch: 1, codec: 'avc1.64001e', widthPx: 640, heightPx: 360, initSegment: bytes },
  fragments: [{ epoch: 1, ptsTicks: 0, isKeyframe: true, bytes, arrivedMs: 0, capturedAtMs: 0 }],
};

describe('takePicture', () => {
  it('says that what is no video cannot be decoded', async () => {
    await expect(takePicture({ ...junk, ffmpeg: await findFfmpeg() })).rejects.toMatchObject({
      code: 'ingest/picture-failed',
    });
  });

  it('ends an FFmpeg that takes too long, and says so', async () => {
    const file = path.join(dir, 'ffmpeg');
    const pidFile = path.join(dir, 'pid');
    await writeFile(file, `#!/bin/sh\necho $$ > ${pidFile}\nexec sleep 60\n`);
    await chmod(file, 0o755);
    const ffmpeg = { ...(await findFfmpeg()), path: file };
    const startedMs = performance.now();
    await expect(takePicture({ ...junk, ffmpeg, timeoutMs: 300 })).rejects.toMatchObject({
      code: 'ingest/picture-timeout',
    });
    expect(performance.now() - startedMs).toBeLessThan(2500);
    expect(isAlive(Number(await readFile(pidFile, 'utf8')))).toBe(false);
  });
});
