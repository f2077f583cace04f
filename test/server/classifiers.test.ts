import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventMessage, TrackMessage } from '../../src/events/index.js';
import type { ClassifierList, ExampleList, Problem, TrackView, VersionView } from '../../src/server/index.js';
import { examplePicture } from '../classifiers/example-pictures.js';
import { waitFor } from '../support/wait-for.js';
import { setUp, signedIn } from './signed-in.js';
import { ServerUnderTest } from './server-under-test.js';

let under: ServerUnderTest;
let ada: string;
let olga: string;
let gus: string;
const frame = { width: 80, height: 100 };
const facts = { shows: [0, 0, 80, 100] as const, boxes: [[10, 10, 60, 90] as const] };
const dayMs = Date.parse('2026-05-04T09:30:00Z');

beforeAll(async () => {
  under = await ServerUnderTest.open();
  ada = await setUp(under);
  olga = await signedIn(under, 'olga', 'operator', ['gate']);
  gus = await signedIn(under, 'gus', 'viewer', ['gate']);
  const pictures = under.store.table('pictures');
  for (let i = 0; i < 20; i++) {
    const camera = i < 18 ? 'gate' : 'yard';
    const seenMs = dayMs + (i % 4) * 86_400_000;
    const time = new Date(seenMs).toISOString();
    const common = { v: 1, camera, time, epoch: 1, ptsMs: 0, frame, model: 'm@1' } as const;
    const track = { id: `t${i}`, label: 'car', score: 0.8, box: [10, 10, 60, 90] } as const;
    await under.store.journal.append({ ...common, type: 'track.started', track } satisfies TrackMessage);
    const jpeg = await examplePicture(i % 2 === 0 ? 'red' : 'blue', i);
    await pictures.write('put', { kind: 'track', id: `t${i}` }, { ...facts, camera, seenMs }, jpeg);
  }
  const event = { id: 'e', rule: { name: 'r', type: 'enter', version: '1' }, severity: 'info', tracks: [], startedAt: new Date(dayMs).toISOString() } as const; // prettier-ignore
  await under.store.journal.append({ v: 1, camera: 'gate', time: event.startedAt, type: 'event.started', event } satisfies EventMessage); // prettier-ignore
  await pictures.write('put', { kind: 'event', id: 'e' }, { ...facts, camera: 'gate', seenMs: dayMs }, await examplePicture('red', 3), 'info'); // prettier-ignore
});
afterAll(() => under.tearDown());

