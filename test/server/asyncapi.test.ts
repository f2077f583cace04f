import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { DurableMessage } from '../../src/events/index.js';
import { SOCKETS } from '../../src/server/sockets.js';
import { SERVER_MESSAGES } from '../../src/server/stream-messages.js';
import { SseReader } from './sse-reader.js';
import { frame, ServerUnderTest, status } from './server-under-test.js';

interface Document {
  readonly asyncapi: string;
  readonly channels: Readonly<Record<string, { readonly address: string }>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const require = createRequire(import.meta.url);
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);

let under: ServerUnderTest;
let document: Document;
let validators: Map<string, ValidateFunction>;
beforeAll(async () => {
  under = await ServerUnderTest.open({ retentionCount: 10 });
  document = (await (await under.fetch('/api/v1/asyncapi.json')).json()) as Document;
  validators = new Map(Object.entries(document.components.schemas).map(([name, schema]) => [name, ajv.compile(schema)])); // prettier-ignore
});
afterAll(() => under.tearDown());

const time = '2026-05-04T09:30:00.000Z';
const track = { id: 'gate-x-1', label: 'person', score: 0.8, box: [1, 2, 3, 4] as const };
const seen = { v: 1, camera: 'gate', time, epoch: 1, ptsMs: 0, frame: { width: 640, height: 360 }, model: 'm@1' } as const; // prettier-ignore
const event = {
  id: 'e1',
  rule: { name: 'r', type: 'line', version: '1' },
  severity: 'info',
  line: 'door',
  label: 'person',
  tracks: [track],
  startedAt: time,
  value: { direction: 'in', counts: { in: { person: 1 }, out: {}, since: time } },
} as const;
/** At least one of each durable type. */
const DURABLE: readonly DurableMessage[] = [
  { ...seen, type: 'track.started', track },
  { ...seen, type: 'track.renamed', track, was: { label: 'dog' } },
  { ...seen, type: 'track.merged', track, into: 'gate-x-0' },
  {
    ...{ v: 1, camera: 'gate', time, type: 'track.classified', track: { id: 'gate-x-1', label: 'person' } },
    class: { classifier: 'coat', version: 1, value: 'dark', confidence: 0.9 },
  },
  {
    ...{ ...seen, type: 'text.read', track },
    text: {
      ...{ value: 'AB1', confidence: 0.9, views: 2, fitsPattern: true },
      characters: [{ value: 'A', confidence: 0.9 }],
      seen: { ptsMs: 5, box: track.box, polygon: [[0, 0], [9, 0], [9, 2], [0, 2]] }, // prettier-ignore
    },
    was: { value: 'AB7' },
  },
  { ...seen, type: 'track.ended', track },
  { ...seen, type: 'event.started', event },
  { ...seen, type: 'event.updated', event, before: { label: 'dog' } },
  { v: 1, camera: 'gate', time, type: 'event.ended', event: { ...event, endedAt: time, ending: 'over' } },
  { v: 1, camera: '*', time, type: 'config.changed', cameras: { added: [], removed: [], changed: ['gate'] } },
  status('live'),
];

/** Names of the server's messages whose schema a message fits. */
const namesOf = (message: unknown) =>
  Object.keys(SERVER_MESSAGES).filter((name) => validators.get(name)!(message));

describe('the AsyncAPI document', () => {
  it('is valid AsyncAPI 3.0', () => {
    const schema = JSON.parse(readFileSync(require.resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json'), 'utf8')) as object; // prettier-ignore
    const validate = ajv.compile(schema);
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ ...document, channels: { stream: { address: 5 } } })).toBe(false);
  });

  it('has a channel for every WebSocket of the server', () => {
    const addresses = Object.values(document.channels).map(({ address }) => address);
    for (const { path } of SOCKETS) expect(addresses).toContain(path.replace(':id', '{id}'));
    expect(SOCKETS.length).toBe(3);
  });

  it('refers to nothing that it does not have', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, to]) => to!);
    expect(references.length).toBeGreaterThan(40);
    for (const reference of references)
      expect(reference.split('/').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], document)).toBeDefined(); // prettier-ignore
  });

  it('has one schema for every message that a server sends, on both transports', async () => {
    for (let n = 0; n < 12; n++) await under.tell(status(`before ${n}`));
    const socket = await under.stream();
    await socket.subscribe({ since: 1 });
    const events = await SseReader.open(under, '/api/v1/stream/sse?topic=event&topic=track&topic=camera&topic=frame&since=1'); // prettier-ignore
    await events.next('subscribed');
    const told = await under.tell(...DURABLE);
    for (const reader of [socket, events]) await reader.untilSeq(told.at(-1)!.seq);
    under.server.publishFrame(frame(1));
    for (const reader of [socket, events]) await reader.next('frame');
    socket.send({ type: 'shout' });
    socket.send({ type: 'ping' });
    socket.send({ type: 'unsubscribe' });
    await socket.next('unsubscribed');

    const overSocket = socket.received.map((message) => [message.type, namesOf(message)]);
    const overSse = events.received.map((message) => [message.type, namesOf(message)]);
    expect(overSocket.filter(([, names]) => names!.length !== 1)).toEqual([]);
    expect(overSse.filter(([, names]) => names!.length !== 1)).toEqual([]);
    expect([...new Set(overSocket.flatMap(([, names]) => names!))].sort()).toEqual(Object.keys(SERVER_MESSAGES).sort()); // prettier-ignore
    await events.close();
  });

  it('knows a message that a client may not send', () => {
    const subscribe = validators.get('Subscribe')!;
    expect(subscribe({ type: 'subscribe', cameras: '*', topics: ['event'], since: 3 })).toBe(true);
    expect(subscribe({ type: 'subscribe', cameras: ['../x'], topics: ['event'] })).toBe(false);
  });
});
