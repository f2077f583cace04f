import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { App } from '../../src/app/index.js';
import { silentLog } from '../../src/base/index.js';
import { loadConfig } from '../../src/config/index.js';
import type { EventPage, Readiness, RulesTrial, TrackView, VersionView } from '../../src/server/protocol.js';
import { ffmpegPrograms } from '../support/clips.js';
import { runFfmpeg } from '../support/run-ffmpeg.js';
import { waitFor } from '../support/wait-for.js';

const demo = path.resolve('streams/demo.mp4');
const describeWithDemo = existsSync(demo) ? describe : describe.skip;
/** Pictures of the demo that the classifier learns from, seconds. */
const TAUGHT_S = [2, 6, 10, 14, 18, 22, 26];
const FPS = 15;

interface Truth {
  readonly index: number;
  readonly objects: readonly {
    readonly track: number;
    readonly label: string;
    readonly box: readonly [number, number, number, number] | null;
    readonly visibility: number;
  }[];
}

describeWithDemo('a rule about a classifier of one’s own', () => {
  let dir: string;
  let app: App;
  let cookie: string;

  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-classes-'));
    const configPath = path.join(dir, 'sightline.yaml');
    await writeFile(
      configPath,
      `server: { port: 0 }
data: { dir: data }
engine: { workers: 1 }
cameras:
  demo:
    source: ${demo}
    analyse: { fps: 5 }
    rules: [{ name: walkers, type: classifier, classifier: kind, classes: [walker], confidenceMin: 0.8 }]
`,
    );
    app = await App.open({ config: await loadConfig(configPath, {}), configPath, env: {}, version: '0', log: silentLog }); // prettier-ignore
    const set = await call('POST', '/api/v1/setup', { code: app.setupCode, name: 'ada', password: 'lamp otter quartz' }); // prettier-ignore
    cookie = set.headers.getSetCookie()[0]!.split(';')[0]!;
  }, 60_000);
  afterAll(async () => {
    await app.close();
    await rm(dir, { recursive: true, force: true });
  });

  function call(method: string, address: string, body?: unknown): Promise<Response> {
    return fetch(new URL(address, app.url), {
      method,
      headers: { origin: app.url, ...(cookie && { cookie }), ...(body !== undefined && { 'content-type': 'application/json' }) }, // prettier-ignore
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
  const get = async <T>(address: string): Promise<T> => (await (await call('GET', address)).json()) as T;
  const warnings = async () => (await get<Readiness>('/readyz')).warnings ?? [];

  /** The objects of a picture of the demo that are seen well, as they are called. */
  async function teach(second: number): Promise<void> {
    const file = path.join(dir, `${second}.jpg`);
    const cut = ['-ss', String(second), '-i', demo, '-frames:v', '1', '-q:v', '2', '-y', file];
    expect((await runFfmpeg(ffmpegPrograms[0]!.path, cut, { timeoutMs: 20_000 })).exitCode).toBe(0);
    const picture = (await readFile(file)).toString('base64');
    const { objects } = truth.find(({ index }) => index === second * FPS)!;
    for (const { label, box, visibility, track } of objects) {
      if (box === null || visibility < 0.9 || box[3] - box[1] < 40) continue;
      const [x1, y1, x2, y2] = box;
      const shares = [x1 / 640, y1 / 360, x2 / 640, y2 / 360];
      const body = { class: label === 'person' ? 'walker' : 'vehicle', picture, box: shares, clip: `track ${track}` }; // prettier-ignore
      expect((await call('POST', '/api/v1/classifiers/kind/examples', body)).status).toBe(201);
    }
  }

  it('waits for it, then tells objects of the class with the answer and the version behind it', async () => {
    expect(await warnings()).toContainEqual(expect.stringContaining('rule walkers of camera demo waits for'));
    await call('POST', '/api/v1/classifiers', { name: 'kind', classes: ['walker', 'vehicle'] });
    for (const second of TAUGHT_S) await teach(second);
    const trained = (await (await call('POST', '/api/v1/classifiers/kind/train')).json()) as VersionView;
    expect(trained.report.validation!.accuracy).toBeGreaterThan(0.8);
    expect(await warnings()).not.toContainEqual(expect.stringContaining('walkers'));

    const ended = await waitFor(
      async () => {
        const { events } = await get<EventPage>('/api/v1/events?rule=walkers');
        const over = events.filter(({ event }) => event.endedAt !== undefined);
        return over.length >= 3 ? over : undefined;
      },
      { timeoutMs: 90_000, what: 'three walkers come and gone' },
    );
    for (const { event } of ended) {
      expect(event.value!.class).toMatchObject({ classifier: 'kind', version: 1, value: 'walker' });
      expect(event.value!.class!.confidence).toBeGreaterThanOrEqual(0.8);
    }
    // What they are by another's word: the detector's.
    const people = ended.filter(({ event }) => event.label === 'person');
    expect(people.length).toBeGreaterThan(ended.length / 2);
  }, 150_000);

  it('finds by a trial what was told, and by another class what was not', async () => {
    const told = await get<EventPage>('/api/v1/events?rule=walkers');
    const ids = told.events.map(({ event }) => event.tracks[0]!.id);
    const tracks = await Promise.all(ids.map((id) => get<TrackView>(`/api/v1/tracks/${id}`)));
    // What is kept is the answer about a track's best view, which may be another one than that by which it was told.
    const stored = tracks.find(
      ({ endedAt, classes = [] }) =>
        endedAt !== undefined &&
        classes.some(({ value, confidence }) => value === 'walker' && confidence >= 0.8),
    )!;
    expect(stored.classes).toContainEqual(expect.objectContaining({ classifier: 'kind', value: 'walker' }));
    const span = { from: new Date(Date.now() - 600_000).toISOString(), to: new Date().toISOString() };
    const trial = async (keys: object): Promise<RulesTrial> => {
      const rules = [{ name: 'walkers', type: 'classifier', classifier: 'kind', ...keys }];
      return (await (await call('POST', '/api/v1/rules/try', { camera: 'demo', ...span, rules })).json()) as RulesTrial; // prettier-ignore
    };
    const same = await trial({ classes: ['walker'], confidenceMin: 0.8 });
    expect(same.events.map(({ tracks }) => tracks[0]!.id)).toContain(stored.id);
    const other = await trial({ classes: ['vehicle'] });
    expect(other.events.length).toBeGreaterThan(0);
    expect(other.events.map(({ tracks }) => tracks[0]!.id)).not.toContain(stored.id);
  }, 60_000);
});

const truth = existsSync(demo)
  ? readFileSync('streams/demo.truth.jsonl', 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => JSON.parse(line) as Truth)
  : [];
