import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLog } from '../../src/base/index.js';
import type { OidcConfig } from '../../src/config/index.js';
import type { OidcStart, Problem, SessionState } from '../../src/server/index.js';
import { FakeClock } from '../support/fake-clock.js';
import { RealIssuer } from '../support/oidc/real-issuer.js';
import { ScriptedIssuer, type IdToken } from '../support/oidc/scripted-issuer.js';
import { waitFor } from '../support/wait-for.js';
import { cookieOf, PASSWORD, post, setUp, signIn } from './signed-in.js';
import { ServerUnderTest, type SetupOptions } from './server-under-test.js';

const SECRET = 'the-client-secret';
const configOf = (issuer: string, more: Partial<OidcConfig> = {}): OidcConfig => ({
  ...{ name: 'Company', issuer, clientId: 'sightline', clientSecret: SECRET },
  ...{ scopes: ['profile', 'groups'], nameClaim: 'preferred_username', rolesClaim: 'groups' },
  ...{ roles: { admin: ['owners'], operator: ['guards'], viewer: ['staff'] }, cameras: ['yard'] },
  ...more,
});

let under: ServerUnderTest;
let clock: FakeClock;
let told: string[];
async function open(oidc: OidcConfig | undefined, more: SetupOptions = {}): Promise<string> {
  clock = new FakeClock();
  told = [];
  const log = createLog('debug', (line) => told.push(line));
  under = await ServerUnderTest.open({ clock, log, ...(oidc !== undefined && { oidc }), ...more });
  return await setUp(under, 'root-of-our-own');
}
afterEach(() => under.tearDown());

/** Begins a sign-in, as the page does. */
async function begin(): Promise<{ address: string; away: string }> {
  const response = await under.fetch('/api/v1/oidc/start', {
    method: 'POST',
    headers: { origin: under.server.url, 'sec-fetch-site': 'same-origin' },
  });
  expect(response.status).toBe(201);
  return { ...((await response.json()) as OidcStart), away: cookieOf(response) };
}
const finish = (answer: string, away: string) =>
  post(under, '/api/v1/oidc/finish', { answer }, { cookie: away });
async function outcome(response: Response): Promise<string> {
  if (response.ok) return String(response.status);
  return `${response.status} ${((await response.json()) as Problem).code}`;
}
const meOf = async (cookie: string) =>
  (await (await under.fetch('/api/v1/session', { headers: { cookie } })).json()) as SessionState;
const sessionOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0]!)
    .find((cookie) => cookie.startsWith('sightline='))!;
async function auditOf(cookie: string): Promise<string[][]> {
  const response = await under.fetch('/api/v1/audit', { headers: { cookie } });
  const { entries } = (await response.json()) as { entries: Record<'who' | 'what' | 'detail', string>[] };
  return entries.map(({ who, what, detail }) => [who, what, detail]);
}

describe('signing in at oidc-provider', () => {
  let issuer: RealIssuer;
  beforeAll(async () => {
    issuer = await RealIssuer.open({
      clientSecret: SECRET,
      redirectUris: () => [`${under.server.url}/`],
    });
  });
  afterAll(() => issuer.close());

  it('gives a session with the highest role of one’s groups, and the cameras of the configuration; signing out ends it', async () => {
    const admin = await open(configOf(issuer.url));
    expect((await meOf('')).oidc).toEqual({ name: 'Company' });
    const { address, away } = await begin();
    const back = await issuer.walk(address, 'ada-1');
    expect(`${back.origin}${back.pathname}`).toBe(`${under.server.url}/`);
    const answer = await finish(back.search.slice(1), away);
    expect(await outcome(answer)).toBe('204');
    const cookie = sessionOf(answer);
    expect(cookie).toMatch(/^sightline=[\w-]{43}$/);
    expect(answer.headers.getSetCookie().join('\n')).toMatch(
      /^sightline-away=; .*Max-Age=0; HttpOnly; SameSite=Strict$/m,
    );
    expect((await meOf(cookie)).me).toMatchObject({ name: 'ada', role: 'operator', cameras: ['yard'] });
    expect((await auditOf(admin)).slice(0, 2)).toEqual([
      ['ada', 'login', 'by Company'],
      ['ada', 'user.add', 'operator, by Company'],
    ]);

    const headers = { cookie, origin: under.server.url };
    const out = await under.fetch('/api/v1/logout', { method: 'POST', headers });
    expect(cookieOf(out)).toBe('sightline=');
    expect((await meOf(cookie)).me).toBeUndefined();
    expect((await meOf(admin)).me).toMatchObject({ name: 'root-of-our-own' });
    // Nothing of what the issuer said is told to the log.
    expect(told.join('\n')).not.toMatch(/eyJ|code=|the-client-secret/);
  }, 60_000);
});

