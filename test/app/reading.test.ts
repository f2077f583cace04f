import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import bundledFfmpeg from '@ffmpeg-installer/ffmpeg';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { App } from '../../src/app/index.js';
import { silentLog } from '../../src/base/index.js';
import { loadConfig } from '../../src/config/index.js';
import type {
  EventMessage,
  FrameMessage,
  RulesTrial,
  ServerMessage,
  TextReadMessage,
  TextSearch,
  TrackMessage,
} from '../../src/server/protocol.js';
import { runFfmpeg } from '../support/run-ffmpeg.js';
import { sharedDir } from '../support/shared-data.js';
import { waitFor } from '../support/wait-for.js';

const photo = path.join(sharedDir, 'data/ocr/plates/eu/test_002.jpg');
const describeWithPlates = existsSync(photo) ? describe : describe.skip;

/** A car that passes for six seconds, and then is gone for three; noisy, as cameras are. */
async function carClip(file: string): Promise<void> {
  const car = '[1]scale=880:-2[car]';
  const scene = "[0][car]overlay=x='20+60*t':y='H-h-10':enable='lt(t,6)':eval=frame";
  const { exitCode, complaints } = await runFfmpeg(
    bundledFfmpeg.path,
    [
      ...[
        '-f',
        'lavfi',
        '-i',
        'color=0x808890:s=1280x720:r=10:d=9',
        '-loop',
        '1',
        '-r',
        '10',
        '-t',
        '9',
        '-i',
        photo,
      ],
      ...[
        '-filter_complex',
        `${car};${scene},noise=alls=10:allf=t,format=yuv420p[v]`,
        '-map',
        '[v]',
        '-t',
        '9',
      ],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '24', '-g', '10', file],
    ],
    { timeoutMs: 90_000 },
  );
  expect([exitCode, complaints]).toEqual([0, '']);
}

