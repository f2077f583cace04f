import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLog, registerSecret, systemClock } from '../../src/base/index.js';
import type { MqttConfig } from '../../src/config/index.js';
import type { CameraStatusMessage, FrameMessage } from '../../src/events/index.js';
import { createMetrics, type Metrics } from '../../src/metrics/index.js';
import { MqttOutlet } from '../../src/mqtt/index.js';
import { Store } from '../../src/store/index.js';
import { freePort } from '../support/free-port.js';
import { waitFor } from '../support/wait-for.js';
import { Broker, hasMosquitto, listen } from './broker.js';

const describeWithMosquitto = hasMosquitto ? describe : describe.skip;
const TIMEOUT_MS = 20_000;
const CAMERAS = [{ id: 'gate', name: 'Gate', labels: ['person'], zones: ['door'] }];

let dir: string;
let port: number;
let store: Store;
let metrics: Metrics;
let outlet: MqttOutlet;
let broker: Broker;
let logged: string;
const clients: { endAsync(force: boolean): Promise<void> }[] = [];

beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'sightline-mqtt-'));
  port = await freePort('tcp');
  logged = '';
  metrics = createMetrics({ clock: systemClock });
  broker = new Broker(dir, port);
  const log = createLog('debug', (line) => (logged += line));
  store = await Store.open({ dataDir: path.join(dir, 'data'), clock: systemClock, log });
});
afterEach(async () => {
  await outlet.close();
  for (const client of clients.splice(0)) await client.endAsync(true);
  await broker.kill();
  await store.close();
  metrics.close();
  rmSync(dir, { recursive: true, force: true });
});

function open(more: Partial<MqttConfig> = {}, cameras = CAMERAS): void {
  const config: MqttConfig = {
    ...{ url: `mqtt://127.0.0.1:${port}`, clientId: 'sightline', topicPrefix: 'sightline', qos: 1, tls: {} },
    homeAssistant: { enabled: false, discoveryPrefix: 'homeassistant' },
    ...more,
  };
  const log = createLog('debug', (line) => (logged += line));
  const table = store.table('webhooks');
  const tools = { journal: store.journal, table, metrics, clock: systemClock, log, random: () => 0.5 };
  outlet = new MqttOutlet({ config, cameras, version: '1.2.3', ...tools });
}
async function hear(url = `mqtt://127.0.0.1:${port}`, options = {}) {
  const { client, heard } = await listen(url, options);
  clients.push(client);
  return { client, heard };
}
async function publish(count: number): Promise<void> {
  const message: CameraStatusMessage = {
    ...{ v: 1, type: 'camera.status', camera: 'gate', time: '2026-05-04T09:30:12.480Z' },
    status: { state: 'live', transcoded: false },
  };
  for (let at = 0; at < count; at++) {
    await store.journal.append(message);
    outlet.wake();
  }
}
const until = (condition: () => boolean, what: string) =>
  waitFor(condition, { timeoutMs: TIMEOUT_MS, what: () => `${what}; log: ${logged}` });
const connected = () => until(() => outlet.failure === undefined, 'the broker to be connected with');
const seqsOf = (heard: [string, string][]) =>
  heard.flatMap(([topic, text]) =>
    topic === 'sightline/gate/status' ? [(JSON.parse(text) as { seq: number }).seq] : [],
  );

