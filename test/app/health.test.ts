import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { App } from '../../src/app/index.js';
import { silentLog } from '../../src/base/index.js';
import { loadConfig } from '../../src/config/index.js';
import type { CameraView, EventPage } from '../../src/server/protocol.js';
import { ffmpegPrograms } from '../support/clips.js';
import { runFfmpeg } from '../support/run-ffmpeg.js';
import { waitFor } from '../support/wait-for.js';

/** The demo's street; a grey cloth slides before the lens after 26 s, and is taken away after 42 s. */
const COVERED = `[0]fps=5,scale=320:180[street];color=0x707070:size=320x180:rate=5,noise=alls=6:allf=t[cloth];[street][cloth]overlay=x='if(between(t,26,42),0,W)'`;

describe('a camera that is covered', () => {
  let dir: string;
  let app: App;
  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-health-app-'));
    const configPath = path.join(dir, 'sightline.yaml');
    const rule =
      '{ name: tampered, type: health, faults: [blocked, moved, blurred], seconds: 1, severity: alert }';
    await writeFile(
      configPath,
      `server: { port: 0 }\ndata: { dir: data }\nengine: { workers: 1 }\ncameras:\n` +
        `  gate: { source: covered.mp4, analyse: { width: 320, detectEvery: 10 }, rules: [${rule}] }\n`,
    );
    const clip = ['-stream_loop', '-1', '-i', 'streams/demo.mp4', '-filter_complex', COVERED, '-t', '75', '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '5', '-an', '-y', path.join(dir, 'covered.mp4')]; // prettier-ignore
    expect((await runFfmpeg(ffmpegPrograms[0]!.path, clip, { timeoutMs: 60_000 })).exitCode).toBe(0);
    app = await App.open({ config: await loadConfig(configPath, {}), configPath, env: {}, version: '0', log: silentLog }); // prettier-ignore
  }, 90_000);
  afterAll(async () => {
    await app?.close();
    await rm(dir, { recursive: true, force: true });
  });

  it('is told by its status, in the metrics and as an event, until it is uncovered', async () => {
    const get = (address: string) => fetch(new URL(address, app.url));
    const health = async () => ((await (await get('/api/v1/cameras/gate')).json()) as CameraView).health;
    const blocked = async () => /sightline_camera_health_fault\{camera="gate",type="blocked"\} (\d)/.exec(await (await get('/metrics')).text())?.[1]; // prettier-ignore
    const events = async () => ((await (await get('/api/v1/events')).json()) as EventPage).events;
    const until = (what: string, test: () => Promise<boolean>) => waitFor(test, { timeoutMs: 80_000, what });

    expect(await health()).toEqual({ state: 'learning', faults: [] });
    await until('the camera to be known', async () => (await health()).state === 'good');
    expect(await blocked()).toBe('0');
    await until('a fault', async () => (await health()).state === 'faulty');
    expect((await health()).faults).toEqual([{ fault: 'blocked', since: expect.any(String) }]);
    expect(await blocked()).toBe('1');
    await until('an event', async () => (await events()).length > 0);
    expect((await events())[0]?.event).toMatchObject({ severity: 'alert', value: { fault: 'blocked' } });
    await until('its end', async () => (await events())[0]?.event.endedAt !== undefined);
    expect(await health()).toEqual({ state: 'good', faults: [] });
    expect((await events()).map(({ event }) => event.ending)).toEqual(['over']);
  }, 200_000);
});
