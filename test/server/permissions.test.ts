import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ALL_PERMISSIONS,
  PERMISSIONS_OF,
  ROLES,
  type Permission,
  type Role,
} from '../../src/access/index.js';
import {
  CAMERA_PERMISSIONS,
  MESSAGE_PERMISSIONS,
  routesOf,
  SOCKETS,
  type Problem,
  type Route,
} from '../../src/server/index.js';
import { setUp, signedIn, tokenOf } from './signed-in.js';
import { ServerUnderTest, StreamReader } from './server-under-test.js';

/** What anybody may call: nothing here tells of cameras or people. */
const OPEN_TO_ALL = [
  'GET /livez',
  'GET /readyz',
  'GET /api/v1/openapi.json',
  'GET /api/v1/asyncapi.json',
  'GET /api/v1/session',
  'POST /api/v1/setup',
  'POST /api/v1/login',
  'POST /api/v1/oidc/start',
  'POST /api/v1/oidc/finish',
];
/** Codes that say "you may not", whatever the request was. */
const REFUSALS = ['server/auth-required', 'server/forbidden'];

let under: ServerUnderTest;
const cookies = new Map<Role, string>();
const tokens = new Map<Role, string>();
/** An operator of one camera, which is not `gate`. */
let limited: string;
beforeAll(async () => {
  under = await ServerUnderTest.open();
  under.snapshot = () => Promise.resolve(Buffer.from('a picture'));
  under.pushTarget = { open: () => ({ write: () => undefined, close: () => undefined }) };
  cookies.set('admin', await setUp(under));
  cookies.set('operator', await signedIn(under, 'olga', 'operator'));
  cookies.set('viewer', await signedIn(under, 'vera', 'viewer'));
  limited = await signedIn(under, 'yara', 'operator', ['yard']);
  for (const role of ROLES) tokens.set(role, await tokenOf(under, { role }));
});
afterAll(() => under.tearDown());

// The table itself, as the server builds it: whoever adds a route is walked here without doing anything for it.
const routes = routesOf({ access: {}, dependencies: { accounts: {} }, system: () => undefined } as never);
const titleOf = ({ method = 'GET', path }: Route) => `${method} ${path}`;
const rows = routes.map((route) => [titleOf(route), route] as const);
const pathOf = (route: Route) => route.path.replace('/cameras/:id', '/cameras/gate').replace(/:\w+/g, 'none');

async function codeOf(
  route: Route,
  headers: Record<string, string>,
): Promise<{ status: number; code: string }> {
  const { method = 'GET' } = route;
  // Logging out would end the session that later rows need: a body of a wrong type is refused after the permission was looked at.
  const body = method === 'GET' ? {} : { body: 'x', headers: { ...headers, 'content-type': 'text/plain' } };
  const response = await under.fetch(pathOf(route), { method, headers, redirect: 'manual', ...body });
  const type = response.headers.get('content-type') ?? '';
  // A stream has no end: that it begins is the answer.
  if (type === 'text/event-stream')
    return await response.body!.cancel().then(() => ({ status: 200, code: '' }));
  const text = await response.text();
  const isProblem = type.includes('problem');
  return { status: response.status, code: isProblem ? (JSON.parse(text) as Problem).code : '' };
}
const withCookie = (role: Role) => ({ cookie: cookies.get(role)!, origin: under.server.url });
const withToken = (role: Role) => ({ authorization: `Bearer ${tokens.get(role)}` });