describeWithPlates('reading in a running server', () => {
  let dir: string;
  let app: App;
  let stream: WebSocket;
  let cookie = '';
  const messages: ServerMessage[] = [];
  const configure = (fps: number) =>
    writeFile(
      path.join(dir, 'sightline.yaml'),
      `server: { port: 0 }
data: { dir: data }
engine: { workers: 1 }
cameras:
  gate:
    source: car.mp4
    analyse: { fps: ${fps}, heads: [text], read: { patterns: [eu] } }
    rules:
      - { name: wanted, type: text, list: [RK-755 AJ, B 777], severity: alert }
      - { name: stranger, type: text, is: off-list, list: [B 777] }
`,
    );
  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-reading-'));
    await carClip(path.join(dir, 'car.mp4'));
    await configure(4);
    const configPath = path.join(dir, 'sightline.yaml');
    const config = await loadConfig(configPath, {});
    app = await App.open({ config, configPath, env: {}, version: '0', log: silentLog });
    const admin = { code: app.setupCode, name: 'ada', password: 'lamp otter quartz' };
    const set = await call('/api/v1/setup', admin);
    cookie = set.headers.getSetCookie()[0]!.split(';')[0]!;
    const headers = { cookie, origin: app.url };
    stream = new WebSocket(`${app.url.replace('http', 'ws')}/api/v1/stream`, 'sightline.v1', { headers });
    const topics = ['event', 'track', 'frame'];
    stream.on('open', () =>
      stream.send(JSON.stringify({ type: 'subscribe', cameras: '*', topics, since: 0 })),
    );
    stream.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as ServerMessage));
  }, 150_000);
  afterAll(async () => {
    stream?.terminate();
    await app?.close();
    await rm(dir, { recursive: true, force: true });
  });

  const call = (address: string, body?: object) =>
    fetch(new URL(address, app.url), {
      headers: { cookie, origin: app.url, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    });
  const get = async <T>(address: string) => (await (await call(address)).json()) as T;
  const texts = () => messages.filter((one): one is TextReadMessage & { seq: number } => one.type === 'text.read'); // prettier-ignore
  const eventsOf = (name: string) => messages.filter((one): one is EventMessage & { seq: number } => one.type === 'event.started' && one.event.rule.name === name); // prettier-ignore

  it('leads from pictures of a car to one message with its plate and where that was seen', async () => {
    const read = await waitFor(() => texts()[0], { timeoutMs: 120_000, what: 'text.read' });
    expect(read).toMatchObject({
      camera: 'gate',
      frame: { width: 1280, height: 720 },
      model: expect.stringMatching(/^ppocr-v4@sha256:/),
      text: { value: 'RK755AJ', fitsPattern: true },
    });
    expect(read.text.characters.map(({ value }) => value).join('')).toBe('RK755AJ');
    const started = messages.find((one): one is TrackMessage & { seq: number } => one.type === 'track.started' && one.track.id === read.track.id); // prettier-ignore
    expect(started?.seq).toBeLessThan(read.seq);
    // The plate lies within its vehicle, in its lower half.
    const { box, polygon } = read.text.seen;
    for (const [x, y] of polygon) {
      expect(x > box[0] && x < box[2]).toBe(true);
      expect(y > (box[1] + box[3]) / 2 && y < box[3]).toBe(true);
    }
  }, 130_000);

  it('tells it in frames, finds it, meets the watch list once, and counts', async () => {
    const [read] = texts();
    const wanted = await waitFor(() => eventsOf('wanted')[0], { timeoutMs: 20_000, what: 'the event' });
    expect(wanted.event).toMatchObject({ severity: 'alert', tracks: [{ id: read!.track.id }] });
    expect(wanted.event.value).toEqual({ text: 'RK755AJ', entry: 'RK-755 AJ', distance: 0 });
    const isMarked = (one: ServerMessage): one is FrameMessage =>
      one.type === 'frame' && one.objects.some(({ text }) => text?.value === 'RK755AJ');
    await waitFor(() => messages.find(isMarked), { timeoutMs: 20_000, what: 'a frame with the text' });
    const found = await get<TextSearch>('/api/v1/search/text?text=RK7S5AJ&distance=0.5');
    expect(found.texts[0]).toMatchObject({ distance: 0.5, track: { id: read!.track.id } });
    const metrics = async () => (await call('/metrics')).text();
    const counted = await waitFor(
      async () => {
        const text = await metrics();
        return /sightline_read_texts_total\{camera="gate"\} [1-9]/.test(text) ? text : undefined;
      },
      { timeoutMs: 10_000, what: 'counts' },
    );
    expect(counted).toMatch(/sightline_read_views_total\{camera="gate",reason="read"\} [1-9]/);
    expect(counted).toMatch(/sightline_read_seconds_count [1-9]/);
    expect(counted).toMatch(/sightline_events_total\{type="text\.read"\} [1-9]/);
    expect(eventsOf('wanted').filter(({ event }) => event.tracks[0]?.id === read!.track.id)).toHaveLength(1);
  }, 60_000);

  it('finds by the tracks of before what a rule about texts would have told', async () => {
    const [read] = texts();
    await configure(5);
    await waitFor(
      () => messages.find((one) => one.type === 'track.ended' && one.track.id === read!.track.id),
      { timeoutMs: 60_000, what: 'the end of the track' },
    );
    const span = { from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date(Date.now() + 1000).toISOString() }; // prettier-ignore
    // The camera is away for the moment in which it begins anew.
    const trial = (rules: object[]) =>
      waitFor(
        async () => {
          const response = await call('/api/v1/rules/try', { camera: 'gate', ...span, rules });
          return response.ok ? ((await response.json()) as RulesTrial) : undefined;
        },
        { timeoutMs: 30_000, what: 'what rules would have told' },
      );
    const told = eventsOf('wanted').find(({ event }) => event.tracks[0]?.id === read!.track.id)!;
    const same = await trial([
      { name: 'wanted', type: 'text', list: ['RK-755 AJ', 'B 777'], severity: 'alert' },
    ]);
    const again = same.events.find(({ tracks }) => tracks[0]?.id === read!.track.id);
    expect(again?.value).toEqual({ text: 'RK755AJ', entry: 'RK-755 AJ', distance: 0 });
    expect(same.gone).not.toContain(told.event.id);
    expect(same.changed.map(({ was }) => was)).not.toContain(told.event.id);
    const other = await trial([{ name: 'wanted', type: 'text', list: ['B 777'] }]);
    expect(other.events).toEqual([]);
    expect(other.gone).toContain(told.event.id);
  }, 90_000);
});
