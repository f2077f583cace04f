import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog, systemClock } from '../../src/base/index.js';
import type { EventMessage } from '../../src/events/index.js';
import { createMetrics } from '../../src/metrics/index.js';
import { Webhooks } from '../../src/webhooks/index.js';
import { frame, range, ServerUnderTest, status } from '../server/server-under-test.js';
import { setUp, tokenOf } from '../server/signed-in.js';
import { makeClip } from '../support/clips.js';
import { freePort } from '../support/free-port.js';
import { noRecordings } from '../support/no-recordings.js';
import { waitFor } from '../support/wait-for.js';
import { builtExample, Example, hasCurl, python, pythonWithWebSockets } from './example.js';

const withPython = python === undefined ? it.skip : it;
const withWebSockets = pythonWithWebSockets === undefined ? it.skip : it;
const withCurl = hasCurl ? it : it.skip;

let under: ServerUnderTest;
let dir: string;
let env: Record<string, string>;
let running: Example[] = [];
const built = new Map<string, string>();
const buildDir = mkdtempSync(path.join(tmpdir(), 'sightline-examples-'));

beforeAll(async () => {
  for (const name of ['follow', 'today', 'clip']) built.set(name, await builtExample(name, buildDir));
});
afterAll(() => rmSync(buildDir, { recursive: true, force: true }));
beforeEach(async () => {
  under = await ServerUnderTest.open({ port: await freePort('tcp') });
  await setUp(under);
  dir = mkdtempSync(path.join(tmpdir(), 'sightline-example-'));
  env = { SIGHTLINE_URL: under.server.url, SIGHTLINE_TOKEN: await tokenOf(under, { role: 'operator' }) };
});
afterEach(async () => {
  for (const example of running) await example.kill();
  running = [];
  await under.tearDown();
  rmSync(dir, { recursive: true, force: true });
});

function start(program: string, ...args: string[]): Example {
  const example = new Example(program, args, { cwd: dir, env });
  running.push(example);
  return example;
}

const typescript = (name: string, ...args: string[]) => start(process.execPath, built.get(name)!, ...args);

let nextId = 1;
function event(time = '2026-05-04T09:30:00.000Z'): EventMessage {
  const rule = { name: 'visitors', type: 'enter', version: '1' };
  const id = `e${nextId++}`;
  return { v: 1, camera: 'gate', time, type: 'event.started', event: { id, rule, severity: 'info', tracks: [], startedAt: time, label: 'person' } }; // prettier-ignore
}
const tellEvents = (count: number) => under.tell(...range(1, count).map(() => event()));

/** Number of the message that a line of an example is about. */
const seqOf = (line: string) =>
  line.startsWith('{') ? (JSON.parse(line) as { seq?: number }).seq : Number(line.split(' ')[0]);
const seqsOf = (...examples: Example[]) =>
  examples.flatMap(({ lines }) => lines.map(seqOf)).filter((seq) => seq !== undefined);

/** What every example that follows does: goes on over a restart of the server, and over its own. */
async function followsOverRestarts(follow: () => Example, greetings = 0): Promise<void> {
  await tellEvents(5);
  const first = follow();
  await first.untilLines(5 + greetings);
  await under.stop();
  await under.start();
  await tellEvents(5);
  await waitFor(() => seqsOf(first).length === 10, { timeoutMs: 20_000, what: `10; ${first.stdout}${first.stderr}` }); // prettier-ignore
  const position = path.join(dir, 'position');
  await waitFor(() => readFileSync(position, 'utf8').trim() === '10', { timeoutMs: 5_000, what: 'its position' }); // prettier-ignore
  await first.kill();
  await tellEvents(5);
  const second = follow();
  await waitFor(() => seqsOf(second).length === 5, { timeoutMs: 20_000, what: `5; ${second.stdout}${second.stderr}` }); // prettier-ignore
  expect(seqsOf(first, second)).toEqual(range(1, 15));
}

