import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { EventMessage, TrackMessage } from '../../src/events/index.js';
import { OPERATIONS } from '../../src/server/openapi/operations.js';
import { titleOf } from '../../src/server/openapi/document.js';
import { routesOf, type Route } from '../../src/server/index.js';
import { setUp, signedIn, tokenOf } from './signed-in.js';
import { ServerUnderTest } from './server-under-test.js';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: object;
}
interface Described {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly 'application/json'?: { readonly schema: Schema } } };
  readonly responses: Readonly<Record<string, Answer>>;
}
interface Answer {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
}
interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly responses: Readonly<Record<string, Answer>> };
}

const ROUNDS_PER_ROUTE = 40;
const routes = routesOf({ access: {}, dependencies: { accounts: {} }, system: () => undefined } as never);
let under: ServerUnderTest;
let token: string;
let openApi: Document;

beforeAll(async () => {
  under = await ServerUnderTest.open();
  under.snapshot = () => Promise.resolve(Buffer.from('a picture'));
  under.models = [{ id: 'gate', state: 'ready', cameras: ['gate'], labels: ['person'], input: { multipleOf: 32 }, speed: { pictures: 1, window: 1, p50Ms: 20.5, p95Ms: 20.5 } }]; // prettier-ignore
  under.stages = { windowSeconds: 10, windows: [{ from: '2026-05-04T09:30:00.000Z', stages: { decode: { p50Ms: 1.5, p95Ms: 3 } }, frames: { received: 250, decoded: 50, skipped: 200, analysed: 50 }, dropped: { replaced: 1 } }] }; // prettier-ignore
  under.trySource = () => Promise.resolve({ state: 'live', codec: 'avc1.64001e', width: 640, height: 360, transcoded: false, firstPictureMs: 300, picture: Buffer.from('a picture') }); // prettier-ignore
  await setUp(under);
  await signedIn(under, 'vera', 'viewer');
  token = await tokenOf(under, { role: 'admin' });
  const track = { id: 'gate-x-1', label: 'person', score: 0.8, box: [1, 2, 3, 4] as const };
  const common = { v: 1, camera: 'gate', time: '2026-05-04T09:30:00.000Z', epoch: 1, ptsMs: 0, frame: { width: 640, height: 360 }, model: 'm@1' } as const; // prettier-ignore
  const begun: TrackMessage = { ...common, type: 'track.started', track };
  const happened: EventMessage = {
    ...common,
    type: 'event.started',
    event: { id: 'e1', rule: { name: 'r', type: 'enter', version: '1' }, severity: 'info', tracks: [track], startedAt: common.time }, // prettier-ignore
  };
  for (const message of [begun, happened]) await under.store.journal.append(message);
  await under.store.journal.append({ ...begun, type: 'track.ended' }, new Uint8Array(10));
  openApi = (await (await under.fetch('/api/v1/openapi.json')).json()) as Document;
});
afterAll(() => under.tearDown());

// A generator of its own, so that a failure comes again.
let state = 7;
const random = (below: number) => {
  state = (state * 1664525 + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};
const oneOf = <T>(values: readonly T[]): T => values[random(values.length)]!;

const STRINGS = ['', 'gate', 'rtsp://gate.lan/1', 'http://169.254.169.254/', 'e1', 'gate-x-1', 'none', '*', '0', '1', '-1', '500', '1e9', 'true', 'false', 'null', '2026-05-04T09:30:00Z', '2026-05-05T00:00:00+02:00', '9999-12-31T23:59:59Z', '2026-13-99', '../../etc/passwd', '%00', 'ä€😀', "' OR 1=1 --", '<script>', '__proto__', 'constructor', 'a'.repeat(3000), 'MTIuMTI', 'person', 'admin', 'info']; // prettier-ignore
const NUMBERS = [0, 1, -1, 0.5, 640, 1e9, -1e9, Number.MAX_SAFE_INTEGER, 1e308];

function anyValue(depth = 0): unknown {
  switch (random(depth > 3 ? 4 : 7)) {
    case 0:
      return oneOf(STRINGS);
    case 1:
      return oneOf(NUMBERS);
    case 2:
      return random(2) === 0;
    case 3:
      return null;
    case 4:
      return Array.from({ length: random(5) }, () => anyValue(depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random(4) }, () => [oneOf(STRINGS), anyValue(depth + 1)]),
      );
  }
}

/** A value that mostly fits a schema, so that not everything is refused at the door. */
function nearly(schema: Schema): unknown {
  if (random(8) === 0) return anyValue();
  if (schema.enum !== undefined) return oneOf(schema.enum);
  if (schema.anyOf !== undefined) return nearly(oneOf(schema.anyOf));
  switch (schema.type ?? 'any') {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(() => random(8) > 0)
          .map(([name, inner]) => [name, nearly(inner)]),
      );
    case 'string':
      return oneOf(STRINGS);
    case 'integer':
    case 'number':
      return oneOf(NUMBERS);
    case 'boolean':
      return random(2) === 0;
    case 'array':
      return Array.from({ length: 4 }, () => oneOf(NUMBERS));
    default:
      return anyValue();
  }
}

