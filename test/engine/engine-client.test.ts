import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog, systemClock } from '../../src/base/index.js';
import { EngineClient, type EngineCamera, type Observation } from '../../src/engine/index.js';
import { ensureDefaultDetector } from '../../src/inference/index.js';
import { findFfmpeg, type Ffmpeg } from '../../src/media/index.js';
import { fragmentClip, type FragmentedClip } from '../support/fragments.js';
import { childrenOf, hasProcessTable, isAlive } from '../support/process-table.js';
import { waitFor } from '../support/wait-for.js';

const DEMO = 'streams/demo.mp4';
const camera = (id: string): EngineCamera => ({ id, fps: 5, longSidePx: 256, labels: [], scoreMin: 0.4 });

/** The default detector on the demo clip, fed in real time over and over, as control feeds a camera. */
describe('EngineClient', () => {
  let ffmpeg: Ffmpeg;
  let modelPath: string;
  let clip: FragmentedClip;
  let client: EngineClient | undefined;
  const feeders: NodeJS.Timeout[] = [];

  beforeAll(async () => {
    ffmpeg = await findFfmpeg();
    modelPath = await ensureDefaultDetector({ log: silentLog, onProgress: () => undefined });
    clip = await fragmentClip(ffmpeg.path, DEMO);
  }, 60_000);
  afterEach(async () => {
    for (const feeder of feeders.splice(0)) clearInterval(feeder);
    await client?.close();
  });
  afterAll(() => {
    if (hasProcessTable) expect(childrenOf(process.pid).map(({ name }) => name)).not.toContain('ffmpeg');
  });

  function open(options: { modelPath?: string } = {}) {
    const observations: (Observation & { atMs: number })[] = [];
    const setup = { ffmpeg, modelPath: options.modelPath ?? modelPath, workers: 1 };
    const opened = new EngineClient({
      setup: () => Promise.resolve(setup),
      clock: systemClock,
      log: silentLog,
    });
    opened.on('observation', (observation) =>
      observations.push({ ...observation, atMs: systemClock.monotonicMs() }),
    );
    client = opened;
    opened.start();
    return { opened, observations };
  }

  function feed(target: EngineClient, id: string): void {
    target.setCamera(camera(id));
    target.startStream(id, { epoch: 1, widthPx: 640, heightPx: 360, initSegment: clip.initSegment });
    let next = 0;
    const feeder = setInterval(() => {
      const { bytes, ptsTicks, isKeyframe } = clip.fragments[next++ % 450]!;
      const arrivedMs = systemClock.monotonicMs();
      target.write(id, { epoch: 1, bytes, ptsTicks, isKeyframe, arrivedMs, capturedAtMs: Date.now() });
    }, 1000 / 15);
    feeders.push(feeder);
  }

  it('reports tracked people and vehicles of the demo with times in order, and its counts', async () => {
    const { opened, observations } = open();
    const counted: number[] = [];
    opened.on('counts', (counts) => counted.push(counts.plaza?.decoded ?? 0));
    feed(opened, 'plaza');
    const found = await waitFor(
      () =>
        observations.find(({ objects }) => objects.filter(({ state }) => state === 'tracked').length >= 2),
      { timeoutMs: 20_000, what: 'two tracked objects' },
    );
    expect(opened.status).toMatchObject({ state: 'ready', restarts: 0, provider: 'cpu' });
    expect(found).toMatchObject({ camera: 'plaza', epoch: 1, widthPx: 640, heightPx: 360 });
    expect(found.objects.map(({ label }) => label)).toEqual(expect.arrayContaining(['person']));
    const times = observations.map(({ ptsMs }) => ptsMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    await waitFor(() => counted.reduce((sum, n) => sum + n, 0) > 5, {
      timeoutMs: 5000,
      what: 'decoded frames counted',
    });
  });

  (hasProcessTable ? it : it.skip).each([
    ['dies of a segmentation fault', 'SIGSEGV', 2000],
    ['is killed', 'SIGKILL', 2000],
    ['hangs', 'SIGSTOP', 7000],
  ] as const)('has another engine inferring soon when it %s (%s)', async (_, signal, limitMs) => {
    const { opened, observations } = open();
    feed(opened, 'plaza');
    await waitFor(() => observations.length > 0, { timeoutMs: 20_000, what: 'the first observation' });
    const firstPid = opened.pid!;
    const hitMs = systemClock.monotonicMs();
    // The guard execs the engine, so that the pid is the engine's own.
    process.kill(firstPid, signal);
    const again = await waitFor(
      () =>
        observations.find(
          ({ atMs }) => atMs > hitMs && opened.pid !== firstPid && opened.status.state === 'ready',
        ),
      { timeoutMs: 15_000, what: 'an observation by the new engine' },
    );
    expect(again.atMs - hitMs).toBeLessThan(limitMs);
    expect(opened.status.restarts).toBe(1);
    expect(isAlive(firstPid)).toBe(false);
  });

  it('says why it cannot start with a file that is not a model, without restarting for ever', async () => {
    const { opened } = open({ modelPath: 'package.json' });
    await waitFor(() => opened.status.state === 'failed', { timeoutMs: 15_000, what: 'the failure' });
    expect(opened.status.reason).toMatch(/package\.json/);
    expect(opened.status.restarts).toBe(0);
  });

  it('closes while it starts, twice, and leaves no process', async () => {
    const { opened } = open();
    await waitFor(() => opened.pid !== undefined, { timeoutMs: 5000, what: 'the process' });
    const { pid } = opened;
    await Promise.all([opened.close(), opened.close()]);
    expect(isAlive(pid!)).toBe(false);
    expect(opened.status.state).toBe('stopped');
  });
});
