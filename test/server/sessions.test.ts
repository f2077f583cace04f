import { mkdtemp, rm, writeFile, chmod } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { TLSSocket } from 'node:tls';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../support/fake-clock.js';
import { waitFor } from '../support/wait-for.js';
import { PASSWORD, post, setUp, signIn, tokenOf } from './signed-in.js';
import { ServerUnderTest, StreamReader } from './server-under-test.js';

const HOUR_MS = 3600_000;
const opened: ServerUnderTest[] = [];
const dirs: string[] = [];
afterEach(async () => {
  for (const under of opened.splice(0)) await under.tearDown();
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true });
});
async function open(
  options: ConstructorParameters<typeof ServerUnderTest>[0] = {},
): Promise<ServerUnderTest> {
  const under = await ServerUnderTest.open(options);
  opened.push(under);
  return under;
}
const statusOf = async (under: ServerUnderTest, cookie: string) =>
  (await under.fetch('/api/v1/me', { headers: { cookie } })).status;

describe('a session', () => {
  let clock: FakeClock;
  let under: ServerUnderTest;
  let cookie: string;
  beforeEach(async () => {
    clock = new FakeClock();
    under = await open({ clock });
    cookie = await setUp(under);
  });

  it('ends when it was not used for twelve hours, and not before', async () => {
    clock.advance(11.9 * HOUR_MS);
    expect(await statusOf(under, cookie)).toBe(200);
    clock.advance(11.9 * HOUR_MS);
    expect(await statusOf(under, cookie)).toBe(200);
    clock.advance(12.1 * HOUR_MS);
    expect(await statusOf(under, cookie)).toBe(401);
  });

  it('ends after seven days, however much it is used', async () => {
    for (let day = 0; day < 13; day++) {
      clock.advance(11.9 * HOUR_MS);
      expect(await statusOf(under, cookie)).toBe(200);
    }
    clock.advance(7 * 24 * HOUR_MS - 13 * 11.9 * HOUR_MS);
    expect(await statusOf(under, cookie)).toBe(401);
    expect(await statusOf(under, await signIn(under, 'ada'))).toBe(200);
  });

  it('outlives a restart of the server; the store has no secret of it', async () => {
    const token = await tokenOf(under);
    await under.stop();
    const database = new Database(path.join(under.dir, 'data/sightline.db'));
    const kept = JSON.stringify(
      ['users', 'sessions', 'tokens'].map((table) => database.prepare(`SELECT * FROM ${table}`).all([])),
    );
    database.close();
    for (const secret of [cookie.split('=')[1]!, token, PASSWORD]) expect(kept).not.toContain(secret);
    await under.start();
    expect(await statusOf(under, cookie)).toBe(200);
    expect(
      (await under.fetch('/api/v1/cameras', { headers: { authorization: `Bearer ${token}` } })).status,
    ).toBe(200);
  });

  it('is listed and can be ended from another, but only by its user', async () => {
    const other = await signIn(under, 'ada');
    const headers = { cookie: other, origin: under.server.url };
    const list = (await (await under.fetch('/api/v1/me/sessions', { headers })).json()) as {
      sessions: { id: string; isCurrent: boolean }[];
    };
    expect(list.sessions.map(({ isCurrent }) => isCurrent).sort()).toEqual([false, true]);
    const { id } = list.sessions.find(({ isCurrent }) => !isCurrent)!;
    expect((await under.fetch(`/api/v1/me/sessions/${id}`, { method: 'DELETE', headers })).status).toBe(204);
    expect([await statusOf(under, cookie), await statusOf(under, other)]).toEqual([401, 200]);
    const out = await under.fetch('/api/v1/logout', { method: 'POST', headers });
    expect(out.headers.getSetCookie()[0]).toContain('Max-Age=0');
    expect(await statusOf(under, other)).toBe(401);
  });

  it('that ends by itself ends its WebSockets; a token, too', async () => {
    const { secret } = await under.accounts.tokens.create({ name: 't', role: 'viewer', cameras: '*', days: 1 }, { caller: { kind: 'console', credentialId: '', name: 'c', role: 'admin', permissions: new Set(), cameras: '*' }, address: '' }); // prettier-ignore
    clock.advance(24 * HOUR_MS - 10_000);
    const reader = new StreamReader(
      under.webSocket('/api/v1/stream', [], { headers: { authorization: `Bearer ${secret}` } }),
    );
    await reader.next('hello');
    clock.advance(5000);
    await under.fetch('/livez');
    expect(reader.isClosed).toBe(false);
    clock.advance(5000);
    expect(await reader.closed).toMatchObject({ code: 4401 });
    expect(
      (await under.fetch('/api/v1/cameras', { headers: { authorization: `Bearer ${secret}` } })).status,
    ).toBe(401);
  });

  it('may be begun again after the wait that too many wrong passwords cost', async () => {
    for (let n = 0; n < 5; n++) await post(under, '/api/v1/login', { name: 'ada', password: 'wrong' });
    const right = () => post(under, '/api/v1/login', { name: 'ada', password: PASSWORD });
    expect((await right()).status).toBe(429);
    clock.advance(61_000);
    expect((await right()).status).toBe(204);
  }, 30_000);
});

describe('the setup code', () => {
  it('holds for an hour', async () => {
    const clock = new FakeClock();
    const under = await open({ clock });
    const body = {
      code: under.accounts.setupCode!.toLowerCase().replaceAll('-', ' '),
      name: 'ada',
      password: PASSWORD,
    };
    clock.advance(HOUR_MS + 1);
    expect((await post(under, '/api/v1/setup', body)).status).toBe(403);
    const other = await open({ clock: new FakeClock() });
    expect((await post(other, '/api/v1/setup', { ...body, code: other.accounts.setupCode })).status).toBe(
      204,
    );
  });
});