describe('every route', () => {
  it('is found, and is called once', () => {
    expect(routes.length).toBeGreaterThan(20);
    expect(new Set(routes.map(titleOf)).size).toBe(routes.length);
  });

  it('names a permission that somebody has; those for everyone are the ones that are meant to be', () => {
    for (const { permission } of routes) expect(ALL_PERMISSIONS).toContain(permission);
    const open = routes.filter(({ permission }) => ['health', 'dashboard', 'session'].includes(permission));
    expect(open.map(titleOf).sort()).toEqual([...OPEN_TO_ALL].sort());
  });

  it('changes nothing by GET', () => {
    const read = routes.filter(({ method = 'GET' }) => method === 'GET');
    for (const { path } of read) expect(path).not.toMatch(/login|logout|setup|delete|create/);
  });

  it('about cameras says of which one it is, or that it leaves out those that the caller may not see', () => {
    const about = routes.filter(
      ({ permission, path }) => CAMERA_PERMISSIONS.has(permission) || /:camera|cameras/.test(path),
    );
    expect(about.length).toBeGreaterThan(2);
    const silent = about.filter(
      ({ cameraOf, filtersCameras }) => (cameraOf === undefined) === (filtersCameras === undefined),
    );
    expect(silent.map(titleOf)).toEqual([]);
  });

  it.each(rows.filter(([, route]) => route.cameraOf !== undefined))(
    'Z1: %s is the same for a foreign camera as for one that is not there',
    async (_title, route) => {
      const cookie = { cookie: limited, origin: under.server.url };
      const answers = await Promise.all(
        ['gate', 'nowhere'].map(async (camera) => {
          const address = route.path
            .replace('/cameras/:id', `/cameras/${camera}`)
            .replace(':camera', camera)
            .replace(/:\w+/g, 'none');
          const response = await under.fetch(address, { method: route.method ?? 'GET', headers: cookie });
          return { status: response.status, body: await response.text() };
        }),
      );
      expect(answers[0]).toEqual(answers[1]);
      expect(answers[0]!.status).toBe(404);
    },
  );

  it.each(rows)('A1: %s is refused without credentials, and only then', async (title, route) => {
    const answer = await codeOf(route, {});
    if (OPEN_TO_ALL.includes(title)) expect(REFUSALS).not.toContain(answer.code);
    else expect(answer).toEqual({ status: 401, code: 'server/auth-required' });
  });

  it.each(rows.flatMap(([title, route]) => ROLES.map((role) => [title, role, route] as const)))(
    '%s does for a session of a %s what the table says',
    async (_title, role, route) => {
      const { status, code } = await codeOf(route, withCookie(role));
      if (PERMISSIONS_OF[role].has(route.permission)) expect(REFUSALS).not.toContain(code);
      else expect({ status, code }).toEqual({ status: 403, code: 'server/forbidden' });
    },
  );

  it.each(rows.flatMap(([title, route]) => ROLES.map((role) => [title, role, route] as const)))(
    '%s does for a token of a %s what the table says, but what only people have',
    async (_title, role, route) => {
      const { status, code } = await codeOf(route, withToken(role));
      const may = PERMISSIONS_OF[role].has(route.permission) && route.permission !== 'account';
      if (may) expect(REFUSALS).not.toContain(code);
      else expect({ status, code }).toEqual({ status: 403, code: 'server/forbidden' });
    },
  );

  it.each(rows)(
    'Z7: %s answers other methods with 405 or a refusal, never with a change',
    async (_title, route) => {
      const known = routes.filter(({ path }) => path === route.path).map(({ method = 'GET' }) => method);
      const others = (['POST', 'PUT', 'PATCH', 'DELETE'] as const).filter(
        (method) => !known.includes(method),
      );
      for (const method of others) {
        const response = await under.fetch(pathOf(route), { method, headers: withCookie('admin') });
        expect([response.status, response.headers.get('allow') !== null]).toEqual([405, true]);
      }
    },
  );
});

describe('every WebSocket', () => {
  const addresses = SOCKETS.map(({ path, permission }): [string, Permission] => [
    path.replace(':id', 'gate'),
    permission,
  ]);

  it.each(addresses)(
    '%s: A1, W3: is refused before the upgrade without credentials',
    async (address, _permission) => {
      const socket = under.webSocket(address);
      const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
      expect(response.statusCode).toBe(401);
    },
  );

  it.each(
    addresses.flatMap(([address, permission]) => ROLES.map((role) => [address, role, permission] as const)),
  )('%s does for a %s what the table says, by session and by token', async (address, role, permission) => {
    const may = PERMISSIONS_OF[role].has(permission);
    for (const headers of [withCookie(role), withToken(role)]) {
      const socket = under.webSocket(address, [], { headers });
      const answer = await Promise.race([
        once(socket, 'open').then(() => 'open'),
        once(socket, 'unexpected-response').then(([, response]) => (response as IncomingMessage).statusCode),
      ]);
      expect(answer).toBe(may ? 'open' : 403);
      socket.terminate();
    }
  });

  it.each(SOCKETS.filter(({ path }) => path.includes(':id')))(
    'Z1: $path is the same for a foreign camera as for one that is not there, and needs its own page',
    async ({ path }) => {
      const open = async (camera: string, headers: Record<string, string>) => {
        const socket = under.webSocket(path.replace(':id', camera), [], { headers });
        const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
        return response.statusCode;
      };
      const cookie = { cookie: limited, origin: under.server.url };
      expect(await Promise.all([open('gate', cookie), open('nowhere', cookie)])).toEqual([404, 404]);
      expect(await open('gate', { ...withCookie('admin'), origin: 'https://elsewhere.example' })).toBe(403);
    },
  );

  it.each(addresses)(
    '%s is refused to a token that may something else only',
    async (address, _permission) => {
      const secret = await tokenOf(under, { role: 'admin', only: ['metrics'] });
      const socket = under.webSocket(address, [], { headers: { authorization: `Bearer ${secret}` } });
      const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
      expect(response.statusCode).toBe(403);
      const metrics = await under.fetch('/metrics', { headers: { authorization: `Bearer ${secret}` } });
      expect(metrics.status).toBe(200);
    },
  );

  it.each(Object.entries(MESSAGE_PERMISSIONS))(
    'the message %s needs %s, which viewers have',
    async (type, permission) => {
      expect(ALL_PERMISSIONS).toContain(permission);
      const reader = new StreamReader(
        under.webSocket('/api/v1/stream', [], { headers: withCookie('viewer') }),
      );
      await reader.next('hello');
      reader.send({ type, cameras: '*', topics: ['camera'] });
      await reader.next(type === 'ping' ? 'pong' : type === 'subscribe' ? 'subscribed' : 'unsubscribed');
      expect(reader.received.filter((message) => message.type === 'error')).toEqual([]);
      reader.socket.terminate();
    },
  );
});
