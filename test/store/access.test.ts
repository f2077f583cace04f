import { expect, it } from '@jest/globals';
import type { AuditEntry, SessionRow, TokenRow, UserRow } from '../../src/store/index.js';
import { describeStores } from '../support/stores.js';

const ada: UserRow = {
  id: 'u1',
  name: 'ada',
  role: 'admin',
  cameras: '"*"',
  password: 'scrypt…',
  issuer: null,
  subject: null,
  createdMs: 1,
};
const session: SessionRow = {
  ...{ id: 's1', hash: 'h1', userId: 'u1', createdMs: 1_777_000_000_000, seenMs: 1_777_000_000_001 },
  ...{ address: '::1', agent: 'curl' },
};
const token: TokenRow = {
  ...{ id: 't1', hash: 'h2', name: 'grafana', role: 'viewer', cameras: '["gate"]', only: '["metrics"]' },
  ...{ ownerId: null, createdMs: 5, expiresMs: null },
};
const entry = (what: string): AuditEntry => ({
  ...{
    time: '2026-05-04T09:30:12.480Z',
    who: 'ada',
    what,
    target: 'gate',
    detail: 'naïve \u{1f600}',
    address: '::1',
  },
});

describeStores((place) => {
  it('keeps users, sessions and tokens over restarts, and changes them together', async () => {
    const first = await place.open();
    const access = first.table('access');
    const put = (row: UserRow) => ({ type: 'put-user', row }) as const;
    await access.write('apply', [put(ada), { type: 'put-session', row: session }, { type: 'put-token', row: token }], []); // prettier-ignore
    await access.write('apply', [put({ ...ada, role: 'viewer' }), { type: 'touch-session', id: 's1', seenMs: 9 }], []); // prettier-ignore
    // The name is taken: nothing of it is done.
    await expect(
      access.write('apply', [{ type: 'remove-token', id: 't1' }, put({ ...ada, id: 'u2' })], []),
    ).rejects.toMatchObject({ code: 'store/write-failed' });
    await first.close();
    const again = (await place.open()).table('access');
    expect(await again.read('everything')).toEqual({
      users: [{ ...ada, role: 'viewer' }],
      sessions: [{ ...session, seenMs: 9 }],
      tokens: [token],
    });
    const removals = ['remove-user', 'remove-session', 'remove-token'] as const;
    const ids = ['u1', 's1', 't1'];
    await again.write('apply', removals.map((type, at) => ({ type, id: ids[at]! })), []); // prettier-ignore
    expect(await again.read('everything')).toEqual({ users: [], sessions: [], tokens: [] });
  });

  it('keeps the layouts of a user over restarts until the user is removed, and none of who is not there', async () => {
    const first = await place.open();
    const table = first.table('access');
    await table.write('apply', [{ type: 'put-user', row: ada }], []);
    expect(await table.read('layouts', 'u1')).toBeUndefined();
    await table.write('keepLayouts', 'u1', '["one"]');
    await table.write('keepLayouts', 'u1', '["naïve \u{1f600}"]');
    await table.write('keepLayouts', 'u2', '["of nobody"]');
    await first.close();
    const again = (await place.open()).table('access');
    expect(await again.read('layouts', 'u1')).toBe('["naïve \u{1f600}"]');
    expect(await again.read('layouts', 'u2')).toBeUndefined();
    await again.write('apply', [{ type: 'put-user', row: { ...ada, role: 'viewer' } }], []);
    expect(await again.read('layouts', 'u1')).toBe('["naïve \u{1f600}"]');
    await again.write('apply', [{ type: 'remove-user', id: 'u1' }], []);
    expect(await again.read('layouts', 'u1')).toBeUndefined();
  });

  it('chains what was done, and finds it whole', async () => {
    const access = (await place.open()).table('access');
    await access.write('apply', [], [entry('login'), entry('logout')]);
    await access.write('apply', [], [entry('picture.view')]);
    const records = await access.read('audit', Number.MAX_SAFE_INTEGER, 2);
    expect(records).toMatchObject([
      { ...entry('picture.view'), seq: 3 },
      { ...entry('logout'), seq: 2 },
    ]);
    expect(await access.read('audit', 2, 10)).toMatchObject([{ what: 'login' }]);
    expect(await access.read('checkAudit')).toEqual({
      ...{ entries: 3, head: records[0]!.hash, anchor: { seq: 0, hash: '0'.repeat(64) } },
    });
  });

  it('knows users by what their issuer calls them, and each of them once', async () => {
    const access = (await place.open()).table('access');
    const put = (row: UserRow) => access.write('apply', [{ type: 'put-user', row }], []);
    const eve: UserRow = { ...ada, id: 'u2', name: 'eve', password: '', issuer: 'https://id.example', subject: '7' }; // prettier-ignore
    const bob: UserRow = { ...ada, id: 'u3', name: 'bob' };
    for (const row of [ada, eve, bob]) await put(row);
    await expect(put({ ...eve, id: 'u4', name: 'eve-too' })).rejects.toMatchObject({
      code: 'store/write-failed',
    });
    // Who somebody is does not change.
    await put({ ...eve, role: 'viewer', subject: '8' });
    const { users } = await access.read('everything');
    const byName = users.sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(byName).toEqual([ada, bob, { ...eve, role: 'viewer' }]);
  });

  it('keeps failed logins over restarts, the newest first, until they are forgotten', async () => {
    const first = await place.open();
    const failed = (key: string, count: number, lastMs: number) => ({
      key,
      count,
      lastMs,
      blockedUntilMs: 0,
    });
    const startMs = 1_777_000_000_000;
    const rows = ['a', 'b', 'c', 'd'].map((key, at) => failed(key, 1, startMs + at));
    await first.table('access').write('keepFailures', rows, []);
    const again = { ...failed('b', 6, startMs + 9), blockedUntilMs: startMs + 60_009 };
    await first.table('access').write('keepFailures', [again], ['d', 'unknown']);
    await first.table('access').write('keepFailures', [], []);
    await first.close();
    const access = (await place.open()).table('access');
    expect(await access.read('failures', 10)).toEqual([again, rows[2], rows[0]]);
    expect(await access.read('failures', 1)).toEqual([again]);
    expect(await access.write('forgetFailures', startMs + 2)).toBe(1);
    expect(await access.read('failures', 10)).toEqual([again, rows[2]]);
  });
});