describe('following events loses and repeats nothing over a restart of the server and of the example', () => {
  it('in TypeScript', () => followsOverRestarts(() => typescript('follow')), 60_000);
  withPython(
    'in Python',
    () => followsOverRestarts(() => start(python!, Example.file('python/follow.py'))),
    60_000,
  );
  withCurl('with curl', () => followsOverRestarts(() => start('sh', Example.file('curl/follow.sh')), 2), 60_000); // prettier-ignore
});

async function listsToday(list: () => Example): Promise<void> {
  const now = new Date();
  const yesterday = new Date(now.getTime() - 86_400_000).toISOString();
  await under.tell(event(yesterday), ...range(1, 230).map(() => event(now.toISOString())));
  const example = list();
  expect([await example.exited(), example.stderr]).toEqual([0, '']);
  expect(example.lines).toHaveLength(230);
  expect(new Set(example.lines).size).toBe(230);
}

async function downloads(download: (event: string, file: string) => Example): Promise<void> {
  const movie = readFileSync((await makeClip({ container: 'mp4' })).path);
  under.recordings = {
    ...noRecordings,
    clip: () =>
      Promise.resolve({
        ranges: [{ fromMs: 0, toMs: 4000 }],
        bytes: movie.length,
        etag: 'a',
        async *read(first: number, end: number) {
          yield await Promise.resolve(movie.subarray(first, end));
        },
        close: () => Promise.resolve(),
      }),
  };
  const [told] = await under.tell(event());
  const file = path.join(dir, 'clip.mp4');
  const example = download((told as EventMessage).event.id, file);
  expect([await example.exited(), example.stderr]).toEqual([0, '']);
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  expect(hash(readFileSync(file))).toBe(hash(movie));
}

describe('the other examples', () => {
  withWebSockets('Python follows events and frames over the WebSocket', async () => {
    await tellEvents(3);
    const example = start(pythonWithWebSockets!, Example.file('python/follow_websocket.py'));
    await example.untilLines(3);
    under.server.publishFrame(frame(1));
    await example.untilLines(4);
    expect(example.lines.slice(0, 3).map(seqOf)).toEqual([1, 2, 3]);
    expect(example.lines[3]).toBe('frame gate 1');
  });

  it("lists today's events over several pages in TypeScript", () =>
    listsToday(() => typescript('today', 'gate')));
  withPython("lists today's events over several pages in Python", () =>
    listsToday(() => start(python!, Example.file('python/today.py'), 'gate')),
  );

  it('downloads a clip in TypeScript', () => downloads((id, file) => typescript('clip', id, file)));
  withCurl('downloads a clip with curl', () =>
    downloads((id, file) => start('sh', Example.file('curl/clip.sh'), id, file)),
  );

  withPython(
    'Python takes signed webhooks once each, and refuses what is signed by somebody else',
    async () => {
      const secret = 'lamp-otter-quartz-seven';
      env = { ...env, SIGHTLINE_WEBHOOK_SECRET: secret };
      const example = start(python!, Example.file('python/webhook.py'));
      await example.untilLines(1);
      const url = example.lines[0]!.replace('listening on ', '');
      const metrics = createMetrics({ clock: systemClock });
      const { journal } = under.store;
      const table = under.store.table('readers');
      const webhooks = new Webhooks({ journal, table, metrics, clock: systemClock, log: silentLog });
      const hook = { url, topics: ['camera'] as const, cameras: '*' as const };
      await webhooks.apply([
        { id: 'genuine', secret, ...hook },
        { id: 'forged', secret: `${secret}-not`, ...hook },
      ]);
      await under.tell(status('a'), status('b'));
      webhooks.wake();
      await example.untilLines(3);
      await waitFor(async () => /webhook_deliveries_total\{reason="rejected"\} [1-9]/.test(await metrics.text()), { timeoutMs: 10_000, what: 'a refusal' }); // prettier-ignore
      expect(example.lines.slice(1)).toEqual(['1 camera.status gate', '2 camera.status gate']);
      await webhooks.close();
      metrics.close();
    },
  );
});
