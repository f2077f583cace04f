import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLog, registerSecret, systemClock, type Clock } from '../../src/base/index.js';
import type { MqttConfig } from '../../src/config/index.js';
import type { CameraStatusMessage, FrameMessage } from '../../src/events/index.js';
import { createMetrics, type Metrics } from '../../src/metrics/index.js';
import { CameraStates, MqttOutlet } from '../../src/mqtt/index.js';
import { Store } from '../../src/store/index.js';
import { FakeClock } from '../support/fake-clock.js';
import { freePort } from '../support/free-port.js';
import { waitFor } from '../support/wait-for.js';
import { Broker, hasMosquitto, listen } from './broker.js';

const describeWithMosquitto = hasMosquitto ? describe : describe.skip;
const TIMEOUT_MS = 20_000;
const CAMERAS = [{ id: 'gate', name: 'Gate', enabled: true, labels: ['person'], zones: ['door'] }];

let dir: string;
let port: number;
let store: Store;
let metrics: Metrics;
let states: CameraStates;
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
  states = new CameraStates();
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

function open(more: Partial<MqttConfig> = {}, cameras = CAMERAS, clock: Clock = systemClock): void {
  const config: MqttConfig = {
    ...{ url: `mqtt://127.0.0.1:${port}`, clientId: 'sightline', topicPrefix: 'sightline', qos: 1, tls: {} },
    homeAssistant: { enabled: false, discoveryPrefix: 'homeassistant' },
    ...more,
  };
  const log = createLog('debug', (line) => (logged += line));
  const table = store.table('readers');
  const tools = {
    journal: store.journal,
    table,
    states,
    metrics,
    clock,
    log,
    random: () => 0.5,
  };
  outlet = new MqttOutlet({ config, cameras, version: '1.2.3', ...tools });
}
async function hear(url = `mqtt://127.0.0.1:${port}`, options = {}) {
  const { client, heard } = await listen(url, options);
  clients.push(client);
  return { client, heard };
}
async function publish(count: number, state = 'live'): Promise<void> {
  const message: CameraStatusMessage = {
    ...{ v: 1, type: 'camera.status', camera: 'gate', time: '2026-05-04T09:30:12.480Z' },
    status: { state, transcoded: false },
  };
  for (let at = 0; at < count; at++) {
    states.notice(await store.journal.append(message));
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
const frameOf = (objects: object[]) =>
  ({ type: 'frame', camera: 'gate', objects }) as unknown as FrameMessage;
const countsIn = (heard: [string, string][]) =>
  heard.flatMap(([topic, text]) =>
    topic === 'sightline/gate/objects' && text !== '' ? [JSON.parse(text) as { total: number }] : [],
  );

describeWithMosquitto('messages over MQTT', () => {
  it('all arrive in order although the broker is killed among them, and come twice only at the seam', async () => {
    await broker.start();
    const { client, heard } = await hear();
    // The outlet comes back when this clock says so: after the listener, who would miss what is published before.
    const clock = new FakeClock();
    open({}, CAMERAS, clock);
    await connected();
    await publish(100);
    await until(() => seqsOf(heard).length > 10, 'the first to arrive');
    await broker.kill();
    await publish(100);
    await until(() => outlet.failure !== undefined, 'the loss to be noticed');
    await broker.start();
    await until(() => {
      if (client.connected) client.publish('test/back', '');
      return heard.some(([topic]) => topic === 'test/back');
    }, 'the listener to come back');
    await until(() => {
      clock.advance(1000);
      return new Set(seqsOf(heard)).size === 200;
    }, 'all to arrive');
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

  it('are not sent with a wrong password, which is told once, without it, and tried ever more rarely', async () => {
    const passwords = path.join(dir, 'passwords');
    execFileSync('mosquitto_passwd', ['-b', '-c', passwords, 'camera-server', 'the-right-one']);
    broker = new Broker(dir, port, ['allow_anonymous false', `password_file ${passwords}`]);
    await broker.start();
    registerSecret('the-wrong-one');
    const clock = new FakeClock();
    open({ username: 'camera-server', password: 'the-wrong-one' }, CAMERAS, clock);
    const told = () => logged.split('cannot be used').length - 1;
    const refused = () => broker.told.split('not authorised').length - 1;
    // The one that waits for the next try.
    const waits = () => until(() => clock.pendingTimers === 1, 'the outlet to wait');
    const delaysMs = [1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1000);
    await waits();
    for (const [at, delayMs] of delaysMs.entries()) {
      await until(() => refused() === at + 1, `refusal ${at + 1}`);
      await clock.advanceAsync(delayMs - 1);
      expect(clock.pendingTimers).toBe(1);
      await clock.advanceAsync(1);
      await until(() => refused() === at + 2, `refusal ${at + 2}`);
      await waits();
    }
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
    states.frame(frameOf(objects));
    await until(() => countsIn(heard).at(-1)?.total === 1, 'the counts');
    expect(countsIn(heard).at(-1)).toEqual({
      total: 1,
      labels: { person: 1 },
      zones: { door: { person: 1 } },
    });
  }, 40_000);

  it('say that a camera sees nothing when it goes offline, and ignore its late frames', async () => {
    await broker.start();
    const { heard } = await hear();
    open();
    await publish(1);
    states.frame(frameOf([{ label: 'person', state: 'tracked' }]));
    await until(() => countsIn(heard).at(-1)?.total === 1, 'the counts');
    await publish(1, 'reconnecting');
    states.frame(frameOf([{ label: 'person', state: 'tracked' }]));
    await until(() => countsIn(heard).at(-1)?.total === 0, 'the counts to be emptied');
    expect(countsIn(heard).at(-1)).toEqual({ total: 0, labels: {}, zones: {} });
  }, 40_000);

  it('have states and counts published anew to a broker that lost them', async () => {
    await broker.start();
    open();
    await connected();
    await publish(2);
    states.frame(frameOf([{ label: 'person', state: 'tracked' }]));
    await waitFor(async () => /^sightline_mqtt_published_total 2$/m.test(await metrics.text()), {
      timeoutMs: TIMEOUT_MS,
      what: 'both to be published',
    });
    await broker.kill();
    await until(() => outlet.failure !== undefined, 'the loss to be noticed');
    await broker.start();
    const { heard } = await hear();
    await until(() => seqsOf(heard).length > 0, 'the state');
    await until(() => countsIn(heard).length > 0, 'the counts');
    expect(seqsOf(heard)).toEqual([2]);
    expect(countsIn(heard).map(({ total }) => total)).toEqual([1]);
  }, 40_000);

  it('are cleared where the broker keeps them of cameras that are gone or off, and of nobody else', async () => {
    await broker.start();
    const { client, heard } = await hear();
    const counts = JSON.stringify({ total: 2, labels: { person: 2 }, zones: {} });
    const status = (camera: string) =>
      JSON.stringify({ v: 1, seq: 1, type: 'camera.status', camera, time: '', status: { state: 'live' } });
    const kept: [string, string][] = [
      ...['gone', 'off', 'gate'].flatMap((camera): [string, string][] => [
        [`sightline/${camera}/status`, status(camera)],
        [`sightline/${camera}/objects`, counts],
      ]),
      ['sightline/cellar/status', 'online'], // Of a server with the prefix sightline/cellar.
    ];
    for (const [topic, text] of kept) await client.publishAsync(topic, text, { qos: 1, retain: true });
    open({}, [...CAMERAS, { id: 'off', name: 'Off', enabled: false, labels: [], zones: [] }]);
    const cleared = () => heard.filter(([, text]) => text === '').map(([topic]) => topic);
    await until(() => cleared().length === 4, 'four to be cleared');
    await until(() => countsIn(heard).at(-1)?.total === 0, 'the count of the camera that is there');
    const { heard: still } = await hear();
    await until(() => still.length >= 4, 'what is kept');
    expect(still.map(([topic]) => topic).sort()).toEqual([
      'sightline/cellar/status',
      'sightline/gate/objects',
      'sightline/gate/status',
      'sightline/status',
    ]);
  }, 40_000);
});

describe('a broker that hangs', () => {
  /** Milliseconds that closing took. */
  async function closing(): Promise<number> {
    const startedMs = performance.now();
    await outlet.close();
    return performance.now() - startedMs;
  }

  it('does not hold up the end of a server that it never greeted', async () => {
    const taken: Socket[] = [];
    const silent = createServer((socket) => taken.push(socket.resume().on('error', () => undefined))).listen(
      port,
      '127.0.0.1',
    );
    try {
      open();
      await until(() => taken.length === 1, 'the connection');
      expect(await closing()).toBeLessThan(2000);
      await until(() => taken[0]!.readyState !== 'open', 'the connection to be given up');
    } finally {
      for (const socket of taken) socket.destroy();
      silent.close();
    }
  }, 40_000);

  const itWithMosquitto = hasMosquitto ? it : it.skip;
  itWithMosquitto(
    'does not hold up the end of a server whose messages it does not acknowledge',
    async () => {
      await broker.start();
      open();
      await connected();
      broker.hang();
      await publish(3);
      expect(await closing()).toBeLessThan(2000);
      expect(await metrics.text()).toMatch(/^sightline_mqtt_pending 3$/m);
    },
    40_000,
  );
});

describeWithMosquitto('Home Assistant', () => {
  it('is told of each camera, again when it is born again, and of a removed camera no more', async () => {
    await broker.start();
    const { client, heard } = await hear();
    const homeAssistant = { enabled: true, discoveryPrefix: 'homeassistant' };
    open({ homeAssistant }, [...CAMERAS, { id: 'old', name: 'Old', enabled: true, labels: [], zones: [] }]);
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
      availability: [{ topic: 'sightline/status' }, { topic: 'sightline/gate/status' }],
      availability_mode: 'all',
    });
    expect(components['connectivity']).toMatchObject({ availability: [{ topic: 'sightline/status' }] });
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
