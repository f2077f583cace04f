import { afterAll, describe, expect, it } from '@jest/globals';
import type { ConnectionState } from '../../src/ingest/index.js';
import { canaryAuth, canaryFormsIn, CANARY_PASSWORD } from '../support/canary.js';
import { makeClip } from '../support/clips.js';
import { FakeCamera, type FakeCameraOptions } from '../support/fakecam/index.js';
import { HttpCamera } from '../support/http-camera.js';
import { scaledClock } from '../support/scaled-clock.js';
import { delay, waitFor } from '../support/wait-for.js';
import { WatchedConnection } from '../support/watched-connection.js';

/** A minute of retries passes in six seconds. */
const SPEED = 10;
const MINUTE_MS = 60_000 / SPEED;
const clip = await makeClip({ fps: 5, seconds: 10 });
const connections: WatchedConnection[] = [];
const timeoutMs = 15_000;

afterAll(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
});

function watch(camera: string, source: string): WatchedConnection {
  const watched = new WatchedConnection({ camera, source, clock: scaledClock(SPEED) });
  connections.push(watched);
  return watched;
}

async function withCamera(
  options: Partial<FakeCameraOptions>,
  scenario: (camera: FakeCamera) => Promise<void>,
): Promise<void> {
  const camera = await FakeCamera.open({ clips: [clip], auth: canaryAuth, ...options });
  try {
    await scenario(camera);
  } finally {
    await camera.close();
  }
}

async function untilState(watched: WatchedConnection, state: ConnectionState): Promise<void> {
  await waitFor(() => watched.state === state, {
    timeoutMs,
    what: () => `${state} (states so far: ${watched.states.join(', ')})`,
  });
}

/** Log lines that an operator would see at the usual level. */
function loudLines(watched: WatchedConnection): string[] {
  return watched.logLines.filter((line) => (JSON.parse(line) as { level: number }).level >= 30);
}

describe('a camera that refuses us', () => {
  it.concurrent.each(['basic', 'digest'] as const)(
    'F5: is not tried more than three times a minute when the password is wrong (%s)',
    (scheme) =>
      withCamera({ auth: { ...canaryAuth, scheme, password: 'another' } }, async (camera) => {
        const source = camera.urlWithCredentials.replace(
          ':another@',
          `:${encodeURIComponent(CANARY_PASSWORD)}@`,
        );
        const watched = watch(`wrong-password-${scheme}`, source);
        await untilState(watched, 'auth_failed');
        await delay(MINUTE_MS);
        const tries = camera.requests.filter(
          ({ hasCredentials, status }) => hasCredentials && status === 401,
        );
        expect(tries.length).toBeGreaterThanOrEqual(2);
        expect(tries.length).toBeLessThanOrEqual(3);
        expect(loudLines(watched).length).toBeLessThanOrEqual(watched.states.length);
        expect(watched.pid).toBeUndefined();
        await watched.close();
      }),
  );

  it.concurrent.each([404, 454])('F7: is tried slowly when it answers %d', (code) =>
    withCamera({ script: `status ${code}` }, async (camera) => {
      const watched = watch(`status-${code}`, camera.urlWithCredentials);
      await untilState(watched, 'not_found');
      await delay(MINUTE_MS);
      const tries = camera.requestsOf('DESCRIBE').length;
      expect(tries).toBeGreaterThanOrEqual(2);
      expect(tries).toBeLessThanOrEqual(6);
      expect(watched.status.reason).toContain(String(code));
      await watched.close();
    }),
  );

  it.concurrent.each(['OPTIONS', 'DESCRIBE'])(
    'F18: is not followed when it redirects %s to itself',
    (method) =>
      withCamera({ script: `redirect self ${method}` }, async (camera) => {
        const watched = watch(`redirect-${method}`, camera.urlWithCredentials);
        await untilState(watched, 'redirect_refused');
        expect(camera.connections).toBeLessThanOrEqual(2);
        await delay(MINUTE_MS);
        expect(camera.connections).toBeGreaterThanOrEqual(2);
        expect(camera.connections).toBeLessThanOrEqual(12);
        await watched.close();
      }),
  );

  it.concurrent('F18: cannot send us to another server', () =>
    withCamera({}, async (victim) => {
      await withCamera({ script: `redirect ${victim.url}` }, async (camera) => {
        const watched = watch('redirect-elsewhere', camera.urlWithCredentials);
        await untilState(watched, 'redirect_refused');
        await watched.close();
        expect(victim.connections).toBe(0);
      });
    }),
  );

  it.concurrent('F18: is cut off when it redirects FFmpeg alone, for ever', () =>
    withCamera({}, async (camera) => {
      const watched = watch('redirect-later', camera.urlWithCredentials);
      await waitFor(() => camera.requestsOf('DESCRIBE').some(({ status }) => status === 200), {
        timeoutMs,
        what: 'the end of the preflight',
      });
      void camera.run('redirect self');
      await untilState(watched, 'redirect_refused');
      expect(watched.pid).toBeUndefined();
      // Or it would only have been refused at the next try, after thousands of connections.
      expect(watched.states).toEqual(['connecting', 'redirect_refused']);
      await watched.close();
    }),
  );

  it.concurrent('cannot make FFmpeg read a description of megabytes', () =>
    withCamera({ script: 'sdp-bytes 5000000' }, async (camera) => {
      const watched = watch('verbose', camera.urlWithCredentials);
      await untilState(watched, 'unsupported');
      expect(watched.status.reason).toContain('bytes');
      expect(camera.requestsOf('SETUP')).toEqual([]);
      await watched.close();
    }),
  );

  it.concurrent.each<[string, ConnectionState]>([
    ['/401', 'auth_failed'],
    ['/403', 'auth_failed'],
    ['/nothing', 'not_found'],
    ['/redirect', 'redirect_refused'],
    ['/page', 'unsupported'],
  ])('over HTTP, %s makes it %s', async (path, state) => {
    const camera = await HttpCamera.open();
    try {
      const source = camera.url(path).replace('//', `//viewer:${encodeURIComponent(CANARY_PASSWORD)}@`);
      const watched = watch(`http${path}`, source);
      await untilState(watched, state);
      await watched.close();
      expect(camera.requests).not.toContain('/mjpeg');
    } finally {
      await camera.close();
    }
  });

  it.concurrent('is told apart from one whose name nobody knows', async () => {
    const watched = watch('nameless', 'rtsp://camera.invalid/cam');
    await untilState(watched, 'dns_failed');
    await watched.close();
  });

  it('L1: never makes us disclose its password', () => {
    const disclosed = connections.map((connection) => connection.disclosed).join('\n');
    expect(disclosed.length).toBeGreaterThan(1000);
    expect(canaryFormsIn(disclosed)).toEqual([]);
  });
});
