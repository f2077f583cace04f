import { afterAll, describe, expect, it } from '@jest/globals';
import { findFfmpeg } from '../../src/media/index.js';
import { ffmpegPrograms, makeClip } from '../support/clips.js';
import { FakeCamera } from '../support/fakecam/index.js';
import { FakeClock } from '../support/fake-clock.js';
import { delay, waitFor } from '../support/wait-for.js';
import { WatchedConnection } from '../support/watched-connection.js';

const FPS = 5;
const GOP_SECONDS = 20;
/** The camera plays 40 times as fast, and each frame lets as much time pass as it stands for. */
const BURST = `burst ${40 * FPS}`;
const FRAME_MS = 1000 / FPS;
const clip = await makeClip({ fps: FPS, seconds: GOP_SECONDS, gopFrames: FPS * GOP_SECONDS });
const open: { close(): Promise<void> }[] = [];

afterAll(async () => {
  for (const each of open.reverse()) await each.close();
});

describe.each(ffmpegPrograms)('a camera with 20 s between keyframes, through the $name FFmpeg', (program) => {
  /** @param options.frameMs time that passes with each fragment, and only with it */
  async function connect(
    options: { readonly script?: string; readonly frameMs?: number } = {},
  ): Promise<{ camera: FakeCamera; clock: FakeClock; watched: WatchedConnection }> {
    const camera = await FakeCamera.open({ clips: [clip], script: options.script ?? 'play' });
    const clock = new FakeClock();
    const watched = new WatchedConnection({
      camera: 'long-gop',
      source: camera.url,
      ffmpeg: () => findFfmpeg({ configuredPath: program.path, env: {} }),
      clock,
      onFragment: () => clock.advance(options.frameMs ?? 0),
    });
    open.push(camera, watched);
    return { camera, clock, watched };
  }

  const isSeen = ({ logLines }: WatchedConnection) =>
    logLines.some((line) => / Stream #0:0.*Video: /.test(line));

  it.concurrent('F13: is waited for when it is joined between two keyframes', async () => {
    const { camera, clock, watched } = await connect();
    await waitFor(() => isSeen(watched), { timeoutMs: 10_000, what: 'FFmpeg to see the stream' });
    expect(watched.fragments).toHaveLength(0);
    await clock.advanceAsync(GOP_SECONDS * 1000);
    expect(watched.state).toBe('connecting');
    void camera.run(BURST);
    await watched.moreFragments(10);
    expect(watched.states).toEqual(['connecting', 'live']);
    expect(watched.fragments[0]!.isKeyframe).toBe(true);
  });

  it.concurrent('is given up after 10 s, keyframes or not, when it sends nothing', async () => {
    const { camera, clock, watched } = await connect({ script: 'stall' });
    await waitFor(() => camera.requestsOf('PLAY').length > 0, { timeoutMs: 10_000, what: 'PLAY' });
    await delay(1000); // all that FFmpeg knows is the description
    expect(isSeen(watched)).toBe(false);
    await clock.advanceAsync(9_900);
    expect(watched.state).toBe('connecting');
    await clock.advanceAsync(500);
    await watched.entered(['reconnecting'], { sinceMs: 0, timeoutMs: 5000 });
    expect(watched.status.reason).toMatch(/^no frame within/);
  });

  it.concurrent(
    'F13: runs for 3 min without a restart, and is stalled after 40 s without a frame',
    async () => {
      const { camera, clock, watched } = await connect({ script: BURST, frameMs: FRAME_MS });
      await watched.moreFragments(180 * FPS, 40_000);
      expect(watched.fragments.filter(({ isKeyframe }) => isKeyframe).length).toBeGreaterThanOrEqual(9);
      expect(watched.states).toEqual(['connecting', 'live']);

      void camera.run('stall');
      await delay(500); // what is on its way still arrives
      const silentMs = () => clock.monotonicMs() - watched.fragments.at(-1)!.arrivedMs;
      const limitMs = 2 * GOP_SECONDS * 1000;
      await clock.advanceAsync(limitMs - 100 - silentMs());
      expect(watched.states).toEqual(['connecting', 'live']);
      await clock.advanceAsync(500);
      await watched.entered(['stalled'], { sinceMs: 0, timeoutMs: 5000 });
    },
  );
});
