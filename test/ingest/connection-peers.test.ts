import { afterAll, describe, expect, it } from '@jest/globals';
import { findFfmpeg } from '../../src/media/index.js';
import { ffmpegPrograms, makeClip } from '../support/clips.js';
import { FakeCamera } from '../support/fakecam/index.js';
import { canaryAuth, canaryFormsIn } from '../support/canary.js';
import { FfmpegPeer } from '../support/ffmpeg-peer.js';
import { freePort } from '../support/free-port.js';
import { HttpCamera } from '../support/http-camera.js';
import { TlsFront } from '../support/tls-front.js';
import { WatchedConnection } from '../support/watched-connection.js';

const ts = await makeClip({ container: 'ts' });
const hevc = await makeClip({ container: 'ts', codec: 'hevc', fps: 10 });
const mpeg2 = await makeClip({ container: 'ts', codec: 'mpeg2video' });
const flv = await makeClip({ container: 'flv' });
const open: { close(): Promise<void> }[] = [];
const watched: WatchedConnection[] = [];

afterAll(async () => {
  await Promise.all(watched.map((each) => each.close()));
  await Promise.all(open.map((each) => each.close()));
});

function keep<T extends { close(): Promise<void> }>(opened: T): T {
  open.push(opened);
  return opened;
}

function serve(clip: string, format: 'flv' | 'mpegts', ...to: string[]): FfmpegPeer {
  return keep(new FfmpegPeer({ clip, format, to }));
}

const copied = { state: 'live', transcoded: false, widthPx: 320, heightPx: 180 };
const avc = expect.stringMatching(/^avc1\./);
const canSrt = (await findFfmpeg()).capabilities.protocols.includes('srt');
const srtIt = canSrt ? it.concurrent : it.concurrent.skip;

describe.each(ffmpegPrograms)('a connection through the $name FFmpeg', ({ path: program }) => {
  const watch = (source: string): WatchedConnection => {
    const ffmpeg = () => findFfmpeg({ configuredPath: program, env: {} });
    const connection = new WatchedConnection({ camera: 'peer', source, ffmpeg });
    watched.push(connection);
    return connection;
  };

  it.concurrent(
    'plays RTMP, and again when the server is back',
    async () => {
      const url = `rtmp://127.0.0.1:${await freePort('tcp')}/live/gate`;
      const connection = watch(url);
      // The connection comes first: it finds nobody, and tries again.
      await connection.entered(['reconnecting'], { sinceMs: 0, timeoutMs: 10_000 });
      const peer = serve(flv.path, 'flv', '-listen', '1', url);
      await connection.moreFragments(30);
      expect(connection.status).toMatchObject({ ...copied, codec: avc });
      await peer.close();
      const lostMs = performance.now();
      await connection.entered(['reconnecting'], { sinceMs: lostMs, timeoutMs: 10_000 });
      serve(flv.path, 'flv', '-listen', '1', url);
      await connection.moreFragments(30);
      expect(connection.streams.map(({ epoch }) => epoch)).toEqual([1, 2]);
      await connection.close();
    },
    60_000,
  );

  it.concurrent(
    'plays RTMPS, whoever signed the certificate',
    async () => {
      const port = await freePort('tcp');
      const front = keep(await TlsFront.open({ port }));
      const url = `rtmp://127.0.0.1:${port}/live/gate`;
      serve(flv.path, 'flv', '-listen', '1', url);
      const connection = watch(front.through(url));
      await connection.moreFragments(20);
      expect(connection.status).toMatchObject({ ...copied, codec: avc });
      await connection.close();
    },
    60_000,
  );

  it.concurrent(
    'plays MPEG-TS over UDP',
    async () => {
      const url = `udp://127.0.0.1:${await freePort('udp')}`;
      const connection = watch(url);
      serve(ts.path, 'mpegts', `${url}?pkt_size=1316`);
      await connection.moreFragments(30);
      expect(connection.status).toMatchObject({ ...copied, codec: 'avc1.42c00c' });
      await connection.close();
    },
    60_000,
  );

  it.concurrent(
    'encodes MPEG-2 over UDP anew, and says so',
    async () => {
      const url = `udp://127.0.0.1:${await freePort('udp')}`;
      const connection = watch(url);
      serve(mpeg2.path, 'mpegts', `${url}?pkt_size=1316`);
      await connection.moreFragments(20);
      expect(connection.status).toMatchObject({ ...copied, transcoded: true, codec: avc, reconnects: 0 });
      await connection.close();
    },
    60_000,
  );

  it.concurrent(
    'plays RTSPS, whoever signed the certificate, with a password',
    async () => {
      const camera = keep(await FakeCamera.open({ clips: [await makeClip()], auth: canaryAuth }));
      const front = keep(await TlsFront.open({ port: camera.port }));
      const connection = watch(front.through(camera.urlWithCredentials));
      await connection.moreFragments(30);
      expect(connection.status).toMatchObject({ ...copied, reconnects: 0 });
      expect(front.handshakes).toBe(2); // the preflight and FFmpeg
      expect(canaryFormsIn(connection.disclosed)).toEqual([]);
      await connection.close();
    },
    60_000,
  );

  it.concurrent.each([
    ['/mjpeg', true],
    ['/live.m3u8', false],
    ['/video.mp4', false],
  ])('plays %s over HTTPS, whoever signed the certificate', async (pathname, transcoded) => {
    const camera = keep(await HttpCamera.open());
    const front = keep(await TlsFront.open({ port: camera.port }));
    const connection = watch(front.through(camera.url(pathname)));
    await connection.moreFragments(20);
    expect(connection.status).toMatchObject({ ...copied, transcoded, codec: avc });
    expect(camera.requests).toContain(pathname);
    await connection.close();
  });

  it.concurrent.each(['rtsps', 'https'])('says so when there is no TLS behind %s', async (scheme) => {
    const camera = keep(await HttpCamera.open());
    const connection = watch(`${scheme}://127.0.0.1:${camera.port}/cam`);
    await connection.entered(['reconnecting'], { sinceMs: 0, timeoutMs: 10_000 });
    expect(connection.status.reason).toMatch(/TLS fails there \(E\w+\)$/);
    await connection.close();
  });
});

