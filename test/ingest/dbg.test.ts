import { it } from '@jest/globals';
import { makeClip, ffmpegPrograms } from '../support/clips.js';
import { findFfmpeg } from '../../src/media/index.js';
import { FakeCamera } from '../support/fakecam/index.js';
import { WatchedConnection } from '../support/watched-connection.js';
import { delay } from '../support/wait-for.js';
it('lag', async () => {
  for (const p of ffmpegPrograms)
    for (const fps of [5, 25]) {
      const clip = await makeClip({ fps, seconds: 10 });
      const camera = await FakeCamera.open({ clips: [clip] });
      const w = new WatchedConnection({
        camera: 'x',
        source: camera.url,
        ffmpeg: () => findFfmpeg({ configuredPath: p.path, env: {} }),
      });
      const t0 = performance.now();
      await w.moreFragments(1);
      const t1 = performance.now();
      await w.moreFragments(fps * 2);
      void camera.run('stall');
      const s = camera.framesEncoded;
      await delay(1500);
      const j = w.fragments.length - 1 - w.fragments.findLastIndex((f) => f.isKeyframe);
      console.log(p.name, fps, 'first frame ms', Math.round(t1 - t0), 'lag frames', (s - 1 - j) % fps);
      await w.close();
      await camera.close();
    }
}, 60000);
