import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { App } from '../../src/app/index.js';
import { createLog } from '../../src/base/index.js';
import { loadConfig } from '../../src/config/index.js';
import type { CameraStatusMessage } from '../../src/events/index.js';
import { waitFor } from '../support/wait-for.js';
import { Receiver } from '../webhooks/receiver.js';

const ENV = { HOOK_SECRET: 'known-to-the-receiver-alone' };

let dir: string;
let receiver: Receiver;
let app: App | undefined;
let logged: string;

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-webhooks-app-'));
  receiver = await Receiver.open();
  logged = '';
});
afterEach(async () => {
  await app?.close();
  await receiver.close();
  await rm(dir, { recursive: true, force: true });
});

const file = () => path.join(dir, 'sightline.yaml');
const save = (webhooks: string) =>
  writeFile(
    file(),
    `server: { port: 0 }\ndata: { dir: data }\nengine: { workers: 1 }\n` +
      `cameras: { gate: { source: /nowhere.mp4, enabled: false } }\nwebhooks: ${webhooks}\n`,
  );
const hook = (more = '') =>
  `{ alarms: { url: "${receiver.url}", secret: "\${HOOK_SECRET}", topics: [camera]${more} } }`;

async function open(): Promise<App> {
  const config = await loadConfig(file(), ENV);
  const log = createLog('debug', (line) => (logged += line));
  app = await App.open({ config, configPath: file(), env: ENV, version: '0.0.0', log });
  return app;
}

function status(reason: string): CameraStatusMessage {
  const time = '2026-05-04T09:30:12.480Z';
  return {
    v: 1,
    type: 'camera.status',
    camera: 'gate',
    time,
    status: { state: 'live', reason, transcoded: false },
  };
}

const arrived = (seqs: number[]) =>
  waitFor(() => String(receiver.seqs) === String(seqs), {
    timeoutMs: 20_000,
    what: () => `${String(seqs)} to arrive, came ${String(receiver.seqs)}`,
  });

describe('webhooks of a server', () => {
  it('come and go with the saved configuration, and go on where they were after a restart', async () => {
    await save('{}');
    const first = await open();
    first.publish(status('before there was a webhook'));
    await save(hook());
    await arrived([2]);
    expect(JSON.parse(receiver.received[0]!.body.toString())).toMatchObject({
      seq: 2,
      type: 'config.changed',
    });
    first.publish(status('a'));
    await arrived([2, 3]);
    receiver.answer = () => 503;
    first.publish(status('b'));
    first.publish(status('c'));
    await arrived([2, 3, 4]);
    await first.close();

    receiver.answer = () => 200;
    receiver.received.length = 0;
    const second = await open();
    await arrived([4, 5]);
    const metrics = await (await fetch(new URL('/metrics', second.url))).text();
    expect(metrics).toMatch(/^sightline_webhook_deliveries_total\{reason="delivered"\} [12]$/m);
    await save('{}');
    await waitFor(() => logged.split('configuration applied').length === 3, {
      timeoutMs: 20_000,
      what: 'the webhook to be removed',
    });
    second.publish(status('d'));
    await second.close();
    expect(receiver.seqs).toEqual([4, 5]);
    expect(logged).not.toContain(ENV.HOOK_SECRET);
    expect(logged).not.toContain('in-the-address');
  }, 60_000);
});