describe('signing in at an issuer', () => {
  let issuer: ScriptedIssuer;
  let admin: string;
  beforeEach(async () => {
    issuer = await ScriptedIssuer.open();
    admin = await open(configOf(issuer.url));
  });
  afterEach(() => issuer.close());

  /** The whole way, with what the issuer is to say; gives what our server answers. */
  async function walk(
    idToken: IdToken = {},
    back: Record<string, string | undefined> = {},
  ): Promise<Response> {
    issuer.idToken = idToken;
    const { address, away } = await begin();
    return await finish(issuer.comeBack(address, back), away);
  }

  it('asks with PKCE, state and nonce, and sends the secret in the header', async () => {
    const { address, away } = await begin();
    const asked = Object.fromEntries(new URL(address).searchParams);
    expect(asked).toMatchObject({
      ...{ client_id: 'sightline', response_type: 'code', scope: 'openid profile groups' },
      ...{ redirect_uri: `${under.server.url}/`, code_challenge_method: 'S256' },
    });
    for (const key of ['state', 'nonce', 'code_challenge']) expect(asked[key]).toMatch(/^[\w-]{43}$/);
    expect(await outcome(await finish(issuer.comeBack(address), away))).toBe('204');
    const [{ form, authorization }] = issuer.asked as [(typeof issuer.asked)[0]];
    expect(form.get('code_verifier')).toMatch(/^[\w-]{43,}$/);
    expect(form.get('client_secret')).toBeNull();
    expect(Buffer.from(authorization!.slice(6), 'base64').toString()).toBe(
      `sightline:${encodeURIComponent(SECRET).replaceAll('-', '%2D')}`,
    );
  });

  const past = () => Math.floor(Date.now() / 1000) - 3600;
  const wrongs: [what: string, idToken: () => IdToken, back: Record<string, string | undefined>][] = [
    ['a token of another nonce', () => ({ claims: { nonce: 'another' } }), {}],
    ['a token without nonce', () => ({ claims: { nonce: undefined } }), {}],
    ['a token for another client', () => ({ claims: { aud: 'another' } }), {}],
    [
      'a token for two clients, made for the other',
      () => ({ claims: { aud: ['sightline', 'another'], azp: 'another' } }),
      {},
    ],
    ['a token of another issuer', () => ({ claims: { iss: 'https://evil.example' } }), {}],
    ['a token that has expired', () => ({ claims: { exp: past() } }), {}],
    ['a token that never expires', () => ({ claims: { exp: undefined } }), {}],
    ['a token of the future', () => ({ claims: { nbf: -past() + 2 * Math.floor(Date.now() / 1000) } }), {}],
    ['a token without subject', () => ({ claims: { sub: undefined } }), {}],
    ['A7: a token that is not signed', () => ({ signed: 'none' }), {}],
    [
      'A7: a token signed with the secret, where the issuer signs with a key',
      () => ({ signed: 'hs256' }),
      {},
    ],
    ['a token signed by a foreign key', () => ({ signed: 'foreign' }), {}],
    ['what is no token', () => ({ text: 'eyJhbGciOiJub25lIn0' }), {}],
    ['another state', () => ({}), { state: 'another' }],
    ['no state', () => ({}), { state: undefined }],
    ['the name of another issuer beside the code', () => ({}), { iss: 'https://evil.example' }],
    ['no code', () => ({}), { code: undefined }],
    ['an error', () => ({}), { code: undefined, error: 'access_denied', error_description: '<script>' }],
  ];
  it.each(wrongs)('refuses %s, and what is right is let in', async (_what, idToken, back) => {
    const answer = await walk(idToken(), back);
    expect([
      answer.status,
      answer.headers.getSetCookie().filter((one) => one.startsWith('sightline=')),
    ]).toEqual([403, []]);
    const text = await answer.text();
    expect((JSON.parse(text) as Problem).code).toBe('access/oidc-refused');
    expect(text).not.toContain('<script>');
    await waitFor(async () => (await auditOf(admin))[0]?.[1] === 'login.failed', { timeoutMs: 5000, what: 'the entry' }); // prettier-ignore
    expect(told.join('\n')).not.toMatch(/eyJ|the-code|the-access-token|the-client-secret/);
    expect(await outcome(await walk())).toBe('204');
  });

  it('stops login CSRF: what another browser began is not finished here, and nothing is finished twice', async () => {
    const attacker = await begin();
    const victim = await begin();
    const answer = issuer.comeBack(attacker.address);
    expect(await outcome(await finish(answer, ''))).toBe('403 access/oidc-refused');
    expect(await outcome(await finish(answer, 'sightline-away=guessed'))).toBe('403 access/oidc-refused');
    expect(await outcome(await finish(answer, victim.away))).toBe('403 access/oidc-refused');
    expect(await outcome(await finish(issuer.comeBack(victim.address), victim.away))).toBe(
      '403 access/oidc-refused',
    );
    expect(issuer.asked).toEqual([]);
    expect(await outcome(await finish(answer, attacker.away))).toBe('204');
    expect(await outcome(await finish(answer, attacker.away))).toBe('403 access/oidc-refused');
    expect(issuer.asked.length).toBe(1);
  });

  it('takes no answer after ten minutes', async () => {
    const { address, away } = await begin();
    clock.advance(10 * 60_000);
    expect(await outcome(await finish(issuer.comeBack(address), away))).toBe('403 access/oidc-refused');
  });

  it('is begun and finished by pages of ours alone, and sends nobody anywhere else', async () => {
    const start = (headers: Record<string, string>) => under.fetch('/api/v1/oidc/start?redirect_uri=https://evil.example', { method: 'POST', headers }); // prettier-ignore
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      {},
    ])
      // prettier-ignore
      expect(await outcome(await start(headers as Record<string, string>))).toBe('403 server/foreign-origin');
    const { address } = (await (await start({ origin: under.server.url })).json()) as OidcStart;
    expect(new URL(address).origin).toBe(issuer.url);
    expect(new URL(address).searchParams.get('redirect_uri')).toBe(`${under.server.url}/`);
    const foreign = await post(
      under,
      '/api/v1/oidc/finish',
      { answer: 'x' },
      { origin: 'https://evil.example' },
    );
    expect(await outcome(foreign)).toBe('403 server/foreign-origin');
    // The page that the browser comes back to is one, whoever sent it there, and changes nothing by itself.
    const page = await under.fetch('/?code=a&state=b', { headers: { 'sec-fetch-site': 'cross-site' } });
    expect([page.status, page.headers.getSetCookie()]).toEqual([200, []]);
  });

  it('refuses who has no role, says so, and ends what they had when they had one', async () => {
    const had = sessionOf(await walk());
    expect((await meOf(had)).me).toMatchObject({ role: 'operator' });
    const answer = await walk({ claims: { groups: ['others'] } });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({
      code: 'access/no-role',
      detail: 'Company knows you as ada, but gives you no role here: ask an administrator of this server',
    });
    expect((await meOf(had)).me).toBeUndefined();
    for (const groups of [undefined, [], {}, 'owner', ['OWNERS'], [['owners']], { owners: true }, 0])
      expect(await outcome(await walk({ claims: { groups } }))).toBe('403 access/no-role');
    expect(await outcome(await walk({ claims: { groups: 'owners' } }))).toBe('204');
  });

  it('keeps the grants of a user from sign-in to sign-in, and takes roles as they are now', async () => {
    await walk();
    const list = async () =>
      ((await (await under.fetch('/api/v1/users', { headers: { cookie: admin } })).json()) as { users: { id: string; name: string; issuer?: string }[] }).users; // prettier-ignore
    const ada = (await list()).find(({ name }) => name === 'ada')!;
    expect(ada.issuer).toBe(issuer.url);
    const change = (body: object) => under.fetch(`/api/v1/users/${ada.id}`, { method: 'PATCH', body: JSON.stringify(body), headers: { cookie: admin, origin: under.server.url, 'content-type': 'application/json' } }); // prettier-ignore
    expect((await change({ cameras: ['gate', 'yard'] })).status).toBe(200);
    const meNow = async (claims: object) => (await meOf(sessionOf(await walk({ claims: { ...claims } })))).me;
    expect(await meNow({ preferred_username: 'renamed' })).toMatchObject({ name: 'ada', role: 'operator', cameras: ['gate', 'yard'] }); // prettier-ignore
    expect(await meNow({ groups: ['staff'] })).toMatchObject({ role: 'viewer', cameras: ['gate', 'yard'] });
    expect(await meNow({ groups: ['staff', 'owners'] })).toMatchObject({ role: 'admin', cameras: '*' });
    expect(await meNow({ groups: ['staff'] })).toMatchObject({ role: 'viewer', cameras: ['yard'] });
    expect((await list()).length).toBe(2);
    for (const body of [{ role: 'admin' }, { password: PASSWORD }])
      expect(await outcome(await change(body))).toBe('409 access/of-issuer');
  });

  it('never takes somebody for a user of our own by the name, and gives no password to guess', async () => {
    const answer = await walk({ claims: { preferred_username: 'Root-of-our-own' } });
    expect(await outcome(answer)).toBe('409 access/name-taken');
    expect(await outcome(await walk())).toBe('204');
    for (const password of [' ', 'x', PASSWORD])
      expect(await outcome(await post(under, '/api/v1/login', { name: 'ada', password }))).toBe(
        '401 access/wrong-login',
      );
    expect((await meOf(await signIn(under, 'root-of-our-own'))).me).toBeDefined();
  });

  it('finds claims within others, and in the answer of userinfo where the token has none', async () => {
    await under.tearDown();
    await open(configOf(issuer.url, { rolesClaim: 'realm_access.roles' }));
    issuer.userinfo = { realm_access: { roles: ['guards'] } };
    expect((await meOf(sessionOf(await walk()))).me).toMatchObject({ role: 'operator' });
    const claims = { realm_access: { roles: ['staff'] } };
    expect((await meOf(sessionOf(await walk({ claims })))).me).toMatchObject({ role: 'viewer' });
    issuer.userinfo = { sub: 'somebody-else', realm_access: { roles: ['owners'] } };
    expect(await outcome(await walk())).toBe('403 access/oidc-refused');
  });

  it('says that the issuer cannot be reached; users of our own sign in meanwhile, and it heals', async () => {
    const { address, away } = await begin();
    const answer = issuer.comeBack(address);
    issuer.onToken = (response) => response.destroy();
    expect(await outcome(await finish(answer, away))).toBe('503 access/oidc-unreachable');
    issuer.onToken = undefined;

    await under.tearDown();
    const { url } = issuer;
    await issuer.close();
    await open(configOf(url));
    const start = () =>
      under.fetch('/api/v1/oidc/start', { method: 'POST', headers: { origin: under.server.url } });
    expect(await outcome(await start())).toBe('503 access/oidc-unreachable');
    expect((await meOf(await signIn(under, 'root-of-our-own'))).me).toBeDefined();
    issuer = await ScriptedIssuer.open();
    await under.tearDown();
    await open(configOf(issuer.url));
    issuer.discovery = { issuer: 'https://evil.example' };
    expect(await outcome(await start())).toBe('503 access/oidc-unreachable');
    issuer.discovery = {};
    expect(await outcome(await start())).toBe('503 access/oidc-unreachable');
    clock.advance(5000);
    expect(await outcome(await start())).toBe('201');
  }, 60_000);

  it('bears twenty failures from one address', async () => {
    const answers = [];
    for (let n = 0; n < 21; n++) answers.push(await outcome(await walk({ signed: 'none' })));
    expect(answers.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => '403 access/oidc-refused'));
    expect(answers[20]).toBe('429 access/too-many-attempts');
    expect(issuer.asked.length).toBe(20);
  });
});

it('without a provider nothing of it is there', async () => {
  await open(undefined);
  expect((await meOf('')).oidc).toBeUndefined();
  const start = await under.fetch('/api/v1/oidc/start', {
    method: 'POST',
    headers: { origin: under.server.url },
  });
  expect(await outcome(start)).toBe('404 access/oidc-off');
});
