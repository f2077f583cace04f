import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { AppError } from '../../src/base/index.js';
import { findFfmpeg, type Ffmpeg } from '../../src/media/index.js';
import { canaryAuth, canaryFormsIn } from '../support/canary.js';
import { ffmpegPrograms, makeClip } from '../support/clips.js';
import { FakeCamera } from '../support/fakecam/index.js';
import { childrenOf } from '../support/process-table.js';
import { scaledClock } from '../support/scaled-clock.js';
import { delay, waitFor } from '../support/wait-for.js';
import { WatchedConnection, type WatchOptions } from '../support/watched-connection.js';

const clip = await makeClip({ fps: 5, seconds: 10 });
const camera = await FakeCamera.open({ clips: [clip], auth: canaryAuth });
const connections: WatchedConnection[] = [];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sightline-ffmpeg-stub-'));
});

afterAll(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await camera.close();
  await rm(folder, { recursive: true });
});

function watch(name: string, options: Pick<WatchOptions, 'ffmpeg' | 'clock'>): WatchedConnection {
  const watched = new WatchedConnection({ camera: name, source: camera.urlWithCredentials, ...options });
  connections.push(watched);
  return watched;
}

/** A program that answers questions as the real FFmpeg does, but runs `work` when it has work to do. */
async function stubFfmpeg(
  name: string,
  work: string,
): Promise<{ ffmpeg: Ffmpeg; runs: () => Promise<number> }> {
  const file = path.join(folder, name);
  const count = `${file}.runs`;
  const script = `#!/bin/sh
case " $* " in
  *" -i "*) echo run >> '${count}'; ${work} ;;
  *) exec '${ffmpegPrograms[0]!.path}' "$@" ;;
esac
`;
  await writeFile(file, script);
  await writeFile(count, '');
  await chmod(file, 0o755);
  const ffmpeg = await findFfmpeg({ configuredPath: file, env: {} });
  expect(ffmpeg.path).toBe(file);
  return { ffmpeg, runs: async () => (await readFile(count, 'utf8')).split('\n').length - 1 };
}

describe('a camera connection whose FFmpeg is not as it should be', () => {
  it.concurrent('F22: says that FFmpeg is missing, and heals within 30 s once it is there', async () => {
    const speed = 3;
    let isInstalled = false;
    const watched = watch('no-ffmpeg', {
      clock: scaledClock(speed),
      ffmpeg: () =>
        isInstalled
          ? findFfmpeg()
          : Promise.reject(new AppError('media/ffmpeg-missing', 'unavailable', 'FFmpeg was not found')),
    });
    await waitFor(() => watched.state === 'ffmpeg_missing', { timeoutMs: 10_000, what: 'ffmpeg_missing' });
    expect(watched.status.reason).toContain('FFmpeg');
    isInstalled = true;
    await waitFor(() => watched.state === 'live', {
      timeoutMs: 30_000 / speed,
      what: 'the camera to be live',
    });
    await watched.close();
  });

  it.concurrent('F23: passes over a program that is no FFmpeg, and says so', async () => {
    const file = path.join(folder, 'no-ffmpeg-at-all');
    await writeFile(file, '#!/bin/sh\necho "I am something else"\n');
    await chmod(file, 0o755);
    const ffmpeg = await findFfmpeg({ configuredPath: file, env: {} });
    expect(ffmpeg.path).not.toBe(file);
    expect(ffmpeg.passedOver.join()).toContain(file);
  });

  it.concurrent.each(ffmpegPrograms)(
    'F23: is live with the $name FFmpeg and its own options',
    async (program) => {
      const ffmpeg = await findFfmpeg({ configuredPath: program.path, env: {} });
      expect(ffmpeg).toMatchObject({
        path: program.path,
        capabilities: { rtspTimeoutOption: program.rtspTimeoutOption.slice(1) },
      });
      const watched = watch(`by-${program.name}`, { ffmpeg: () => Promise.resolve(ffmpeg) });
      await watched.moreFragments(10);
      expect(watched.status).toMatchObject({ state: 'live', widthPx: clip.widthPx, heightPx: clip.heightPx });
      expect(watched.status.reconnects).toBe(0);
      await watched.close();
    },
  );

  it.concurrent('F23: quotes an FFmpeg that refuses an option, and does not start it in a loop', async () => {
    const refusal = 'echo "Unrecognized option \'timeout\'." >&2; exit 1';
    const { ffmpeg, runs } = await stubFfmpeg('too-old', refusal);
    const watched = watch('too-old', { ffmpeg: () => Promise.resolve(ffmpeg), clock: scaledClock(10) });
    await waitFor(() => watched.status.reason?.includes('Unrecognized option'), {
      timeoutMs: 10_000,
      what: "FFmpeg's own words as the reason",
    });
    await delay(3000);
    expect(await runs()).toBeLessThanOrEqual(14);
    await watched.close();
  });

  it.concurrent('F25: starts an FFmpeg that ends at once at most 22 times a minute', async () => {
    const { ffmpeg, runs } = await stubFfmpeg('ends-at-once', 'exit 0');
    const watched = watch('ends-at-once', { ffmpeg: () => Promise.resolve(ffmpeg), clock: scaledClock(10) });
    await waitFor(async () => (await runs()) > 0, { timeoutMs: 10_000, what: 'the first start' });
    const before = await runs();
    await delay(6000);
    const inMinute = (await runs()) - before;
    expect(inMinute).toBeGreaterThanOrEqual(8);
    expect(inMinute).toBeLessThanOrEqual(22);
    expect(watched.status.reason).toBeDefined();
    await watched.close();
    expect(childrenOf(process.pid).filter(({ name }) => name === 'ends-at-once')).toEqual([]);
  });

  it('L1: discloses no password meanwhile', () => {
    const disclosed = connections.map((connection) => connection.disclosed).join('\n');
    expect(disclosed.length).toBeGreaterThan(1000);
    expect(canaryFormsIn(disclosed)).toEqual([]);
  });
});