describe('the audit log', () => {
  it('tells who signed in, looked and changed, and notices when an entry was changed behind its back', async () => {
    const under = await open();
    under.snapshot = () => Promise.resolve(Buffer.from('a picture'));
    const cookie = await setUp(under);
    const headers = { cookie, origin: under.server.url };
    for (let n = 0; n < 3; n++) await under.fetch('/api/v1/cameras/gate/snapshot.jpg', { headers });
    await post(under, '/api/v1/users', { name: 'bea', password: PASSWORD, role: 'viewer' }, headers);
    const read = async () =>
      (
        (await (await under.fetch('/api/v1/audit', { headers })).json()) as {
          entries: { what: string; who: string; target: string }[];
        }
      ).entries;
    await waitFor(async () => (await read()).length === 3, { timeoutMs: 5000, what: 'three entries' });
    expect((await read()).map(({ who, what, target }) => [who, what, target])).toEqual([
      ['ada', 'user.add', 'bea'],
      ['ada', 'picture.view', 'gate'],
      ['ada', 'setup', ''],
    ]);
    const check = async () =>
      (await (await under.fetch('/api/v1/audit/check', { headers })).json()) as object;
    expect(await check()).toMatchObject({ entries: 3, anchor: { seq: 0, hash: '0'.repeat(64) } });
    expect(await check()).not.toHaveProperty('brokenAt');

    const database = new Database(path.join(under.dir, 'data/sightline.db'));
    expect(() => database.exec("UPDATE audit SET who = 'eve' WHERE seq = 2")).toThrow(/only ever added to/);
    expect(() => database.exec('DELETE FROM audit WHERE seq = 2')).toThrow(/only ever added to/);
    database.exec("DROP TRIGGER audit_is_not_changed; UPDATE audit SET who = 'eve' WHERE seq = 2");
    database.close();
    expect(await check()).toMatchObject({ entries: 1, brokenAt: 2 });
  });
});

describe('TLS', () => {
  const run = promisify(execFile);
  async function certificate(dir: string, name: string): Promise<void> {
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    const files = ['-keyout', path.join(dir, 'key.pem'), '-out', path.join(dir, 'cert.pem')];
    await run('openssl', [
      'req',
      '-x509',
      ...kind,
      '-subj',
      `/CN=${name}`,
      '-addext',
      `subjectAltName=DNS:${name}`,
      ...files,
    ]);
    await chmod(path.join(dir, 'key.pem'), 0o600);
  }
  /** Status, cookie, HSTS and the certificate's name. */
  async function ask(
    under: ServerUnderTest,
    host: string,
    options: https.RequestOptions = {},
    body?: object,
  ) {
    const request = https.request({ host: '127.0.0.1', port: under.server.port, rejectUnauthorized: false, agent: false, path: '/api/v1/session', headers: { host, 'content-type': 'application/json' }, ...options }); // prettier-ignore
    request.end(body === undefined ? undefined : JSON.stringify(body));
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const name = (response.socket as TLSSocket).getPeerCertificate().subject.CN;
    response.resume();
    return { status: response.statusCode, headers: response.headers, name };
  }

  it('is served from files and renewed without a restart; only the names of the certificate are answered', async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'sightline-tls-'));
    dirs.push(dir);
    await certificate(dir, 'cameras.example');
    const clock = new FakeClock();
    const tls = { cert: path.join(dir, 'cert.pem'), key: path.join(dir, 'key.pem') };
    const under = await open({ host: '0.0.0.0', tls, clock });
    expect(under.server.url).toMatch(/^https:/);
    expect(await ask(under, 'cameras.example')).toMatchObject({ status: 200, name: 'cameras.example' });
    expect((await ask(under, 'evil.example')).status).toBe(421);
    expect((await ask(under, 'evil.example', { path: '/livez' })).status).toBe(200);
    expect((await ask(under, 'cameras.example')).headers['strict-transport-security']).toBe(
      'max-age=15552000',
    );

    const body = { code: under.accounts.setupCode, name: 'ada', password: PASSWORD };
    const made = await ask(under, 'cameras.example', { method: 'POST', path: '/api/v1/setup' }, body);
    expect(made.headers['set-cookie']?.[0]).toMatch(/^__Host-sightline=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict; Secure$/); // prettier-ignore

    await writeFile(tls.cert, 'half a file');
    clock.advance(31_000);
    expect((await ask(under, 'cameras.example')).name).toBe('cameras.example');
    await certificate(dir, 'new.example');
    await waitFor(
      async () => {
        clock.advance(31_000);
        return (await ask(under, 'new.example')).name === 'new.example';
      },
      { timeoutMs: 10_000, what: 'the new certificate' },
    );
    expect((await ask(under, 'new.example')).status).toBe(200);
  }, 60_000);

  it('C10: is refused with a key that everybody on the machine can read, or of another certificate', async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'sightline-tls-'));
    dirs.push(dir);
    await certificate(dir, 'cameras.example');
    const tls = { cert: path.join(dir, 'cert.pem'), key: path.join(dir, 'key.pem') };
    const refused = async (code: string) => {
      const under = new ServerUnderTest({ tls });
      await expect(under.start()).rejects.toMatchObject({ code });
      await under.accounts.close();
      await under.store.close();
    };
    await chmod(tls.key, 0o644);
    await refused('server/key-readable');
    await chmod(tls.key, 0o600);
    await writeFile(tls.cert, 'none');
    await refused('server/bad-certificate');
  });
});
