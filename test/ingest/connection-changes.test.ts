import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { findFfmpeg, type Ffmpeg } from '../../src/media/index.js';
import { makeClip } from '../support/clips.js';
import { FakeCamera } from '../support/fakecam/index.js';
import { waitFor } from '../support/wait-for.js';
import { WatchedConnection } from '../support/watched-connection.js';
import { remux } from '../media/remux.js';

const folder = await mkdtemp(path.join(os.tmpdir(), 'sightline-changes-'));
const clip = await makeClip({ fps: 25, seconds: 4 });
const open: { close(): Promise<void> }[] = [];

afterAll(async () => {
  for (const each of open.reverse()) await each.close();
  await rm(folder, { recursive: true });
});

describe('a connection to a camera whose clock is set', () => {
  it.concurrent.each(['ts 3600', 'ts -3600'])(
    'begins a new stream (%s), whose times go on evenly',
    async (jump) => {
      const camera = await FakeCamera.open({ clips: [clip] });
      const watched = new WatchedConnection({ camera: jump, source: camera.url });
      open.push(camera, watched);
      await watched.moreFragments(20);
      void camera.run(`${jump}; play`);
      await waitFor(() => watched.streams.length >= 2, { timeoutMs: 20_000, what: 'a second stream' });
      await watched.moreFragments(40);
      expect(watched.streams).toHaveLength(2);
      for (const epoch of [1, 2]) {
        const times = watched.fragments
          .filter((each) => each.epoch === epoch)
          .map(({ ptsTicks }) => ptsTicks);
        const spanS = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 90_000;
        expect(spanS).toBeGreaterThan(0.5);
        expect(spanS).toBeLessThan(60);
      }
      expect(watched.longestGapMs()).toBeLessThan(5000);
    },
  );
});

describe('a connection to a camera that describes its stream wrongly', () => {
  it('is live after one more try, and stays so', async () => {
    // What FFmpeg makes of such a camera: the init segment has the description's parameter set, the frames have another.
    const program = (await findFfmpeg()).path;
    const stale = await remux(program, clip.path);
    const config = stale.indexOf('avcC');
    stale[config + 15] = (stale[config + 15] ?? 0) ^ 1; // the level within the parameter set
    await writeFile(path.join(folder, 'stale.mp4'), stale);
    const stub = path.join(folder, 'stub');
    await writeFile(stub, `#!/bin/sh\ncat ${folder}/stale.mp4\nexec sleep 60\n`);
    await chmod(stub, 0o755);
    const ffmpeg: Ffmpeg = { ...(await findFfmpeg()), path: stub };
    const watched = new WatchedConnection({
      camera: 'stale',
      source: clip.path,
      ffmpeg: () => Promise.resolve(ffmpeg),
    });
    open.push(watched);
    await watched.moreFragments(90);
    expect(watched.streams).toHaveLength(1);
    expect(watched.status).toMatchObject({ state: 'live', reconnects: 1 });
  });
});