function requestFor({ method = 'GET', path }: Route): {
  readonly address: string;
  readonly body: string | undefined;
  readonly init: RequestInit;
} {
  const { parameters = [], requestBody } = described({ method, path });
  const inPath = (name: string) => encodeURIComponent(name === 'id' || name === 'camera' ? oneOf([oneOf(STRINGS), 'gate', 'e1', 'gate-x-1']) || '-' : oneOf(STRINGS) || '-'); // prettier-ignore
  const query = new URLSearchParams();
  for (const { name } of parameters.filter(({ in: place }) => place === 'query'))
    for (let times = random(4) === 0 ? 2 : random(2); times > 0; times--) query.append(name, oneOf(STRINGS));
  if (random(10) === 0) query.append(oneOf(STRINGS), oneOf(STRINGS));
  const address = `${path.replace(/:(\w+)/g, (_, name: string) => inPath(name))}${query.size > 0 ? `?${query.toString()}` : ''}`;
  const schema = requestBody?.content['application/json']?.schema;
  const body = schema === undefined ? undefined : random(20) === 0 ? oneOf(['', '{', '[]', 'nul']) : JSON.stringify(nearly(schema)); // prettier-ignore
  const inHeader = parameters.filter((one) => one.in === 'header' && (one.required || random(2) === 0));
  const headers = {
    ...Object.fromEntries(inHeader.map(({ name }) => [name, oneOf(['*', '"x"', 'W/"x"', 'x', '"a", "b"'])])),
    authorization: `Bearer ${token}`,
    ...(body !== undefined && { 'content-type': random(15) === 0 ? 'text/plain' : 'application/json' }),
  };
  return {
    address,
    body,
    init: { method, headers, redirect: 'manual', ...(body !== undefined && { body }) },
  };
}

function described({ method = 'GET', path }: Pick<Route, 'method' | 'path'>): Described {
  return openApi.paths[path.replace(/:(\w+)/g, '{$1}')]![method.toLowerCase()]!;
}

describe('the OpenAPI document', () => {
  it('has every route, and nothing else', () => {
    expect(Object.keys(OPERATIONS).sort()).toEqual(routes.map(titleOf).sort());
    const told = Object.entries(openApi.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`)); // prettier-ignore
    expect(told.sort()).toEqual(routes.map((route) => titleOf(route).replace(/:(\w+)/g, '{$1}')).sort());
    expect(openApi.openapi).toBe('3.1.0');
  });

  it('refers to nothing that it does not have, and names every part of a path', () => {
    const references = [...JSON.stringify(openApi).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, to]) => to!);
    expect(references.length).toBeGreaterThan(routes.length);
    for (const reference of new Set(references))
      expect(reference.split('/').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], openApi)).toBeDefined(); // prettier-ignore
    for (const [path, methods] of Object.entries(openApi.paths))
      for (const { parameters = [] } of Object.values(methods))
        expect(parameters.filter(({ in: place }) => place === 'path').map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []); // prettier-ignore
  });

  it('tells the names and limits of what is asked', () => {
    const events = described({ path: '/api/v1/events' }).parameters!;
    expect(events.map(({ name }) => name)).toEqual(expect.arrayContaining(['camera', 'from', 'to', 'limit', 'cursor', 'severity'])); // prettier-ignore
    expect(events.every(({ required }) => !required)).toBe(true);
    const follow = described({ method: 'POST', path: '/api/v1/cameras/:id/follow' });
    expect(Object.keys(follow.requestBody!.content['application/json']!.schema.properties!)).toEqual(['box', 'label']); // prettier-ignore
  });
});

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
const validators = new Map<object, ValidateFunction>();
let asked = 0;

/** What is wrong with an answer by what the document says of it, and by nothing else. */
function faultOf(told: Answer, response: Response, text: string, isEndless: boolean): string | undefined {
  const { content, headers = {} } = told.$ref === undefined ? told : openApi.components.responses[told.$ref.split('/').at(-1)!]!; // prettier-ignore
  for (const [name, { required = false }] of Object.entries(headers))
    if (required && !response.headers.has(name)) return `the header ${name} is missing`;
  if (content === undefined) return text === '' ? undefined : 'a body that is not told of';
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const schema = content[type]?.schema;
  if (schema === undefined) return `the type ${type} is not told of`;
  if (isEndless || !type.endsWith('json')) return undefined;
  let validate = validators.get(schema);
  // References begin at the whole document.
  if (validate === undefined) validators.set(schema, (validate = ajv.compile({ ...schema, components: openApi.components }))); // prettier-ignore
  return validate(JSON.parse(text)) ? undefined : ajv.errorsText(validate.errors);
}

describe('every route, asked at random', () => {
  it.each(routes.map((route) => [titleOf(route), route] as const))(
    '%s answers as the document says',
    async (title, route) => {
      const { status: success = 200 } = OPERATIONS[title]!;
      for (let round = 0; round < ROUNDS_PER_ROUTE; round++) {
        const { address, body, init } = requestFor(route);
        const response = await under.fetch(address, init);
        const isEndless = response.headers.get('content-type') === 'text/event-stream';
        const text = isEndless ? '' : await response.text();
        if (isEndless) await response.body!.cancel();
        asked++;
        const what = `${init.method} ${address.slice(0, 300)} ${(body ?? '').slice(0, 300)} → ${response.status} ${text.slice(0, 300)}`;
        // A name of no letters makes another address, which may have less to say.
        const known = described(route).responses[response.status];
        expect([what, known !== undefined]).toEqual([what, true]);
        expect([what, response.status < 500 || response.status === 503]).toEqual([what, true]);
        expect([what, faultOf(known!, response, text, isEndless)]).toEqual([what, undefined]);
        if (response.status < 400) expect([what, response.status]).toEqual([what, success]);
      }
    },
    60_000,
  );

  it('is more than a thousand questions', () => {
    expect(asked).toBeGreaterThanOrEqual(1000);
  });
});
