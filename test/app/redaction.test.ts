import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { WebSocket } from 'ws';
import { App } from '../../src/app/index.js';
import { silentLog } from '../../src/base/index.js';
import { loadConfig } from '../../src/config/index.js';
import { findFfmpeg, parseInit, readFragmentHead } from '../../src/media/index.js';
import type { CameraView, TrackPage } from '../../src/server/protocol.js';
import { waitFor } from '../support/wait-for.js';

const demo = path.resolve('streams/demo.mp4');
const PICTURE = { width: 320, height: 180, pixels: 320 * 180 };
const describeWithDemo = existsSync(demo) ? describe : describe.skip;

describeWithDemo('a running server with a redacted camera', () => {
  let dir: string;
  let app: App;
  let configPath: string;
  let admin: string;
  let viewer: string;
  const configure = (cameras: string) =>
    writeFile(configPath, `server: { port: 0 }\ndata: { dir: data }\ncameras: ${cameras}\n`);
  const camera = (more: string) =>
    `{ source: ${demo}, analyse: { fps: 5 }, record: { mode: continuous }${more} }`;

  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-redaction-'));
    configPath = path.join(dir, 'sightline.yaml');
    await configure(`{ demo: ${camera(', redact: {}')} }`);
    app = await App.open({ config: await loadConfig(configPath, {}), configPath, env: {}, version: '0', log: silentLog }); // prettier-ignore
    const setup = await send('/api/v1/setup', '', { code: app.setupCode, name: 'ada', password: 'lamp otter quartz seven' }); // prettier-ignore
    admin = setup.headers.getSetCookie()[0]!.split(';')[0]!;
    await send('/api/v1/users', admin, { name: 'vera', password: 'lamp otter quartz eight', role: 'viewer' });
    const login = await send('/api/v1/login', '', { name: 'vera', password: 'lamp otter quartz eight' });
    viewer = login.headers.getSetCookie()[0]!.split(';')[0]!;
    await until('the camera to be live', async () => (await json<CameraView>('cameras/demo', admin)).state === 'live'); // prettier-ignore
  }, 120_000);
  afterAll(async () => {
    await app?.close();
    await rm(dir, { recursive: true, force: true });
  });

  const send = (address: string, cookie: string, body: unknown) =>
    fetch(new URL(address, app.url), {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { cookie, origin: new URL(app.url).origin, 'content-type': 'application/json' },
    });
  const get = (address: string, cookie: string) =>
    fetch(new URL(`/api/v1/${address}`, app.url), { headers: { cookie } });
  const json = async <T>(address: string, cookie: string) => (await (await get(address, cookie)).json()) as T;
  const until = <T>(what: string, test: () => Promise<T | undefined | false>) =>
    waitFor(test, { timeoutMs: 90_000, what });
  const pixels = async (response: Response) =>
    response.ok
      ? sharp(Buffer.from(await response.arrayBuffer()))
          .greyscale()
          .raw()
          .toBuffer()
      : undefined;
  /** The pictures of a film, five a second and small, in grey. */
  const greyFilm = async (response: Response) => grey(Buffer.from(await response.arrayBuffer()), 'fps=5');
  const grey = async (film: Buffer, thinning: string) => {
    const file = path.join(dir, `${randomUUID()}.mp4`);
    await writeFile(file, film);
    const filter = `${thinning},scale=${PICTURE.width}:${PICTURE.height}`;
    const args = ['-v', 'error', '-i', file, '-vf', filter, '-vsync', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray', '-']; // prettier-ignore
    const { path: program } = await findFfmpeg({});
    const { stdout } = await promisify(execFile)(program, args, {
      encoding: 'buffer',
      maxBuffer: 64 << 20,
    });
    return stdout;
  };
  /** Gathers a live stream, from its init segment on. */
  const watch = (cookie: string) => {
    const headers = { cookie, origin: new URL(app.url).origin };
    const socket = new WebSocket(`${app.url.replace('http', 'ws')}/api/v1/cameras/demo/live`, { headers });
    const parts: Buffer[] = [];
    socket.on('message', (data: Buffer, isBinary) => isBinary && parts.push(data));
    return { socket, parts };
  };
  /** Its pictures by their presentation time, 1/90000 s, small and in grey. */
  const greyStream = async ({ parts: [init, ...fragments] }: { readonly parts: readonly Buffer[] }) => {
    if (init === undefined || fragments.length === 0) return undefined;
    const { defaultSampleFlags } = parseInit(init);
    const times = fragments.map((bytes) => readFragmentHead(bytes, { defaultSampleFlags }).ptsTicks);
    const film = await grey(Buffer.concat([init, ...fragments]), 'null');
    times.sort((one, other) => one - other);
    return new Map(
      times.map((time, at) => [time, film.subarray(at * PICTURE.pixels, (at + 1) * PICTURE.pixels)]),
    );
  };
  /** Share of the pixels that are black in the second film and not in the first. */
  const blackened = (plain: Buffer, covered: Buffer) => {
    let black = 0;
    const length = Math.min(plain.length, covered.length);
    for (let at = 0; at < length; at++) if (covered[at]! < 20 && plain[at]! > 50) black++;
    return black / length;
  };

  it('covers people in the camera’s snapshot for a viewer, in the very picture that an administrator sees plain', async () => {
    const share = await until('somebody who is covered', async () => {
      const [plain, covered] = await Promise.all([admin, viewer].map(async (who) => pixels(await get('cameras/demo/snapshot.jpg', who)))); // prettier-ignore
      if (plain === undefined || covered?.length !== plain.length) return undefined;
      let black = 0;
      for (let at = 0; at < plain.length; at++) if (covered[at]! < 10 && plain[at]! > 40) black++;
      return black > 0.002 * plain.length ? black / plain.length : undefined;
    });
    expect(share).toBeLessThan(0.6);
  }, 120_000);

  it('covers the picture of a track', async () => {
    const [plain, covered] = (await until('a picture of a person', async () => {
      const { tracks } = await json<TrackPage>('tracks?label=person', viewer);
      for (const { id } of tracks) {
        const seen = await Promise.all([admin, viewer].map(async (who) => pixels(await get(`tracks/${id}/snapshot.jpg`, who)))); // prettier-ignore
        if (seen.every((each) => each !== undefined)) return seen as [Buffer, Buffer];
      }
      return undefined;
    })) as [Buffer, Buffer];
    const blackOf = (picture: Buffer) =>
      picture.reduce((sum, value) => sum + (value < 10 ? 1 : 0), 0) / picture.length;
    // The person is most of it, with a small margin around.
    expect(blackOf(covered)).toBeGreaterThan(0.6);
    expect(blackOf(plain)).toBeLessThan(0.5);
  }, 120_000);

  it('covers people in a clip for a viewer, in each of its pictures', async () => {
    const { plain, covered } = (await until('a clip with people in it', async () => {
      const [from, to] = [6000, 2000].map((ms) => new Date(Date.now() - ms).toISOString());
      const span = `recordings/demo/clip.mp4?from=${from}&to=${to}`;
      const seen = await Promise.all([`${span}&exact=true`, span].map((address, at) => get(address, at === 0 ? admin : viewer))); // prettier-ignore
      if (!seen.every(({ ok }) => ok)) return undefined;
      const [first, second] = await Promise.all(seen.map(greyFilm));
      // It has only just begun to be recorded.
      if (second!.length < 15 * PICTURE.pixels) return undefined;
      return blackened(first!, second!) > 0.002 ? { plain: first!, covered: second! } : undefined;
    })) as { plain: Buffer; covered: Buffer };
    expect(Math.abs(covered.length - plain.length)).toBeLessThanOrEqual(PICTURE.pixels);
    expect(blackened(plain, covered)).toBeLessThan(0.6);
  }, 180_000);

  it('covers people in live view for a viewer, in pictures with the times of those that an administrator sees plain', async () => {
    expect((await json<CameraView>('cameras/demo', viewer)).redacted).toBe(true);
    const watched = [admin, viewer].map(watch);
    const { plain, covered } = (await until('people who are covered', async () => {
      const [shown, hidden] = await Promise.all(watched.map(greyStream));
      if (shown === undefined || hidden === undefined) return undefined;
      const times = [...hidden.keys()].filter((time) => shown.has(time));
      const films = [shown, hidden].map((film) => Buffer.concat(times.map((time) => film.get(time)!)));
      return times.length >= 10 && blackened(films[0]!, films[1]!) > 0.002
        ? { plain: films[0]!, covered: films[1]! }
        : undefined;
    })) as { plain: Buffer; covered: Buffer };
    expect(blackened(plain, covered)).toBeLessThan(0.6);
    for (const { socket } of watched) socket.terminate();
  }, 120_000);

  it('closes what a viewer watches when the camera becomes a redacted one, and keeps pictures of a removed one for administrators', async () => {
    await configure(`{ demo: ${camera('')} }`);
    await until('an open camera', async () => {
      const view = await json<CameraView>('cameras/demo', viewer);
      return view.state === 'live' && view.redacted === undefined;
    });
    const socket = new WebSocket(`${app.url.replace('http', 'ws')}/api/v1/cameras/demo/live`, { headers: { cookie: viewer, origin: new URL(app.url).origin } }); // prettier-ignore
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await configure(`{ demo: ${camera(', redact: {}')} }`);
    await closed;

    await configure('{}');
    await until('the camera to be gone', async () => (await get('cameras/demo', admin)).status === 404);
    const { tracks } = await json<TrackPage>('tracks?label=person', viewer);
    const answers = await Promise.all(tracks.map(async ({ id }) => [(await get(`tracks/${id}/snapshot.jpg`, viewer)).status, (await get(`tracks/${id}/snapshot.jpg`, admin)).status])); // prettier-ignore
    expect(answers.some(([, asAdmin]) => asAdmin === 200)).toBe(true);
    expect(answers.every(([asViewer]) => asViewer !== 200)).toBe(true);
  }, 180_000);
});
