import { afterAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/base/index.js';
import { canaryAuth, canaryFormsIn } from '../support/canary.js';
import { ChaosProxy } from '../support/chaosproxy.js';
import { makeClip } from '../support/clips.js';
import { FakeCamera } from '../support/fakecam/index.js';
import { HealthyCameras } from '../support/healthy-cameras.js';
import { hasProcessTable, isAlive } from '../support/process-table.js';
import { delay, waitFor } from '../support/wait-for.js';
import { WatchedConnection } from '../support/watched-connection.js';

const clip = await makeClip({ fps: 5, seconds: 10 });
const usualClip = await makeClip();
const healthy = await HealthyCameras.open(3, clip);
const connections: WatchedConnection[] = [...healthy.connections];
const nowMs = () => systemClock.monotonicMs();

afterAll(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await healthy.close();
}, 30_000);

/** Opens a camera behind a proxy, does something to it, and clears up. */
async function withCamera(
  name: string,
  scenario: (parts: { camera: FakeCamera; proxy: ChaosProxy; watched: WatchedConnection }) => Promise<void>,
  script = 'play',
): Promise<void> {
  const camera = await FakeCamera.open({ clips: [clip], auth: canaryAuth, script });
  const proxy = await ChaosProxy.open({ port: camera.port });
  const watched = new WatchedConnection({ camera: name, source: proxy.through(camera.urlWithCredentials) });
  connections.push(watched);
  try {
    await scenario({ camera, proxy, watched });
  } finally {
    await watched.close();
    await proxy.close();
    await camera.close();
  }
}

/** Milliseconds from `sinceMs` until the process is gone. */
async function untilDeadMs(pid: number, sinceMs: number): Promise<number> {
  await waitFor(() => !isAlive(pid), { timeoutMs: 20_000, what: `the end of process ${pid}` });
  return nowMs() - sinceMs;
}

/** Milliseconds from `sinceMs` until the next frame. */
async function untilFrameMs(watched: WatchedConnection, sinceMs: number): Promise<number> {
  await watched.moreFragments(1);
  return watched.fragments.at(-1)!.arrivedMs - sinceMs;
}

/** The FFmpeg that now runs for a connection. */
function startedPid(watched: WatchedConnection): Promise<number> {
  return waitFor(() => watched.pid, { timeoutMs: 10_000, what: 'an FFmpeg process' });
}

