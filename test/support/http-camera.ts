import { readFile } from 'node:fs/promises';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import { once } from '../../src/base/index.js';
import { makeClip, makeSegments } from './clips.js';
import { resetSocket } from './reset-socket.js';

export interface HttpCameraOptions {
  /** Wanted by Basic authentication on every path. */
  readonly auth?: { readonly user: string; readonly password: string };
  /** More files to serve, by path, with ranges and without a telling content type. */
  readonly files?: Readonly<Record<string, string>>;
}

const JPEG_FPS = 10;
const SEGMENT_SECONDS = 2;
/** Segments that a playlist names at one time, as live playlists do. */
const PLAYLIST_SEGMENTS = 3;
const BOUNDARY = 'sightline-test-frame';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

/**
 * A web server on loopback with everything that cameras do over HTTP:
 *
 * `/mjpeg` multipart JPEG, 320×180 at 10 fps, endless · `/video.mp4` 4 s, with ranges · `/live.m3u8` and
 * `/seg-N.ts` live HLS of 2 s segments, one minute in all · `/evil.m3u8` names a local file as segment ·
 * `/page` HTML · `/401` `/403` `/404` refusals · `/redirect` 302 to `/mjpeg` · `/redirect-ffmpeg` the same,
 * for FFmpeg alone · `/slow` a byte a second ·
 * `/mute` nothing at all
 */