describeWithMosquitto('messages over MQTT', () => {
  it('all arrive in order although the broker is killed among them, and come twice only at the seam', async () => {
    await broker.start();
    const { heard } = await hear();
    open();
    await connected();
    await publish(100);
    await until(() => seqsOf(heard).length > 10, 'the first to arrive');
    await broker.kill();
    await publish(100);
    await until(() => outlet.failure !== undefined, 'the loss to be noticed');
    await broker.start();
    // Heard by someone who was there before what is published anew: the listener comes back at once, the outlet after 1 s.
    await until(() => new Set(seqsOf(heard)).size === 200, 'all to arrive');
    const seqs = seqsOf(heard);
    const first = [...new Set(seqs)];
    expect(first).toEqual(Array.from({ length: 200 }, (_, at) => at + 1));
    expect(seqs.length - first.length).toBeLessThanOrEqual(50);
    await until(() => outlet.failure === undefined, 'the connection');
    expect(await metrics.text()).toMatch(/^sightline_mqtt_connected 1$/m);
    await waitFor(async () => /^sightline_mqtt_pending 0$/m.test(await metrics.text()), {
      timeoutMs: TIMEOUT_MS,
      what: 'nothing to be pending',
    });
  }, 40_000);

  it('wait in the journal while the server is down, and are not begun anew', async () => {
    await broker.start();
    const { heard } = await hear();
    open();
    await connected();
    await publish(3);
    await until(() => seqsOf(heard).length === 3, 'three to arrive');
    await outlet.close();
    await publish(2);
    open();
    await until(() => seqsOf(heard).length >= 5, 'the others to arrive');
    expect(seqsOf(heard)).toEqual([1, 2, 3, 4, 5]);
    expect(heard.filter(([topic]) => topic === 'sightline/status').map(([, text]) => text)).toEqual([
      'online',
      'offline',
      'online',
    ]);
  }, 40_000);

  it('are not sent with a wrong password, which is told once and without it', async () => {
    const passwords = path.join(dir, 'passwords');
    execFileSync('mosquitto_passwd', ['-b', '-c', passwords, 'camera-server', 'the-right-one']);
    broker = new Broker(dir, port, ['allow_anonymous false', `password_file ${passwords}`]);
    await broker.start();
    registerSecret('the-wrong-one');
    open({ username: 'camera-server', password: 'the-wrong-one' });
    const told = () => logged.split('cannot be used').length - 1;
    await until(() => told() > 0, 'the refusal to be told');
    await publish(1);
    expect(outlet.failure).toMatch(/not authori[sz]ed/i);
    expect(told()).toBe(1);
    expect(logged).not.toContain('the-wrong-one');
    expect(await metrics.text()).toMatch(/^sightline_mqtt_pending 1$/m);
  }, 40_000);

  it('go over TLS to a broker that an own authority signed, and to no other', async () => {
    const [cert, key] = [path.join(dir, 'cert.pem'), path.join(dir, 'key.pem')];
    const request =
      'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost';
    execFileSync('openssl', [...request.split(' '), '-keyout', key, '-out', cert], { stdio: 'ignore' });
    broker = new Broker(dir, port, ['allow_anonymous true', `certfile ${cert}`, `keyfile ${key}`]);
    await broker.start();
    const url = `mqtts://localhost:${port}`;
    open({ url });
    await until(() => /self-signed/.test(outlet.failure ?? ''), 'the refusal');
    await outlet.close();
    open({ url, tls: { ca: cert } });
    await connected();
  }, 40_000);

  it('say how many objects a camera sees, once where it stays the same', async () => {
    await broker.start();
    const { heard } = await hear();
    open();
    await connected();
    const objects = [
      { label: 'person', state: 'tracked', zones: ['door'] },
      { label: 'car', state: 'tentative' },
    ];
    outlet.frame({ type: 'frame', camera: 'gate', objects } as unknown as FrameMessage);
    const counts = () => heard.filter(([topic]) => topic === 'sightline/gate/objects');
    await until(() => counts().length > 0, 'the counts');
    expect(JSON.parse(counts()[0]![1])).toEqual({
      total: 1,
      labels: { person: 1 },
      zones: { door: { person: 1 } },
    });
  }, 40_000);
});

describeWithMosquitto('Home Assistant', () => {
  it('is told of each camera, again when it is born again, and of a removed camera no more', async () => {
    await broker.start();
    const { client, heard } = await hear();
    const homeAssistant = { enabled: true, discoveryPrefix: 'homeassistant' };
    open({ homeAssistant }, [...CAMERAS, { id: 'old', name: 'Old', labels: [], zones: [] }]);
    await connected();
    const told = (camera: string) =>
      heard.filter(([topic]) => topic === `homeassistant/device/sightline_${camera}/config`);
    await until(() => told('old').length === 1, 'both cameras');
    await outlet.close();
    open({ homeAssistant });
    await until(() => told('old').at(-1)?.[1] === '', 'the removed camera to be cleared');
    await until(() => told('gate').length === 2, 'the other to be told of');
    await client.publishAsync('homeassistant/status', 'online', { qos: 1 });
    await until(() => told('gate').length === 3, 'the answer to the birth message');
    const { components, ...device } = JSON.parse(told('gate').at(-1)![1]) as {
      components: Record<string, { platform: string; unique_id: string }>;
    };
    expect(device).toMatchObject({
      device: { identifiers: ['sightline_gate'], name: 'Gate' },
      origin: { name: 'Sightline', sw_version: '1.2.3' },
      availability: [{ topic: 'sightline/status' }],
    });
    expect(Object.entries(components).map(([key, { platform }]) => `${platform} ${key}`)).toEqual([
      'binary_sensor connectivity',
      'sensor objects',
      'sensor count_person',
      'binary_sensor occupancy_person',
      'binary_sensor zone_door',
      'sensor last_event',
      'event event',
    ]);
    expect(new Set(Object.values(components).map((one) => one.unique_id)).size).toBe(7);
  }, 40_000);
});