const send = (method: string, path: string, body?: unknown, cookie = ada) =>
  under.fetch(`/api/v1/${path}`, {
    method,
    headers: {
      cookie,
      'sec-fetch-site': 'same-origin',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const refusal = async (...args: Parameters<typeof send>) => {
  const response = await send(...args);
  return [response.status, ((await response.json()) as Problem).code];
};
const json = async <T>(...args: Parameters<typeof send>) => (await (await send(...args)).json()) as T;

describe('classifiers', () => {
  it('are made by administrators, with classes that differ', async () => {
    const body = { name: 'colour', classes: ['red', 'blue'], labels: ['car'] };
    expect(await refusal('POST', 'classifiers', body, olga)).toEqual([403, 'server/forbidden']);
    expect((await send('POST', 'classifiers', body)).status).toBe(201);
    expect(await refusal('POST', 'classifiers', body)).toEqual([409, 'classifier/exists']);
    for (const classes of [['a', 'a'], ['a', 'unsure']]) // prettier-ignore
      expect(await refusal('POST', 'classifiers', { name: 'x', classes })).toEqual([400, 'classifier/bad-classes']); // prettier-ignore
    expect(await refusal('POST', 'classifiers', { name: 'x', classes: ['a'] })).toEqual([422, 'server/invalid-body']); // prettier-ignore
    const { classifiers } = await json<ClassifierList>('GET', 'classifiers', undefined, gus);
    expect(classifiers).toMatchObject([{ name: 'colour', labels: ['car'], unsureBelow: 0.7, examples: {} }]);
  });

  it('are not trained on nothing, nor on one class', async () => {
    expect(await refusal('POST', 'classifiers/colour/train')).toEqual([409, 'classifier/too-few-examples']);
    for (let i = 0; i < 16; i += 2)
      expect((await send('POST', 'classifiers/colour/examples', { class: 'red', track: `t${i}` }, olga)).status).toBe(201); // prettier-ignore
    expect(await refusal('POST', 'classifiers/colour/train')).toEqual([409, 'classifier/too-few-examples']);
  });

  it('take examples of tracks, events and files, each once, of what the caller may see', async () => {
    const label = (body: unknown, cookie = olga) =>
      refusal('POST', 'classifiers/colour/examples', body, cookie);
    expect(await label({ class: 'red', track: 't18' })).toEqual([404, 'server/no-such-track']);
    expect(await label({ class: 'green', track: 't0' })).toEqual([400, 'classifier/no-such-class']);
    expect(await label({ class: 'red' })).toEqual([422, 'server/invalid-body']);
    expect(await label({ class: 'red', picture: 'bm8gcGljdHVyZQ==' })).toEqual([
      400,
      'classifier/bad-picture',
    ]);
    expect(await label({ class: 'red', track: 't0' }, gus)).toEqual([403, 'server/forbidden']);
    const picture = (await examplePicture('blue', 40)).toString('base64');
    for (const body of [
      { class: 'red', event: 'e' },
      { class: 'blue', picture, clip: 'files' },
      { class: 'blue', picture, clip: 'files' },
      { class: 'blue', track: 't19' },
    ])
      expect((await send('POST', 'classifiers/colour/examples', body)).status).toBe(201);
    const count = async (cookie: string) =>
      (await json<ExampleList>('GET', 'classifiers/colour/examples', undefined, cookie)).examples.length;
    expect(await count(ada)).toBe(11);
    // Neither the file, which is of no camera, nor the other camera's.
    expect(await count(olga)).toBe(9);
    const [newest] = (await json<ExampleList>('GET', 'classifiers/colour/examples')).examples;
    const at = `classifiers/colour/examples/${newest!.id}`;
    expect((await send('GET', `${at}/picture.jpg`)).headers.get('content-type')).toBe('image/jpeg');
    expect(await refusal('DELETE', at, undefined, olga)).toEqual([404, 'classifier/no-such-example']);
    expect((await send('DELETE', at)).status).toBe(204);
    expect(await count(ada)).toBe(10);
  });

  it('are in force once they are trained: on the tracks that are kept, too', async () => {
    for (let i = 1; i < 17; i += 2) await send('POST', 'classifiers/colour/examples', { class: 'blue', track: `t${i}` }); // prettier-ignore
    const response = await send('POST', 'classifiers/colour/train');
    expect(response.status).toBe(200);
    const { version, report } = (await response.json()) as VersionView;
    expect(version).toBe(1);
    expect(report.validation!.accuracy).toBeGreaterThan(0.9);
    const classOf = async (id: string) => (await json<TrackView>('GET', `tracks/${id}`)).classes?.[0];
    await waitFor(async () => (await classOf('t0')) !== undefined && (await classOf('t17')) !== undefined, {
      ...{ timeoutMs: 20_000, what: 'the kept tracks to be classified' },
    });
    expect(await classOf('t17')).toMatchObject({ classifier: 'colour', version: 1, value: 'blue' });
    expect(await classOf('t0')).toMatchObject({ value: 'red' });
  });

  it('learn from what they were wrong about', async () => {
    const { classes } = await json<TrackView>('GET', 'tracks/t17');
    expect(classes![0]!.value).toBe('blue');
    const example = await json<ExampleList['examples'][0]>('POST', 'classifiers/colour/feedback', { track: 't17' }, olga); // prettier-ignore
    expect(example).toMatchObject({ class: 'red', origin: 'feedback', source: 't17' });
  });

  it('go back to an earlier version, or to none, and are exported', async () => {
    expect((await json<VersionView>('POST', 'classifiers/colour/train')).version).toBe(2);
    const put = (version: unknown) => send('PUT', 'classifiers/colour/active', { version });
    expect(await (await put(1)).json()).toMatchObject({ active: 1 });
    expect(await refusal('PUT', 'classifiers/colour/active', { version: 9 })).toEqual([404, 'classifier/no-such-version']); // prettier-ignore
    expect(await (await put(null)).json()).not.toHaveProperty('active');
    const model = await send('GET', 'classifiers/colour/versions/2/model.onnx');
    expect(model.status).toBe(200);
    expect((await model.arrayBuffer()).byteLength).toBeGreaterThan(100_000);
    expect(await refusal('GET', 'classifiers/colour/versions/2/model.onnx', undefined, olga)).toEqual([403, 'server/forbidden']); // prettier-ignore
  });

  it('go with their examples and what they said', async () => {
    expect((await send('DELETE', 'classifiers/colour')).status).toBe(204);
    expect(await refusal('GET', 'classifiers/colour')).toEqual([404, 'classifier/not-found']);
    expect(await json<TrackView>('GET', 'tracks/t0')).not.toHaveProperty('classes');
  });
});
