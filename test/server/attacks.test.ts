import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/server/index.js';
import { waitFor } from '../support/wait-for.js';
import { cookieOf, PASSWORD, post, setUp, signedIn, signIn, tokenOf } from './signed-in.js';
import { gate, ServerUnderTest, status, StreamReader } from './server-under-test.js';

// The titles name the rows of the attack matrix in design/access.md.
let under: ServerUnderTest;
let admin: Record<string, string>;
beforeAll(async () => {
  under = await ServerUnderTest.open();
  under.snapshot = () => Promise.resolve(Buffer.from('a picture'));
  admin = as(await setUp(under));
});
afterAll(() => under.tearDown());

const as = (cookie: string) => ({ cookie, origin: under.server.url });
const get = (address: string, headers: Record<string, string> = {}) => under.fetch(address, { headers });
const send = (method: string, address: string, body: unknown, headers: Record<string, string>) =>
  under.fetch(address, {
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
async function outcome(response: Response): Promise<string> {
  const text = await response.text();
  const isProblem = response.headers.get('content-type')?.includes('problem') ?? false;
  return isProblem ? `${response.status} ${(JSON.parse(text) as Problem).code}` : String(response.status);
}
async function upgrade(headers: Record<string, string>): Promise<number> {
  const socket = under.webSocket('/api/v1/stream', [], { headers });
  const answer = await Promise.race([
    once(socket, 'open').then(() => 101),
    once(socket, 'unexpected-response').then(([, response]) => (response as IncomingMessage).statusCode ?? 0),
  ]);
  socket.terminate();
  return answer;
}

describe('A: who one is', () => {
  it('A2: five wrong passwords in a minute are borne, whoever is named; then that address waits', async () => {
    for (const name of ['ada', 'nobody-of-that-name']) {
      const answers = [];
      for (let n = 0; n < 6; n++)
        answers.push(await post(under, '/api/v1/login', { name, password: `wrong password ${n}` }));
      const bodies = await Promise.all(answers.map((answer) => answer.text()));
      expect(answers.map(({ status: code }) => code)).toEqual([401, 401, 401, 401, 401, 429]);
      expect(new Set(bodies.slice(0, 5))).toEqual(new Set([bodies[0]]));
      expect(answers[5]!.headers.get('retry-after')).toMatch(/^\d+$/);
    }
    const other = await ServerUnderTest.open();
    await setUp(other);
    await signIn(other, 'ADA');
    await other.tearDown();
  }, 60_000);

  it('A3: a forged X-Forwarded-For changes nobody’s address, but that of a trusted proxy does', async () => {
    const tries = async (server: ServerUnderTest) => {
      await setUp(server);
      const codes = [];
      for (let n = 0; n < 6; n++) {
        const answer = await post(
          server,
          '/api/v1/login',
          { name: 'bob', password: 'wrong' },
          { 'x-forwarded-for': `10.0.0.${n}` },
        );
        codes.push(answer.status);
      }
      await server.tearDown();
      return codes;
    };
    expect((await tries(await ServerUnderTest.open())).at(-1)).toBe(429);
    expect((await tries(await ServerUnderTest.open({ trustedProxies: ['127.0.0.1'] }))).at(-1)).toBe(401);
  }, 60_000);

  it.each([
    ['A4', { 'remote-user': 'ada', 'remote-role': 'admin', 'x-remote-user': 'ada' }],
    ['A4', { 'x-forwarded-user': 'ada', 'x-original-url': '/livez', 'x-rewrite-url': '/livez' }],
    ['A5', { authorization: 'Bearer constructor' }],
    ['A5', { authorization: 'Bearer __proto__' }],
    ['A5', { cookie: 'sightline=toString' }],
    ['A6', { authorization: 'Bearer x' }],
    ['A6', { authorization: `Bearer ${'x'.repeat(8000)}` }],
    ['A6', { authorization: 'Bearer sl\u00e4t_\u00ff' }],
    ['A6', { authorization: 'Bearer' }],
    ['A6', { authorization: 'Basic YWRhOmFkYQ==' }],
    ['A7', { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEiLCJyb2xlIjoiYWRtaW4ifQ.' }],
    ['A7', { authorization: 'Bearer eyJhbGciOiJIUzI1NiIsImtpZCI6Ii4uLy4uL2Rldi9udWxsIn0.e30.x' }],
    ['A12', { cookie: 'uid=admin' }],
  ])('%s: %j is nobody; a token is somebody', async (_row, headers) => {
    expect(await outcome(await get('/api/v1/cameras', headers as Record<string, string>))).toBe(
      '401 server/auth-required',
    );
    const secret = await tokenOf(under);
    expect(await outcome(await get('/api/v1/cameras', { authorization: `Bearer ${secret}` }))).toBe('200');
    const wrong = secret.slice(0, -1) + (secret.endsWith('A') ? 'B' : 'A');
    expect(await outcome(await get('/api/v1/cameras', { authorization: `Bearer ${wrong}` }))).toBe(
      '401 server/auth-required',
    );
  });

  it('A8: a changed password ends all other sessions and tokens at once, and their WebSockets with 4401', async () => {
    const other = await signedIn(under, 'carl', 'viewer');
    const kept = await signIn(under, 'carl');
    const made = await send('POST', '/api/v1/tokens', { name: 'mine' }, as(kept));
    const { secret } = (await made.json()) as { secret: string };
    const [lost, stays] = [other, kept].map(
      (cookie) => new StreamReader(under.webSocket('/api/v1/stream', [], { headers: as(cookie) })),
    );
    await Promise.all([lost!.next('hello'), stays!.next('hello')]);
    const change = { current: PASSWORD, next: 'violin harbour mosaic nine' };
    expect((await send('PUT', '/api/v1/me/password', change, as(kept))).status).toBe(204);
    expect((await lost!.closed).code).toBe(4401);
    expect(stays!.isClosed).toBe(false);
    expect((await get('/api/v1/me', as(other))).status).toBe(401);
    expect((await get('/api/v1/cameras', { authorization: `Bearer ${secret}` })).status).toBe(401);
    expect((await get('/api/v1/me', as(kept))).status).toBe(200);
  });

  it('A8: a removed user is nobody', async () => {
    const cookie = await signedIn(under, 'dora', 'operator');
    const { users } = (await (await get('/api/v1/users', admin)).json()) as {
      users: { id: string; name: string }[];
    };
    const { id } = users.find(({ name }) => name === 'dora')!;
    expect((await get('/api/v1/me', as(cookie))).status).toBe(200);
    expect((await send('DELETE', `/api/v1/users/${id}`, {}, admin)).status).toBe(204);
    expect((await get('/api/v1/me', as(cookie))).status).toBe(401);
  });

  it('A9, A10: a password is changed only with the one before, and only to one that is hard to guess', async () => {
    const cookie = await signedIn(under, 'erik', 'viewer');
    const change = async (body: unknown) =>
      await outcome(await send('PUT', '/api/v1/me/password', body, as(cookie)));
    const next = 'violin harbour mosaic nine';
    expect(await change({ next })).toBe('403 access/current-password-required');
    expect(await change({ current: 'not the one', next })).toBe('403 access/current-password-required');
    for (const weak of [
      'short',
      'password1234',
      'P@ssw0rd2026!',
      'qwertyuiop12',
      'aaaaaaaaaaaa',
      'abcabcabcabc',
      'erikerik2026',
    ])
      expect([weak, await change({ current: PASSWORD, next: weak })]).toEqual([
        weak,
        '422 access/weak-password',
      ]);
    expect(await change({ current: PASSWORD, next })).toBe('204');
  });

  it('A11: a token in an address is refused, even a right one', async () => {
    const secret = await tokenOf(under);
    expect(await outcome(await get(`/api/v1/cameras?token=${secret}`))).toBe('400 server/token-in-query');
    expect(await outcome(await get(`/api/v1/cameras?access_token=${secret}`, admin))).toBe(
      '400 server/token-in-query',
    );
  });

  it('A12: there is one first administrator, and the code makes it', async () => {
    const fresh = await ServerUnderTest.open();
    const body = { name: 'eve', password: PASSWORD };
    const code = fresh.accounts.setupCode;
    expect(await outcome(await post(fresh, '/api/v1/setup', { ...body, code: 'AAAA-AAAA-AAAA' }))).toBe(
      '403 access/wrong-setup-code',
    );
    const racers = await Promise.all(
      ['eve', 'mallory'].map((name) => post(fresh, '/api/v1/setup', { ...body, name, code })),
    );
    expect(racers.map(({ status: one }) => one).sort()).toEqual([204, 410]);
    expect(await outcome(await post(fresh, '/api/v1/setup', { ...body, code }))).toBe(
      '410 access/setup-done',
    );
    expect(fresh.accounts.setupCode).toBeUndefined();
    await fresh.tearDown();
  });

  it('A13: a cookie that was there before signing in is not taken over', async () => {
    const first = await signedIn(under, 'fred', 'viewer');
    const body = { name: 'fred', password: PASSWORD };
    for (const brought of ['sightline=fixed', first]) {
      const answer = await post(under, '/api/v1/login', body, { cookie: brought });
      expect(answer.status).toBe(204);
      expect(cookieOf(answer)).toMatch(/^sightline=[\w-]{43}$/);
      expect(cookieOf(answer)).not.toBe(brought);
    }
    expect((await get('/api/v1/me', as('sightline=fixed'))).status).toBe(401);
  });

  it('A14: only administrators remove users, and never the last administrator', async () => {
    const viewer = as(await signedIn(under, 'gina', 'viewer'));
    const me = (
      (await (await get('/api/v1/users', admin)).json()) as { users: { id: string; name: string }[] }
    ).users;
    const ada = me.find(({ name }) => name === 'ada')!.id;
    expect(await outcome(await send('DELETE', `/api/v1/users/${ada}`, {}, viewer))).toBe(
      '403 server/forbidden',
    );
    expect(await outcome(await send('DELETE', `/api/v1/users/${ada}`, {}, admin))).toBe(
      '409 access/last-admin',
    );
    expect(await outcome(await send('PATCH', `/api/v1/users/${ada}`, { role: 'viewer' }, admin))).toBe(
      '409 access/last-admin',
    );
    const gina = me.find(({ name }) => name === 'gina')!.id;
    expect(await outcome(await send('DELETE', `/api/v1/users/${gina}`, {}, admin))).toBe('204');
  });

  it('A15: nobody gives themselves a role', async () => {
    const cookie = as(await signedIn(under, 'hugo', 'viewer'));
    const body = { current: PASSWORD, next: 'violin harbour mosaic nine', role: 'admin' };
    expect(await outcome(await send('PUT', '/api/v1/me/password', body, cookie))).toBe(
      '422 server/invalid-body',
    );
    expect(await outcome(await send('POST', '/api/v1/tokens', { name: 't', role: 'admin' }, cookie))).toBe(
      '403 access/beyond-own-rights',
    );
    expect(
      await outcome(await send('POST', '/api/v1/tokens', { name: 't', only: ['metrics'] }, cookie)),
    ).toBe('403 access/beyond-own-rights');
    expect(await outcome(await send('POST', '/api/v1/tokens', { name: 't', role: 'viewer' }, cookie))).toBe(
      '201',
    );
  });
});

describe('Z: what one may see', () => {
  let limited: Record<string, string>;
  let token: Record<string, string>;
  beforeAll(async () => {
    limited = as(await signedIn(under, 'yara', 'viewer', ['yard']));
    token = { authorization: `Bearer ${await tokenOf(under, { cameras: ['yard'] })}` };
  });

  it('Z1: another’s camera is as if it were not there, and is not in the list', async () => {
    for (const headers of [limited, token]) {
      for (const address of ['/api/v1/cameras/gate', '/api/v1/cameras/gate/snapshot.jpg']) {
        const [refused, absent] = [
          await get(address, headers),
          await get(address.replace('gate', 'none'), headers),
        ];
        expect(refused.status).toBe(404);
        expect(await refused.text()).toBe(await absent.text());
      }
      expect(await (await get('/api/v1/cameras', headers)).json()).toEqual({ cameras: [] });
      const socket = under.webSocket('/api/v1/cameras/gate/live', [], { headers });
      const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
      expect(response.statusCode).toBe(404);
    }
    expect(await (await get('/api/v1/cameras', admin)).json()).toEqual({ cameras: [gate] });
    expect((await get('/api/v1/cameras/gate/snapshot.jpg', admin)).status).toBe(200);
  });

  it('Z2: "*" and a foreign id bring the messages of one’s own cameras only, live and replayed, and say of no gap', async () => {
    const before = under.store.journal.lastSeq;
    await under.tell(status('1', 'gate'), status('2', 'yard'), status('3', 'gate'), status('4', 'yard'));
    for (const headers of [limited, token]) {
      for (const cameras of ['*', ['gate', 'yard']] as const) {
        const reader = new StreamReader(under.webSocket('/api/v1/stream', [], { headers }));
        await reader.next('hello');
        await reader.subscribe({ since: before, cameras: cameras === '*' ? '*' : [...cameras] });
        await reader.untilSeq(before + 4);
        expect(reader.seqs).toEqual([before + 2, before + 4]);
        expect(reader.received.some(({ type }) => type === 'gap')).toBe(false);
        reader.socket.terminate();
      }
    }
    const reader = new StreamReader(under.webSocket('/api/v1/stream', [], { headers: limited }));
    await reader.next('hello');
    await reader.subscribe();
    const all = new StreamReader(under.webSocket('/api/v1/stream', [], { headers: admin }));
    await all.next('hello');
    await all.subscribe();
    const told = await under.tell(status('5', 'gate'), status('6', 'yard'), { v: 1, type: 'config.changed', camera: '*', time: '', cameras: { added: ['gate'], removed: [], changed: [] } }, status('7', 'yard')); // prettier-ignore
    await reader.untilSeq(told[3]!.seq);
    await all.untilSeq(told[3]!.seq);
    expect(reader.seqs).toEqual([told[1]!.seq, told[3]!.seq]);
    expect(all.seqs).toEqual(told.map(({ seq }) => seq));
  });

  it('Z5: a viewer reads neither metrics nor the system; whoever probes learns no reasons', async () => {
    expect(await outcome(await get('/metrics', limited))).toBe('403 server/forbidden');
    expect(await outcome(await get('/api/v1/system', limited))).toBe('403 server/forbidden');
    expect(await outcome(await get('/metrics', admin))).toBe('200');
    under.readiness = { ready: false, reasons: ['camera gate at 10.0.0.7'], cameras: { total: 1, live: 0 } };
    const [anyone, known] = [await get('/readyz'), await get('/readyz', admin)];
    expect([anyone.status, known.status]).toEqual([503, 503]);
    expect(await anyone.text()).not.toContain('10.0.0.7');
    expect(await known.text()).toContain('10.0.0.7');
    under.readiness = { ready: true, reasons: [], cameras: { total: 1, live: 1 } };
  });

  it('Z6: an operator changes no user, and reads no audit log', async () => {
    const operator = as(await signedIn(under, 'otto', 'operator'));
    const user = { name: 'x', password: PASSWORD, role: 'admin' };
    expect(await outcome(await send('POST', '/api/v1/users', user, operator))).toBe('403 server/forbidden');
    expect(await outcome(await get('/api/v1/audit', operator))).toBe('403 server/forbidden');
    expect(await outcome(await get('/api/v1/system', operator))).toBe('200');
  });

  it('Z8: rights that are cut end a stream at once; the new stream has the new rights', async () => {
    const cookie = as(await signedIn(under, 'zoe', 'viewer'));
    const reader = new StreamReader(under.webSocket('/api/v1/stream', [], { headers: cookie }));
    await reader.next('hello');
    const { users } = (await (await get('/api/v1/users', admin)).json()) as {
      users: { id: string; name: string }[];
    };
    const { id } = users.find(({ name }) => name === 'zoe')!;
    expect((await send('PATCH', `/api/v1/users/${id}`, { cameras: ['yard'] }, admin)).status).toBe(200);
    expect(await reader.closed).toMatchObject({ code: 4401 });
    expect((await get('/api/v1/cameras/gate', cookie)).status).toBe(404);
  });

  it('Z9: an object or a list where an id or a text is expected is refused', async () => {
    for (const body of [
      { name: { $ne: '' }, password: PASSWORD },
      { name: ['ada'], password: PASSWORD },
      [],
      'ada',
      null,
    ])
      expect(await outcome(await post(under, '/api/v1/login', body))).toBe('422 server/invalid-body');
    expect(await outcome(await get('/api/v1/audit?limit[]=1&limit=1e3', admin))).toBe('400 server/bad-query');
    expect(await outcome(await get('/api/v1/audit?limit=1', admin))).toBe('200');
  });
});

describe('R: what a request may hold', () => {
  const raw = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    under.fetch('/api/v1/login', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', origin: under.server.url, ...headers },
    });

  it.each([
    ['R1', `"${'x'.repeat(1024 * 1024)}"`, '413 server/body-too-large'],
    ['R2', '['.repeat(33) + ']'.repeat(33), '400 server/bad-body'],
    ['R2', '['.repeat(100_000), '400 server/bad-body'],
    ['R2', `{${Array.from({ length: 80_000 }, (_, n) => `"k${n}":1`).join(',')}}`, '400 server/bad-body'],
    ['R3', '{"__proto__":{"role":"admin"},"name":"a","password":"b"}', '400 server/bad-body'],
    ['R3', '{"name":"a","password":"b","constructor":{"prototype":{"role":"admin"}}}', '400 server/bad-body'],
    ['R5', '{"name":"a\\u0000","password":"b"}', '400 server/bad-body'],
    ['R5', new Uint8Array([0x22, 0xff, 0xfe, 0x22]), '400 server/bad-body'],
    ['R5', '{"name":', '400 server/bad-body'],
  ])('%s: a body is refused', async (_row, body, expected) => {
    const startedMs = performance.now();
    expect(await outcome(await raw(body))).toBe(expected);
    expect(performance.now() - startedMs).toBeLessThan(1000);
    expect(({} as Record<string, unknown>)['role']).toBeUndefined();
  });

  it('R4, R14: text, forms and compressed bodies are refused', async () => {
    const body = JSON.stringify({ name: 'ada', password: PASSWORD });
    for (const headers of [
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-encoding': 'gzip' },
    ])
      expect(await outcome(await raw(body, headers as Record<string, string>))).toBe(
        '415 server/unsupported-body',
      );
  });

  it.each(['1e9', '-1', 'NaN', '1e309', '0', '1001', ''])('R6: limit=%s is refused', async (limit) => {
    expect(await outcome(await get(`/api/v1/audit?limit=${limit}`, admin))).toBe('400 server/bad-query');
  });

  it.each(['<img src=x onerror=alert(1)>', '\u202eadmin', 'a'.repeat(10_000), '../../etc', 'a b'])(
    'R9: the name %j is refused',
    async (name) => {
      const user = { name, password: PASSWORD, role: 'viewer' };
      expect(await outcome(await send('POST', '/api/v1/users', user, admin))).toMatch(/^422 /);
    },
  );

  it('R9: ordinary names are taken', async () => {
    const user = { name: 'Ines.Q-1@x', password: PASSWORD, role: 'viewer' };
    expect(await outcome(await send('POST', '/api/v1/users', user, admin))).toBe('201');
  });

  it.each([
    'sort=seq;DROP TABLE users',
    "camera=' OR 1=1--",
    'limit=1;--',
    'cursor=1 UNION SELECT password',
    'from=now()',
  ])('R7: %s is refused in a query of events', async (query) => {
    expect(await outcome(await get(`/api/v1/events?${query}`, admin))).toBe('400 server/bad-query');
  });

  it.each(["' OR 1=1--", '(a+)+$', '%', '.*', '"; DROP TABLE users;'])(
    'R7, R8: the label %j is a text and nothing else',
    async (label) => {
      const response = await get(`/api/v1/events?label=${encodeURIComponent(label)}`, admin);
      expect(await response.json()).toEqual({ events: [] });
      expect((await get('/api/v1/users', admin)).status).toBe(200);
    },
  );

  it.each(['..%2f..%2fetc%2fpasswd', '%252e%252e', '..%5cgate', 'gate%00', '%2fetc'])(
    'P1: the camera %s has no clip',
    async (camera) => {
      const address = `/api/v1/recordings/${camera}/clip.mp4?from=2026-05-04T09:30:12Z&to=2026-05-04T09:31:12Z`;
      expect((await get(address, admin)).status).toBeGreaterThanOrEqual(400);
      expect((await get(address, admin)).status).toBeLessThan(500);
    },
  );

  it('R10: a parameter that is given twice is refused', async () => {
    expect(await outcome(await get('/api/v1/audit?limit=1&limit=2', admin))).toBe('400 server/bad-query');
  });

  it('R11: TRACE is refused', async () => {
    const request = http.request({
      port: under.server.port,
      host: '127.0.0.1',
      method: 'TRACE',
      path: '/api/v1/cameras',
      headers: admin,
    });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(405);
  });
});

describe('W, B, C: from where a request comes', () => {
  it.each([
    ['W1', { origin: 'https://evil.example' }, 403],
    ['W2', { origin: 'null' }, 403],
    ['W2', {}, 403],
    ['W3', { cookie: '' }, 401],
  ])('%s: a WebSocket with the cookie and %j is refused with %d', async (_row, headers, expected) => {
    expect(await upgrade({ cookie: admin['cookie']!, ...headers })).toBe(expected);
    expect(await upgrade(admin)).toBe(101);
  });

  it('W2: a program with a token needs no origin', async () => {
    expect(await upgrade({ authorization: `Bearer ${await tokenOf(under)}` })).toBe(101);
  });

  it('W9: a user has twenty WebSockets, and not one more', async () => {
    const headers = as(await signedIn(under, 'wilma', 'viewer'));
    const sockets = Array.from({ length: 20 }, () => under.webSocket('/api/v1/stream', [], { headers }));
    await Promise.all(sockets.map((socket) => once(socket, 'open')));
    expect(await upgrade(headers)).toBe(429);
    expect(await upgrade(admin)).toBe(101);
    sockets[0]!.terminate();
    await once(sockets[0]!, 'close');
    let answer = 429;
    for (let n = 0; n < 50 && answer === 429; n++) answer = await upgrade(headers);
    expect(answer).toBe(101);
    for (const socket of sockets) socket.terminate();
  });

  it.each([
    ['B3, C7', { origin: 'https://evil.example' }],
    ['B3, C7', { origin: 'null' }],
    ['B3', { 'sec-fetch-site': 'cross-site' }],
    ['B3', { 'sec-fetch-site': 'same-site' }],
    ['B3', {}],
  ])('%s: a change by cookie with %j is refused', async (_row, headers) => {
    const { cookie } = admin as { cookie: string };
    const token = { name: 'csrf' };
    const refused = await send('POST', '/api/v1/tokens', token, { cookie, ...headers });
    expect(await outcome(refused)).toBe('403 server/foreign-origin');
    const allowed = await send('POST', '/api/v1/tokens', token, { cookie, 'sec-fetch-site': 'same-origin' });
    expect(allowed.status).toBe(201);
  });

  it('B3: a picture is not for the pages of others, also while everyone on the machine may look', async () => {
    const fresh = await ServerUnderTest.open();
    fresh.snapshot = () => Promise.resolve(Buffer.from('a picture'));
    const address = '/api/v1/cameras/gate/snapshot.jpg';
    expect((await fresh.fetch(address, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
    expect((await fresh.fetch(address, { headers: { 'sec-fetch-site': 'same-origin' } })).status).toBe(200);
    await fresh.tearDown();
  });

  it('B4: no other origin is ever allowed', async () => {
    const preflight = {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    };
    const response = await under.fetch('/api/v1/login', preflight);
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });

  it('D6: visitors who come by way of a proxy are no visitors of this machine', async () => {
    const fresh = await ServerUnderTest.open();
    expect(
      (await fresh.fetch('/api/v1/cameras', { headers: { 'x-forwarded-for': '10.0.0.1' } })).status,
    ).toBe(401);
    expect((await fresh.fetch('/api/v1/cameras')).status).toBe(200);
    expect(await outcome(await post(fresh, '/api/v1/users', {}))).toBe('401 server/auth-required');
    await fresh.tearDown();
  });

  it('L2: a name with line breaks becomes one entry of the audit log', async () => {
    await post(under, '/api/v1/login', { name: 'x\n{"level":60}', password: 'wrong' }, { 'user-agent': 'x' });
    const newest = async () => {
      const { entries } = (await (await get('/api/v1/audit?limit=1', admin)).json()) as {
        entries: { who: string; what: string }[];
      };
      return entries[0];
    };
    await waitFor(async () => (await newest())?.what === 'login.failed', {
      timeoutMs: 5000,
      what: 'the entry',
    });
    expect(await newest()).toMatchObject({ who: 'x\n{"level":60}' });
  });

  it('L3: metrics need a token', async () => {
    expect((await get('/metrics')).status).toBe(401);
    expect(
      (
        await get('/metrics', {
          authorization: `Bearer ${await tokenOf(under, { role: 'admin', only: ['metrics'] })}`,
        })
      ).status,
    ).toBe(200);
  });
});
