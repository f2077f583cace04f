import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import v8 from 'node:v8';
import vm from 'node:vm';
import { TICKS_PER_SECOND } from '../../src/ingest/index.js';
import { canaryAuth } from '../support/canary.js';
import { ffmpegPrograms, makeClip, type Clip } from '../support/clips.js';
import { FakeCamera, type FakeCameraOptions } from '../support/fakecam/index.js';
import { waitFor } from '../support/wait-for.js';
import { WatchedConnection } from '../support/watched-connection.js';

const run = promisify(execFile);

async function withCamera(
  clips: readonly Clip[],
  options: Partial<FakeCameraOptions>,
  scenario: (camera: FakeCamera, watched: WatchedConnection) => Promise<void>,
): Promise<void> {
  const camera = await FakeCamera.open({ clips, auth: canaryAuth, ...options });
  const watched = new WatchedConnection({
    camera: 'changing',
    source: camera.urlWithCredentials,
    keepBytes: clips.length > 1,
  });
  try {
    await scenario(camera, watched);
  } finally {
    await watched.close();
    await camera.close();
  }
}

/** Decodes what was received of one epoch; any complaint of FFmpeg's is an error. Gives each frame's size. */
async function decodedSizes(watched: WatchedConnection, epoch: number): Promise<string[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sightline-epoch-'));
  try {
    const file = path.join(folder, 'epoch.mp4');
    const init = watched.streams.find((stream) => stream.epoch === epoch)!.initSegment;
    const fragments = watched.fragments.filter((fragment) => fragment.epoch === epoch);
    await writeFile(file, Buffer.concat([init, ...fragments.map(({ bytes }) => bytes!)]));
    const program = ffmpegPrograms[0]!.path;
    const silent = await run(program, ['-v', 'error', '-i', file, '-f', 'null', '-']);
    expect(silent.stderr).toBe('');
    const { stderr } = await run(program, ['-i', file, '-vf', 'showinfo', '-f', 'null', '-']);
    return [...stderr.matchAll(/ n: *\d+ .* s:(\d+x\d+) /g)].map((match) => match[1]!);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Bytes that this process holds after everything unused was thrown away. */
function heldBytes(): number {
  v8.setFlagsFromString('--expose-gc');
  (vm.runInNewContext('gc') as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe('a camera connection whose stream changes', () => {
  it.concurrent('F10: follows a change of size within 3 s, and mixes no sizes', async () => {
    const clips = await Promise.all([makeClip(), makeClip({ widthPx: 640, heightPx: 360 })]);
    await withCamera(clips, {}, async (camera, watched) => {
      await watched.moreFragments(40);
      void camera.run('sps 640x360');
      await waitFor(() => watched.streams.at(-1)?.widthPx === 640, {
        timeoutMs: 15_000,
        what: 'the new size',
      });
      await watched.moreFragments(40);

      const [before, after] = [watched.streams.at(0)!, watched.streams.at(-1)!];
      expect(watched.streams).toHaveLength(2);
      expect([before.widthPx, before.heightPx, after.widthPx, after.heightPx]).toEqual([320, 180, 640, 360]);
      const firstAfter = watched.fragments.findIndex(({ epoch }) => epoch === after.epoch);
      const gapMs = watched.fragments[firstAfter]!.arrivedMs - watched.fragments[firstAfter - 1]!.arrivedMs;
      expect(gapMs).toBeLessThanOrEqual(3000);
      expect(watched.fragments[firstAfter]!.isKeyframe).toBe(true);
      expect(new Set(await decodedSizes(watched, before.epoch))).toEqual(new Set(['320x180']));
      expect(new Set(await decodedSizes(watched, after.epoch))).toEqual(new Set(['640x360']));
      expect(watched.status).toMatchObject({ state: 'live', widthPx: 640, heightPx: 360 });
    });
  });

  it.concurrent('F14: unwraps RTP timestamps, so that time goes on evenly over the wrap', async () => {
    const clip = await makeClip();
    const wrapAfterS = 4;
    await withCamera(
      [clip],
      { firstTimestamp: 2 ** 32 - wrapAfterS * TICKS_PER_SECOND },
      async (_, watched) => {
        await watched.moreFragments((wrapAfterS + 2) * clip.fps);
        const stepTicks = watched.fragments
          .slice(1)
          .map(({ ptsTicks }, index) => ptsTicks - watched.fragments[index]!.ptsTicks);
        const evenTicks = TICKS_PER_SECOND / clip.fps;
        expect(Math.max(...stepTicks)).toBeLessThanOrEqual(2 * evenTicks);
        expect(Math.min(...stepTicks)).toBeGreaterThan(0);
        expect(watched.status.reconnects).toBe(0);
        expect(watched.streams).toHaveLength(1);
      },
    );
  });

  it('F17: lets bursts of 150 frames a second pass without holding them', async () => {
    const clip = await makeClip({ widthPx: 1280, heightPx: 720, seconds: 2 });
    await withCamera([clip], {}, async (camera, watched) => {
      await watched.moreFragments(25);
      const heldBefore = heldBytes();
      const encodedBefore = camera.framesEncoded;
      const receivedBefore = watched.fragments.length;
      void camera.run('burst 150');
      // As fast as a busy machine encodes: its own rate would give but 500 in the time.
      await waitFor(() => camera.framesEncoded >= encodedBefore + 900, {
        timeoutMs: 20_000,
        what: 'the burst',
      });
      const encoded = camera.framesEncoded - encodedBefore;
      const received = watched.fragments.length - receivedBefore;
      expect(heldBytes() - heldBefore).toBeLessThanOrEqual(process.memoryUsage().rss / 10);
      expect(received / encoded).toBeGreaterThanOrEqual(0.97);
      expect(watched.status.reconnects).toBe(0);
      expect(watched.state).toBe('live');
    });
  });
});
