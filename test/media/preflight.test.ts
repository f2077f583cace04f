import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/base/index.js';
import { preflightHttp, preflightRtsp } from '../../src/media/index.js';
import { makeClip } from '../support/clips.js';
import { FakeCamera } from '../support/fakecam/index.js';
import { HttpCamera } from '../support/http-camera.js';

const limits = { clock: systemClock, timeoutMs: 5000 };
const open: { close(): Promise<void> }[] = [];
let clip: Awaited<ReturnType<typeof makeClip>>;

beforeAll(async () => {
  clip = await makeClip();
}, 60_000);
afterAll(() => Promise.all(open.map((each) => each.close())));

const code = (name: string) => expect.objectContaining({ code: `media/source-${name}` });

describe('the preflight of an RTSP source', () => {
  async function camera(script = 'play', scheme?: 'basic' | 'digest'): Promise<FakeCamera> {
    const auth = scheme && { scheme, user: 'gate', password: 'pre/flight:pass' };
    const opened = await FakeCamera.open({ clips: [clip], script, ...(auth && { auth }) });
    open.push(opened);
    return opened;
  }

  it('gives the codec over a single connection', async () => {
    const opened = await camera();
    const { codec, format } = await preflightRtsp({ url: opened.url, ...limits });
    expect({ codec, demuxer: format.demuxer }).toEqual({ codec: 'h264', demuxer: 'rtsp' });
    expect(opened.connections).toBe(1);
  });

  it.each(['basic', 'digest'] as const)(
    'answers a %s challenge, whatever is in the password',
    async (scheme) => {
      const opened = await camera('play', scheme);
      expect(await preflightRtsp({ url: opened.urlWithCredentials, ...limits })).toMatchObject({
        codec: 'h264',
      });
      expect(opened.connections).toBe(1);
    },
  );

  it.each([
    ['status 401', 'unauthorized'],
    ['status 403', 'unauthorized'],
    ['status 404', 'not-found'],
    ['status 454', 'not-found'],
    ['status 500', 'unreachable'],
    ['sdp-bytes 1000000', 'unsupported'],
  ])('tells apart: %s is %s', async (script, name) => {
    const opened = await camera(script);
    await expect(preflightRtsp({ url: opened.url, ...limits })).rejects.toThrow(code(name));
  });

  it('gives up a camera that accepts and says nothing, and one that drips', async () => {
    for (const script of ['mute', 'drip 1']) {
      const opened = await camera(script);
      await expect(preflightRtsp({ url: opened.url, ...limits, timeoutMs: 500 })).rejects.toThrow(
        code('timeout'),
      );
    }
  });

  it('tells a closed port and an unknown name apart', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(preflightRtsp({ url: `rtsp://127.0.0.1:${port}/x`, ...limits })).rejects.toThrow(
      code('unreachable'),
    );
    await expect(
      preflightRtsp({ url: 'rtsp://camera.invalid/x', ...limits, timeoutMs: 20_000 }),
    ).rejects.toThrow(code('dns'));
  });

  it('refuses what does not speak RTSP', async () => {
    const server = net
      .createServer((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n'))
      .listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(preflightRtsp({ url: `rtsp://127.0.0.1:${port}/x`, ...limits })).rejects.toThrow(
      code('unsupported'),
    );
    await new Promise((resolve) => server.close(resolve));
  });

  it('ends at once when its caller goes', async () => {
    const opened = await camera('mute');
    const going = new AbortController();
    const asking = preflightRtsp({ url: opened.url, ...limits, timeoutMs: 60_000, signal: going.signal });
    going.abort();
    await expect(asking).rejects.toThrow();
  });
});

describe('the preflight of an HTTP source', () => {
  let server: HttpCamera;
  beforeAll(async () => {
    server = await HttpCamera.open();
    open.push(server);
  });

  it.each([
    ['/mjpeg', 'mpjpeg'],
    ['/video.mp4', 'mov'],
    ['/live.m3u8', 'hls'],
    ['/seg-0.ts', 'mpegts'],
  ])('reads %s as %s', async (pathname, demuxer) => {
    expect(await preflightHttp({ url: server.url(pathname), ...limits, timeoutMs: 20_000 })).toMatchObject({
      demuxer,
    });
  });

  it.each([
    ['/401', 'unauthorized'],
    ['/403', 'unauthorized'],
    ['/nowhere', 'not-found'],
    ['/redirect', 'redirect'],
    ['/page', 'unsupported'],
  ])('tells apart: %s is %s', async (pathname, name) => {
    await expect(preflightHttp({ url: server.url(pathname), ...limits })).rejects.toThrow(code(name));
  });

  it.each(['/mute', '/slow'])('gives up %s in time', async (pathname) => {
    await expect(preflightHttp({ url: server.url(pathname), ...limits, timeoutMs: 500 })).rejects.toThrow(
      code('timeout'),
    );
  });

  it('gives user and password when asked for them', async () => {
    const guarded = await HttpCamera.open({ auth: { user: 'gate', password: 's3same!' } });
    open.push(guarded);
    const url = guarded.url('/mjpeg').replace('//', '//gate:s3same!@');
    expect(await preflightHttp({ url, ...limits })).toMatchObject({ demuxer: 'mpjpeg' });
    await expect(preflightHttp({ url: url.replace('s3same!', 'wrong'), ...limits })).rejects.toThrow(
      code('unauthorized'),
    );
  });
});
