import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { App } from '../../src/app/index.js';
import { silentLog } from '../../src/base/index.js';
import { loadConfig } from '../../src/config/index.js';
import type {
  CameraView,
  EventMessage,
  FrameMessage,
  ServerMessage,
  TrackPage,
} from '../../src/server/protocol.js';
import { waitFor } from '../support/wait-for.js';

const demo = path.resolve('streams/demo.mp4');
const describeWithDemo = existsSync(demo) ? describe : describe.skip;

const ZONES = `    zones: { street: { polygon: [[0, 0], [1, 0], [1, 1], [0, 1]], by: box, share: 0.2 } }
    lines: { middle: { points: [[0.5, 0], [0.5, 1]] } }\n`;
const cameraWith = (rules: string) =>
  `  demo:\n    source: ${demo}\n    analyse: { width: 320, fps: 5 }\n${ZONES}    rules: [${rules}]\n`;

let dir: string;
let app: App | undefined;
let socket: WebSocket | undefined;
afterEach(async () => {
  socket?.terminate();
  await app?.close();
  await rm(dir, { recursive: true, force: true });
});

async function writeConfig(cameras: string, rules = ''): Promise<string> {
  const file = path.join(dir, 'sightline.yaml');
  const head = 'server: { port: 0 }\ndata: { dir: data }\nengine: { workers: 1 }\n';
  await writeFile(file, `${head}cameras:\n${cameras}${rules}`);
  return file;
}

async function open(cameras: string, rules = ''): Promise<{ url: string; messages: ServerMessage[] }> {
  dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-rules-'));
  const configPath = await writeConfig(cameras, rules);
  const config = await loadConfig(configPath, {});
  app = await App.open({ config, configPath, env: {}, version: '0.0.0', log: silentLog });
  const messages: ServerMessage[] = [];
  const stream = new WebSocket(`${app.url.replace('http', 'ws')}/api/v1/stream`, 'sightline.v1');
  socket = stream;
  const subscribe = { type: 'subscribe', cameras: '*', topics: ['event', 'frame', 'camera'], since: 0 };
  stream.on('open', () => stream.send(JSON.stringify(subscribe)));
  stream.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as ServerMessage));
  return { url: app.url, messages };
}

const eventsOf = (messages: readonly ServerMessage[], name: string) =>
  messages.filter((message): message is EventMessage & { seq: number } => message.type.startsWith('event.') && 'event' in message && message.event.rule.name === name); // prettier-ignore
const arrives = (messages: readonly ServerMessage[], name: string, type: EventMessage['type']) =>
  waitFor(() => eventsOf(messages, name).find((message) => message.type === type), {
    timeoutMs: 60_000,
    what: `${type} of ${name}`,
  });
const cameraOf = async (url: string) =>
  ((await (await fetch(new URL('/api/v1/cameras', url))).json()) as { cameras: CameraView[] }).cameras[0]!;

describeWithDemo('the rules of a running server', () => {
  it('lead from pictures to numbered events on the stream, to zones on objects and to metrics', async () => {
    const rules = '{ name: someone, type: inside, zone: street, severity: warning }, { name: busy, type: occupancy, zone: street }'; // prettier-ignore
    const temporal = 'rules: [{ name: together, type: sequence, first: { rule: someone }, then: { rule: busy }, withinSeconds: 60 }, { name: often, type: repeated, event: { rule: someone, camera: demo }, times: 2, withinSeconds: 600 }]'; // prettier-ignore
    const { url, messages } = await open(cameraWith(rules), temporal);
    const started = await arrives(messages, 'someone', 'event.started');
    expect(started).toMatchObject({
      v: 1,
      camera: 'demo',
      epoch: 1,
      frame: { width: 640, height: 360 },
      model: expect.stringContaining('@sha256:'),
      event: { zone: 'street', severity: 'warning', rule: { type: 'inside' } },
    });
    expect(started.event.tracks[0]?.id).toMatch(/^demo-\w+-\d+$/);
    const frame = messages.find((message): message is FrameMessage => message.type === 'frame' && message.objects.some(({ zones }) => zones !== undefined)); // prettier-ignore
    expect(frame?.objects.find(({ zones }) => zones !== undefined)?.zones).toEqual(['street']);
    await arrives(messages, 'busy', 'event.started');
    const often = await arrives(messages, 'often', 'event.ended');
    expect(often.event.events).toHaveLength(2);
    const numbers = messages.flatMap((message) => ('seq' in message ? [message.seq] : []));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    const { tracks } = (await (await fetch(new URL('/api/v1/tracks?zone=street', url))).json()) as TrackPage;
    expect(tracks.map(({ id }) => id)).toContain(started.event.tracks[0]?.id);
    expect(tracks[0]?.zones).toEqual(['street']);
    const metrics = await (await fetch(new URL('/metrics', url))).text();
    expect(metrics).toMatch(/sightline_events_total\{type="event\.started"\} [1-9]/);
    expect(metrics).toMatch(/sightline_events_total\{type="event\.ended"\} [1-9]/);
  }, 120_000);

  it('are replaced without touching the connection, end what they began, and end with their camera', async () => {
    const { url, messages } = await open(cameraWith('{ name: old, type: occupancy, zone: street }'));
    await arrives(messages, 'old', 'event.started');
    const before = await cameraOf(url);
    await writeConfig(cameraWith('{ name: new, type: occupancy, zone: street }'));
    const ended = await waitFor(
      () => eventsOf(messages, 'old').find(({ event }) => event.ending === 'config'),
      { timeoutMs: 30_000, what: 'the old rule to end' },
    );
    const begun = await arrives(messages, 'new', 'event.started');
    expect(begun.event.id).not.toBe(ended.event.id);
    const after = await cameraOf(url);
    expect(after).toMatchObject({ since: before.since, reconnects: before.reconnects });
    await writeConfig(`  other: { source: ${demo}, enabled: false }\n`);
    await waitFor(
      () => {
        const count = (type: EventMessage['type']) =>
          ['old', 'new'].flatMap((name) => eventsOf(messages, name)).filter((message) => message.type === type).length; // prettier-ignore
        return count('event.started') > 1 && count('event.started') === count('event.ended');
      },
      { timeoutMs: 30_000, what: 'an end for every beginning' },
    );
  }, 150_000);
});
