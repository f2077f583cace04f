import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { App } from '../../src/app/index.js';
import { createLog } from '../../src/base/index.js';
import { loadConfig } from '../../src/config/index.js';
import type { Readiness } from '../../src/server/protocol.js';
import { Broker, hasMosquitto, listen } from '../mqtt/broker.js';
import { makeClip } from '../support/clips.js';
import { freePort } from '../support/free-port.js';
import { waitFor } from '../support/wait-for.js';

const describeWithMosquitto = hasMosquitto ? describe : describe.skip;
const TIMEOUT_MS = 20_000;

let dir: string;
let url: string;
let broker: Broker;
let app: App | undefined;
let logged: string;
const clients: { endAsync(force: boolean): Promise<void> }[] = [];

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-mqtt-app-'));
  const port = await freePort('tcp');
  url = `mqtt://127.0.0.1:${port}`;
  broker = new Broker(dir, port);
  logged = '';
});
afterEach(async () => {
  await app?.close();
  for (const client of clients.splice(0)) await client.endAsync(true);
  await broker.kill();
  await rm(dir, { recursive: true, force: true });
});

const file = () => path.join(dir, 'sightline.yaml');
const save = (clip: string, more: string) =>
  writeFile(
    file(),
    `server: { port: 0 }\ndata: { dir: data }\nengine: { workers: 1 }\n` +
      `cameras: { gate: { source: ${clip}, analyse: { width: 64, fps: 1 } } }\n${more}\n`,
  );
const warnings = async () =>
  ((await (await fetch(new URL('/readyz', app!.url))).json()) as Readiness).warnings?.join() ?? '';
const until = (condition: () => boolean | Promise<boolean>, what: string) =>
  waitFor(condition, { timeoutMs: TIMEOUT_MS, what: () => `${what}; log: ${logged}` });

describeWithMosquitto('MQTT of a server', () => {
  it('comes and goes with the saved configuration, and is warned of while the broker is not reachable', async () => {
    const { path: clip } = await makeClip({ fps: 5, seconds: 4, gopFrames: 5, container: 'mp4' });
    await save(clip, '');
    const config = await loadConfig(file(), {});
    const log = createLog('debug', (line) => (logged += line));
    app = await App.open({ config, configPath: file(), env: {}, version: '0.0.0', log });
    const list = new URL('/api/v1/cameras', app.url);
    await until(async () => (await (await fetch(list)).text()).includes('"live"'), 'the camera to be live');
    expect(await warnings()).not.toContain('MQTT');

    await save(clip, `mqtt: { url: "${url}" }`);
    await until(async () => /MQTT.*ECONNREFUSED/.test(await warnings()), 'the warning');
    await broker.start();
    const { client, heard } = await listen(url);
    clients.push(client);
    const last = (topic: string) => heard.findLast(([at]) => at === `sightline/${topic}`)?.[1] ?? '';
    await until(() => last('status') === 'online', 'the server');
    await until(() => last('gate/status').includes('"live"'), 'a state from before there was a broker');
    await until(() => last('gate/objects').includes('"total"'), 'the counts');
    await until(async () => !(await warnings()).includes('MQTT'), 'the end of the warning');

    await save(clip, '');
    await until(() => last('status') === 'offline', 'the server to take its leave');
    const published = heard.length;
    await app.close();
    expect(heard).toHaveLength(published);
  }, 90_000);
});

// A port that takes connections and says nothing: what a wrong port often is.
describe('a server whose broker is silent', () => {
  it('ends in time', async () => {
    const silent = createServer((socket) => socket.resume().on('error', () => undefined));
    await new Promise<void>((resolve) => silent.listen(Number(new URL(url).port), '127.0.0.1', resolve));
    try {
      await save('/nowhere.mp4', `mqtt: { url: "${url}" }`);
      const config = await loadConfig(file(), {});
      app = await App.open({ config, env: {}, version: '0.0.0', log: createLog('debug', () => undefined) });
      await until(async () => (await warnings()).includes('MQTT broker'), 'the warning');
      const startedMs = performance.now();
      await app.close();
      expect(performance.now() - startedMs).toBeLessThan(5000);
    } finally {
      silent.close();
    }
  }, 60_000);
});
