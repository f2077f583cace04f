import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppError, silentLog, systemClock } from '../../src/base/index.js';
import { HttpServer, type Problem } from '../../src/server/index.js';
import { parsePrometheus } from '../metrics/parse-prometheus.js';
import { idleHost } from '../support/idle-host.js';
import { noRecordings } from '../support/no-recordings.js';
import { waitFor } from '../support/wait-for.js';
import { gate, ServerUnderTest } from './server-under-test.js';

let under: ServerUnderTest;
beforeAll(async () => {
  under = await ServerUnderTest.open();
});
afterAll(() => under.tearDown());

/** A request as given to the wire: fetch would tidy up the path and refuse to set Host. */
function request(
  options: http.RequestOptions,
): Promise<{ status: number; body: string; headers: http.IncomingHttpHeaders }> {
  return new Promise((resolve, reject) => {
    const sent = http.request({ host: '127.0.0.1', port: under.server.port, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body, headers: response.headers }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

async function expectProblem(response: Response, status: number, code: string): Promise<void> {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const problem = (await response.json()) as Problem;
  expect(problem).toMatchObject({ type: 'about:blank', status, code });
  expect(response.status).toBe(status);
  expect(problem.detail.length).toBeGreaterThan(10);
}

describe('REST', () => {
  it('lists the cameras, and gives one of them', async () => {
    expect(await (await under.fetch('/api/v1/cameras')).json()).toEqual({ cameras: [gate] });
    expect(await (await under.fetch('/api/v1/cameras/gate')).json()).toEqual(gate);
  });

  it('tells about the system', async () => {
    expect(await (await under.fetch('/api/v1/system')).json()).toMatchObject({
      name: 'sightline',
      version: '0.1.0',
      clients: 0,
      lastSeq: 0,
      firstSeq: 1,
    });
  });

  it('says that it lives', async () => {
    expect((await under.fetch('/livez')).status).toBe(200);
  });

  it('answers 503 with the reasons while it is not ready, and 200 with the facts when it is', async () => {
    under.readiness = { ready: false, reasons: ['the engine is starting'], cameras: { total: 1, live: 0 } };
    const notReady = await under.fetch('/readyz');
    expect(notReady.status).toBe(503);
    expect(notReady.headers.get('content-type')).toContain('application/json');
    expect(await notReady.json()).toMatchObject({ ready: false, reasons: ['the engine is starting'] });
    const ffmpeg = { path: 'ffmpeg', version: '5.1.9', origin: 'system' };
    under.readiness = { ready: true, reasons: [], ffmpeg, cameras: { total: 1, live: 1 } };
    const ready = await under.fetch('/readyz');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ ready: true, ffmpeg });
  });

  it('serves metrics that a strict Prometheus reader takes', async () => {
    const response = await under.fetch('/metrics');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(parsePrometheus(await response.text()).get('sightline_ws_clients')?.type).toBe('gauge');
  });

  it('answers every fault with a problem document', async () => {
    await expectProblem(await under.fetch('/api/v1/cameras/none'), 404, 'server/no-such-camera');
    await expectProblem(await under.fetch('/api/v1/nothing'), 404, 'server/not-found');
    await expectProblem(await under.fetch('/nothing.js'), 404, 'server/not-found');
    await expectProblem(await under.fetch('/api/v1/cameras/%zz'), 400, 'server/bad-request');
    await expectProblem(await under.fetch('/api/v1/stream'), 426, 'server/upgrade-required');
    const post = await under.fetch('/api/v1/cameras', { method: 'POST' });
    expect(post.headers.get('allow')).toBe('GET, HEAD');
    await expectProblem(post, 405, 'server/method-not-allowed');
    await expectProblem(await under.fetch('/', { method: 'DELETE' }), 405, 'server/method-not-allowed');
  });

  it("gives a live camera's newest picture", async () => {
    const widths: (number | undefined)[] = [];
    under.snapshot = (widthPx) => {
      widths.push(widthPx);
      return Promise.resolve(Buffer.from('a picture'));
    };
    const response = await under.fetch('/api/v1/cameras/gate/snapshot.jpg');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toBe('a picture');
    for (const width of ['16', '4096', '0640'])
      expect((await under.fetch(`/api/v1/cameras/gate/snapshot.jpg?width=${width}`)).status).toBe(200);
    expect(widths).toEqual([undefined, 16, 4096, 640]);
    for (const query of ['width=15', 'width=4097', 'width=', 'width=1e3', 'width=-64', 'width=64&width=65'])
      await expectProblem(
        await under.fetch(`/api/v1/cameras/gate/snapshot.jpg?${query}`),
        400,
        'server/bad-query',
      );
    expect(widths).toHaveLength(4);
  });

  it('gives no picture of a camera that is not there, not live, or asked too often', async () => {
    const address = '/api/v1/cameras/gate/snapshot.jpg';
    await expectProblem(await under.fetch('/api/v1/cameras/none/snapshot.jpg'), 404, 'server/no-such-camera');
    under.snapshot = () =>
      Promise.reject(new AppError('live/snapshot-busy', 'unavailable', 'ask less often'));
    const busy = await under.fetch(address);
    expect(busy.headers.get('retry-after')).toBe('2');
    await expectProblem(busy, 503, 'live/snapshot-busy');
    under.camera = { ...gate, state: 'reconnecting' };
    const lost = await under.fetch(address);
    expect(lost.headers.get('retry-after')).toBe('5');
    await expectProblem(lost, 503, 'server/camera-not-live');
    under.camera = gate;
  });

  it('R11: reflects nothing of the path', async () => {
    const { body } = await request({ path: '/api/<script>alert(1)</script>' });
    expect(body).not.toContain('script');
  });

  it('B2, B4: lets nothing from elsewhere be loaded, framed or shared', async () => {
    const { headers } = await under.fetch('/');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'self';media-src 'self' blob:;object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'",
    );
    expect(headers.get('permissions-policy')).toBe(
      'camera=(self), microphone=(), geolocation=(), display-capture=()',
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
  });
});

describe('dashboard files', () => {
  it('are kept by the browser for ever when their name has a hash, and asked for again when not', async () => {
    const page = await under.fetch('/');
    expect(await page.text()).toContain('Sightline');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const asset = await under.fetch('/assets/index-DiwrgTda.js');
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it.each(['/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/assets/..%5c..%5csecret.txt'])(
    'never come from outside their directory: %s',
    async (path) => {
      const { status, body } = await request({ path });
      expect([400, 403, 404]).toContain(status);
      expect(body).not.toBe('secret');
    },
  );

  it('that were not built are named as the reason', async () => {
    const bare = await ServerUnderTest.open({ withDashboard: false });
    await expectProblem(await bare.fetch('/'), 503, 'server/dashboard-missing');
    await bare.tearDown();
  });
});

describe('access', () => {
  it.each([
    ['localhost:1234', 200],
    ['127.0.0.1', 200],
    ['[::1]:80', 200],
    ['evil.example', 421],
    ['127.0.0.1.evil.example', 421],
    ['localhost.evil.example', 421],
    ['localhost@evil.example', 421],
  ])('on loopback with Host "%s" is answered %d', async (host, expected) => {
    const { status, body } = await request({ path: '/api/v1/cameras', headers: { host } });
    expect(status).toBe(expected);
    if (expected === 421) expect(JSON.parse(body)).toMatchObject({ code: 'server/foreign-host' });
  });

  it('on another address without TLS is closed but for health', async () => {
    const closed = await ServerUnderTest.open({ host: '0.0.0.0' });
    expect((await closed.fetch('/livez')).status).toBe(200);
    for (const path of [
      '/',
      '/metrics',
      '/api/v1/cameras',
      '/api/v1/cameras/gate',
      '/api/v1/cameras/gate/snapshot.jpg',
      '/api/v1/session',
      '/api/v1/system',
      '/api/v1/x',
    ])
      await expectProblem(await closed.fetch(path), 403, 'server/access-closed');
    for (const path of ['/api/v1/stream', '/api/v1/cameras/gate/live']) {
      const socket = closed.webSocket(path);
      const [, response] = (await once(socket, 'unexpected-response')) as [unknown, http.IncomingMessage];
      expect(response.statusCode).toBe(403);
    }
    await closed.tearDown();
  });

  it('on another address whose port is published on loopback waits for the first administrator', async () => {
    const published = await ServerUnderTest.open({ host: '0.0.0.0', publicUrl: 'http://127.0.0.1:8080' });
    expect((await published.fetch('/')).status).toBe(200);
    expect(await (await published.fetch('/api/v1/session')).json()).toEqual({
      needsSetup: true,
      isVisitor: false,
    });
    await expectProblem(await published.fetch('/api/v1/cameras'), 401, 'server/auth-required');
    await published.tearDown();
  });
});

describe('listening', () => {
  it('on a port in use fails with the port and the cure', async () => {
    const { port } = under.server;
    await expect(
      HttpServer.open({
        host: '127.0.0.1',
        port,
        version: '0.1.0',
        dashboardDir: '.',
        dependencies: {
          cameras: () => [],
          camera: () => undefined,
          live: () => undefined,
          coveredLive: () => undefined,
          stages: () => undefined,
          snapshot: () => undefined,
          journal: under.store.journal,
          recordings: noRecordings,
          history: under.store.table('history'),
          pictures: under.store.table('pictures'),
          looks: under.store.table('looks'),
          similarity: under.store.table('similarity'),
          texts: under.store.table('texts'),
          configuredCameras: () => ['gate'],
          redaction: () => undefined,
          redact: () => Promise.reject(new Error('not here')),
          coveredClip: () => Promise.reject(new Error('not set')),
          follow: () => undefined,
          release: () => undefined,
          trySource: () => Promise.reject(new Error('not here')),
          scenes: { last: () => undefined, look: () => undefined },
          tryRules: () => Promise.reject(new Error('not here')),
          ...idleHost,
          accounts: under.accounts,
          classifiers: under.classifiers,
          configFile: undefined,
          readiness: () => under.readiness,
          metrics: { wsClients: { set() {} }, wsDropped: { inc() {} }, text: () => Promise.resolve('') },
          clock: systemClock,
          log: silentLog,
        },
      }),
    ).rejects.toMatchObject({
      code: 'server/port-in-use',
      message: expect.stringMatching(new RegExp(`port ${port} .*--port`)),
    });
  });

  it('on an address of another machine fails with a reason', async () => {
    const other = new ServerUnderTest({ host: '192.0.2.1' });
    await expect(other.start()).rejects.toMatchObject({ code: 'server/cannot-listen' });
    await other.store.close();
  });

  it('ends when closed, also while clients are connected, and twice', async () => {
    const closing = await ServerUnderTest.open();
    const reader = await closing.stream();
    const idle = await closing.raw();
    const idleClosed = once(idle, 'close');
    idle.resume();
    await Promise.all([closing.server.close(), closing.server.close()]);
    expect(await reader.closed).toMatchObject({ code: 1001 });
    await idleClosed;
    await closing.tearDown();
  });
});

describe('hostile connections', () => {
  it('D1: that never finish their headers are closed within 16 s, and health is answered meanwhile', async () => {
    const sockets: net.Socket[] = [];
    for (let n = 0; n < 200; n++) {
      const socket = await under.raw();
      socket.resume();
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
      sockets.push(socket);
    }
    const startedMs = performance.now();
    expect((await under.fetch('/livez')).status).toBe(200);
    expect(performance.now() - startedMs).toBeLessThan(1000);
    await waitFor(() => sockets.every((socket) => socket.closed), {
      timeoutMs: 25_000,
      what: 'all to be closed',
    });
    expect(performance.now() - startedMs).toBeLessThan(18_000);
  }, 40_000);

  it.each([
    ['is not HTTP', 'hello\r\n\r\n', 400, 'server/bad-request'],
    [
      'D4: has 64 KiB of headers',
      `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(65_536)}\r\n\r\n`,
      431,
      'server/headers-too-large',
    ],
    [
      'D3: has two lengths',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
      'server/bad-request',
    ],
  ])('whose request %s get a problem document', async (_what, text, status, code) => {
    const socket = await under.raw();
    let answer = '';
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
    const closed = once(socket, 'close');
    socket.write(text);
    await closed;
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ code, status });
  });
});