export class HttpCamera {
  readonly port: number;
  /** Paths asked for, in order. */
  readonly requests: string[] = [];
  readonly #server: http.Server;
  readonly #sockets = new Set<Socket>();
  readonly #openedMs = performance.now();
  readonly #credentials: HttpCameraOptions['auth'];
  readonly #handlers = new Map<string, Handler>([
    ['/mjpeg', (_, response) => this.#sendJpegs(response)],
    [
      '/video.mp4',
      async (request, response) => sendFile((await makeClip({ container: 'mp4' })).path, request, response),
    ],
    ['/live.m3u8', (_, response) => this.#sendPlaylist(response)],
    ['/evil.m3u8', (_, response) => sendEvilPlaylist(response)],
    ['/page', (_, response) => void response.setHeader('content-type', 'text/html').end('<h1>Login</h1>')],
    [
      '/401',
      (_, response) => void response.writeHead(401, { 'www-authenticate': 'Basic realm="cam"' }).end(),
    ],
    ['/403', (_, response) => void response.writeHead(403).end()],
    ['/redirect', (_, response) => void response.writeHead(302, { location: this.url('/mjpeg') }).end()],
    ['/redirect-ffmpeg', (request, response) => this.#redirectFfmpeg(request, response)],
    ['/slow', (_, response) => this.#sendSlowly(response)],
    ['/mute', () => undefined],
  ]);

  private constructor(server: http.Server, options: HttpCameraOptions) {
    this.#server = server;
    this.#credentials = options.auth;
    for (const [pathname, file] of Object.entries(options.files ?? {})) {
      this.#handlers.set(pathname, (request, response) => sendFile(file, request, response));
    }
    this.port = (server.address() as AddressInfo).port;
    server.on('request', (request, response) => this.#answer(request, response));
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async open(options: HttpCameraOptions = {}): Promise<HttpCamera> {
    const server = http.createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return new HttpCamera(server, options);
  }

  /** The address of one of the paths above, without credentials. */
  url(pathname: string): string {
    return `http://127.0.0.1:${this.port}${pathname}`;
  }

  /** Cuts every connection; new ones are served as before. */
  cut(): void {
    this.#sockets.forEach(resetSocket);
  }

  readonly close = once(async () => {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#sockets.forEach((socket) => socket.destroy());
    await closed;
  });

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const pathname = (request.url ?? '/').replace(/\?.*/, '');
    this.requests.push(pathname);
    if (!this.#isAllowed(request)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="cam"' }).end();
      return;
    }
    const segment = /^\/seg-(\d+)\.ts$/.exec(pathname);
    const handler = segment ? sendSegment(Number(segment[1])) : this.#handlers.get(pathname);
    if (handler === undefined) return void response.writeHead(404).end();
    Promise.resolve(handler(request, response)).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  }

  #isAllowed(request: IncomingMessage): boolean {
    if (this.#credentials === undefined) return true;
    const { user, password } = this.#credentials;
    const wanted = Buffer.from(`${user}:${password}`).toString('base64');
    return request.headers.authorization === `Basic ${wanted}`;
  }

  async #sendJpegs(response: ServerResponse): Promise<void> {
    const pictures = splitJpegs(
      await readFile((await makeClip({ container: 'mjpeg', fps: JPEG_FPS, seconds: 4 })).path),
    );
    response.writeHead(200, { 'content-type': `multipart/x-mixed-replace; boundary=${BOUNDARY}` });
    let next = 0;
    const timer = setInterval(() => {
      const picture = pictures[next++ % pictures.length];
      if (picture === undefined || response.writableLength > 1024 * 1024) return;
      response.write(
        `--${BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`,
      );
      response.write(picture);
      response.write('\r\n');
    }, 1000 / JPEG_FPS);
    response.on('close', () => clearInterval(timer));
  }

  #sendPlaylist(response: ServerResponse): void {
    const newest =
      PLAYLIST_SEGMENTS + Math.floor((performance.now() - this.#openedMs) / 1000 / SEGMENT_SECONDS);
    const first = newest - PLAYLIST_SEGMENTS;
    const names = Array.from({ length: PLAYLIST_SEGMENTS }, (_, index) => `seg-${first + index}.ts`);
    const head = `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:${SEGMENT_SECONDS}\n`;
    const body = names.map((name) => `#EXTINF:${SEGMENT_SECONDS}.0,\n${name}\n`).join('');
    response
      .setHeader('content-type', 'application/vnd.apple.mpegurl')
      .end(`${head}#EXT-X-MEDIA-SEQUENCE:${first}\n${body}`);
  }

  #redirectFfmpeg(request: IncomingMessage, response: ServerResponse): Promise<void> | void {
    if (request.headers['user-agent']?.startsWith('Lavf') !== true) return this.#sendJpegs(response);
    response.writeHead(302, { location: this.url('/mjpeg') }).end();
  }

  #sendSlowly(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'video/mp4' });
    const timer = setInterval(() => response.write('\0'), 1000);
    response.on('close', () => clearInterval(timer));
  }
}

function sendEvilPlaylist(response: ServerResponse): void {
  response
    .setHeader('content-type', 'application/vnd.apple.mpegurl')
    .end('#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2.0,\nfile:///etc/passwd\n');
}

async function sendFile(file: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const bytes = await readFile(file);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const from = range ? Number(range[1]) : 0;
  const to = range?.[2] ? Math.min(Number(range[2]), bytes.length - 1) : bytes.length - 1;
  response.writeHead(range ? 206 : 200, {
    'content-type': file.endsWith('.mp4') ? 'video/mp4' : 'application/octet-stream',
    'accept-ranges': 'bytes',
    'content-length': to - from + 1,
    ...(range && { 'content-range': `bytes ${from}-${to}/${bytes.length}` }),
  });
  response.end(bytes.subarray(from, to + 1));
}

function sendSegment(index: number): Handler {
  return async (_, response) => {
    const bytes = await readFile(path.join(await makeSegments(), `seg-${index}.ts`));
    response.setHeader('content-type', 'video/mp2t').end(bytes);
  };
}

/** Splits JPEG pictures that lie end to end: each begins with FF D8 FF. */
function splitJpegs(bytes: Buffer): Buffer[] {
  const starts: number[] = [];
  const mark = Buffer.from([0xff, 0xd8, 0xff]);
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 3)) starts.push(at);
  return starts.map((start, index) => bytes.subarray(start, starts[index + 1]));
}
