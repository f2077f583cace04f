import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { App } from '../../src/app/index.js';
import { silentLog } from '../../src/base/index.js';
import { loadConfig } from '../../src/config/index.js';
import type { EventPage, SimilarTracks, TrackPage } from '../../src/server/protocol.js';
import { waitFor } from '../support/wait-for.js';

const demo = path.resolve('streams/demo.mp4');
const describeWithDemo = existsSync(demo) ? describe : describe.skip;
const camera = (more: string) => `{ source: ${demo}, analyse: { fps: 5${more} }, zones: { street: { polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] } }, rules: [{ name: someone, type: inside, zone: street }] }`; // prettier-ignore

describeWithDemo('pictures of a running server', () => {
  let dir: string;
  let app: App;
  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-pictures-'));
    const configPath = path.join(dir, 'sightline.yaml');
    const cameras = `  demo: ${camera('')}\n  bare: ${camera(', snapshots: false')}\n`;
    await writeFile(configPath, `server: { port: 0 }\ndata: { dir: data }\ncameras:\n${cameras}`);
    app = await App.open({ config: await loadConfig(configPath, {}), configPath, env: {}, version: '0', log: silentLog }); // prettier-ignore
  }, 60_000);
  afterAll(async () => {
    await app?.close();
    await rm(dir, { recursive: true, force: true });
  });

  const json = async <T>(address: string) =>
    (await (await fetch(new URL(`/api/v1/${address}`, app.url))).json()) as T;
  const picture = async (address: string) => {
    const response = await fetch(new URL(`/api/v1/${address}/snapshot.jpg`, app.url));
    if (!response.ok) return undefined;
    return sharp(Buffer.from(await response.arrayBuffer())).metadata();
  };
  const until = <T>(what: string, test: () => Promise<T | undefined | false>) =>
    waitFor(test, { timeoutMs: 60_000, what });
  const tracks = async (of: string) => (await json<TrackPage>(`tracks?camera=${of}`)).tracks;

  it('shows a track while it lives, and an event in the size of the source', async () => {
    const seen = await until('a picture of a track', async () => {
      for (const { id, lastBox } of await tracks('demo')) {
        const found = await picture(`tracks/${id}`);
        if (found !== undefined) return { found, lastBox };
      }
      return undefined;
    });
    expect(seen).toMatchObject({ found: { format: 'jpeg' } });
    const whole = await until('a picture of an event', async () => {
      const { events } = await json<EventPage>('events?camera=demo');
      return events[0] && picture(`events/${events[0].event.id}`);
    });
    expect(whole).toMatchObject({ format: 'jpeg', width: 640, height: 360 });
  }, 90_000);

  it('finds tracks that look alike', async () => {
    const found = await until('two tracks that can be compared', async () => {
      for (const { id } of await tracks('demo')) {
        const answer = await json<Partial<SimilarTracks>>(`search/similar?track=${id}`);
        if (answer.similar?.length) return answer;
      }
      return undefined;
    });
    const scores = (found as SimilarTracks).similar.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(scores.every((score) => score > -1 && score <= 1)).toBe(true);
  }, 90_000);

  it('keeps none where none are wanted', async () => {
    const [first] = await until('tracks', async () => {
      const all = await tracks('bare');
      return all.some(({ endedAt }) => endedAt !== undefined) ? all.filter(({ endedAt }) => endedAt) : false;
    }) as Awaited<ReturnType<typeof tracks>>; // prettier-ignore
    expect(await picture(`tracks/${first!.id}`)).toBeUndefined();
  }, 90_000);
});