(hasProcessTable ? describe : describe.skip)('a camera connection whose stream is lost', () => {
  it.concurrent(
    'F1: notices an unplugged camera within 1 s, keeps its whole frames, and is back soon after it',
    async () => {
      const backMs = await Promise.all([0.5, 1, 2, 3, 4].map((outageS) => unplugFor(outageS * 1000)));
      expect(Math.max(...backMs)).toBeLessThanOrEqual(6000);
      expect(backMs.sort((one, other) => one - other)[2]).toBeLessThanOrEqual(3000);
    },
    60_000,
  );

  /** Gives the milliseconds from the camera's return to its first frame. */
  async function unplugFor(outageMs: number): Promise<number> {
    const camera = await FakeCamera.open({ clips: [usualClip], auth: canaryAuth });
    const watched = new WatchedConnection({
      camera: `unplugged-${outageMs}`,
      source: camera.urlWithCredentials,
    });
    connections.push(watched);
    let returned: FakeCamera | undefined;
    try {
      await watched.moreFragments(10);
      const unseen = camera.framesSent - watched.fragments.length;
      void camera.run('rst');
      await waitFor(() => camera.openConnections === 0, { timeoutMs: 5000, what: 'the cut' });
      const cutMs = nowMs();
      await camera.close();
      const noticedMs = await watched.entered(['reconnecting'], { sinceMs: cutMs - 500, timeoutMs: 10_000 });
      expect(noticedMs - cutMs).toBeLessThanOrEqual(1000);
      expect(camera.framesSent - watched.fragments.length).toBeLessThanOrEqual(unseen + 1);
      await delay(Math.max(0, outageMs - (nowMs() - cutMs)));
      returned = await FakeCamera.open({ clips: [usualClip], auth: canaryAuth, port: camera.port });
      return await untilFrameMs(watched, nowMs());
    } finally {
      await watched.close();
      await camera.close();
      await returned?.close();
    }
  }

  it.concurrent(
    'F2: takes a half-open connection for stalled, kills its FFmpeg, and is back once healed',
    () =>
      withCamera('half-open', async ({ proxy, watched }) => {
        await watched.moreFragments(5);
        const pid = await startedPid(watched);
        const lostMs = nowMs();
        proxy.set({ kind: 'blackhole' });
        const dead = untilDeadMs(pid, lostMs);
        const stalledMs = await watched.entered(['stalled'], { sinceMs: lostMs, timeoutMs: 20_000 });
        expect(stalledMs - lostMs).toBeLessThanOrEqual(6000);
        expect(await dead).toBeLessThanOrEqual(8000);
        await delay(2000);
        proxy.set({ kind: 'pass' });
        expect(await untilFrameMs(watched, nowMs())).toBeLessThanOrEqual(6000);
      }),
    60_000,
  );

  it.concurrent(
    'F3: does not let a byte a second pass for a living stream',
    () =>
      withCamera('dripping', async ({ proxy, watched }) => {
        await watched.moreFragments(5);
        const pid = await startedPid(watched);
        const lostMs = nowMs();
        proxy.set({ kind: 'drip', bytesPerSecond: 1 });
        expect(await untilDeadMs(pid, lostMs)).toBeLessThanOrEqual(8000);
      }),
    60_000,
  );

  it.concurrent(
    'F3: gives up a camera that drips from its first answer on',
    () =>
      withCamera(
        'dripping-from-start',
        async ({ watched }) => {
          const startedMs = nowMs();
          const leftMs = await watched.entered(['reconnecting'], { sinceMs: startedMs, timeoutMs: 20_000 });
          expect(leftMs - startedMs).toBeLessThanOrEqual(13_000);
          expect(watched.pid).toBeUndefined();
        },
        'drip 1',
      ),
    60_000,
  );

  it.concurrent(
    'F3: kills an FFmpeg to which the camera begins to drip',
    () =>
      withCamera('dripping-at-setup', async ({ camera, watched }) => {
        await waitFor(() => camera.requestsOf('SETUP').length > 0, { timeoutMs: 10_000, what: 'SETUP' });
        void camera.run('drip 1');
        const startedMs = nowMs();
        expect(await untilDeadMs(await startedPid(watched), startedMs)).toBeLessThanOrEqual(13_000);
      }),
    60_000,
  );

  it.concurrent(
    'F4: gives up a camera that accepts and says nothing',
    () =>
      withCamera(
        'mute',
        async ({ watched }) => {
          const startedMs = nowMs();
          const leftMs = await watched.entered(['reconnecting'], { sinceMs: startedMs, timeoutMs: 20_000 });
          expect(leftMs - startedMs).toBeLessThanOrEqual(13_000);
          expect(watched.pid).toBeUndefined();
          expect(watched.status.reason).toMatch(/answer|silent|time/i);
        },
        'mute',
      ),
    60_000,
  );

  it.concurrent(
    'F4: kills an FFmpeg to which the camera says nothing',
    () =>
      withCamera('mute-at-setup', async ({ camera, watched }) => {
        await waitFor(() => camera.requestsOf('SETUP').length > 0, { timeoutMs: 10_000, what: 'SETUP' });
        void camera.run('mute');
        const startedMs = nowMs();
        expect(await untilDeadMs(await startedPid(watched), startedMs)).toBeLessThanOrEqual(13_000);
      }),
    60_000,
  );

  it.concurrent(
    'F20: has frames again within 3 s when its FFmpeg is killed',
    () =>
      withCamera('killed', async ({ camera, watched }) => {
        await watched.moreFragments(5);
        const killedMs = nowMs();
        process.kill(await startedPid(watched), 'SIGKILL');
        await watched.entered(['reconnecting'], { sinceMs: killedMs, timeoutMs: 5000 });
        expect(await untilFrameMs(watched, killedMs)).toBeLessThanOrEqual(3000);
        expect(camera.mostPlaying).toBe(1);
      }),
    60_000,
  );

  it.concurrent(
    'F21: replaces a stopped FFmpeg, which heeds no SIGTERM, within 11 s',
    () =>
      withCamera('stopped', async ({ watched }) => {
        await watched.moreFragments(5);
        const pid = await startedPid(watched);
        const stoppedMs = nowMs();
        process.kill(pid, 'SIGSTOP');
        await watched.entered(['stalled'], { sinceMs: stoppedMs, timeoutMs: 10_000 });
        await waitFor(() => watched.state === 'live', { timeoutMs: 20_000, what: 'the camera to be live' });
        expect(watched.fragments.at(-1)!.arrivedMs - stoppedMs).toBeLessThanOrEqual(11_000);
        expect(isAlive(pid)).toBe(false);
      }),
    60_000,
  );
});

describe('all that while', () => {
  it('the healthy cameras lost no frame', () => {
    for (const report of healthy.report()) {
      expect(report).toMatchObject({ reconnects: 0 });
      expect(report.share).toBeGreaterThanOrEqual(0.99);
      expect(report.longestGapMs).toBeLessThanOrEqual(1000);
    }
  });

  it('L1: the password turned up in no log line, status or error', () => {
    const disclosed = connections.map((connection) => connection.disclosed).join('\n');
    expect(disclosed.length).toBeGreaterThan(1000);
    expect(canaryFormsIn(disclosed)).toEqual([]);
  });
});