describe('a connection over SRT', () => {
  const watch = (source: string, program?: string): WatchedConnection => {
    const ffmpeg = () => findFfmpeg(program === undefined ? {} : { configuredPath: program, env: {} });
    const connection = new WatchedConnection({ camera: 'srt', source, ffmpeg });
    watched.push(connection);
    return connection;
  };

  srtIt(
    'plays HEVC, and again when the server is back',
    async () => {
      const url = `srt://127.0.0.1:${await freePort('udp')}`;
      const peer = serve(hevc.path, 'mpegts', `${url}?mode=listener`);
      const connection = watch(url);
      await connection.moreFragments(20);
      expect(connection.status).toMatchObject({ ...copied, codec: expect.stringMatching(/^hev1\./) });
      await peer.close();
      const lostMs = performance.now();
      await connection.entered(['reconnecting'], { sinceMs: lostMs, timeoutMs: 15_000 });
      serve(hevc.path, 'mpegts', `${url}?mode=listener`);
      await connection.moreFragments(20);
      expect(connection.streams.map(({ epoch }) => epoch)).toEqual([1, 2]);
      await connection.close();
    },
    60_000,
  );

  srtIt(
    'decrypts with the right passphrase, and gets nothing with a wrong one',
    async () => {
      const url = `srt://127.0.0.1:${await freePort('udp')}?passphrase=`;
      serve(ts.path, 'mpegts', `${url}swordfish-7714&mode=listener`);
      const wrong = watch(`${url}swordfish-9999`);
      await wrong.entered(['auth_failed'], { sinceMs: 0, timeoutMs: 15_000 });
      await wrong.close();
      const connection = watch(`${url}swordfish-7714`);
      await connection.moreFragments(20);
      expect(connection.status).toMatchObject(copied);
      expect(connection.disclosed).not.toMatch(/swordfish/);
      await connection.close();
    },
    60_000,
  );

  it.concurrent('says so when FFmpeg lacks it, as the bundled one does', async () => {
    const bundled = ffmpegPrograms.find(({ name }) => name === 'bundled')?.path;
    const connection = watch('srt://127.0.0.1:9', bundled);
    await connection.entered(['ffmpeg_missing'], { sinceMs: 0, timeoutMs: 10_000 });
    expect(connection.status.reason).toMatch(/has no protocol "srt".*install another FFmpeg/);
    await connection.close();
  });
});
