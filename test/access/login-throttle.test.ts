import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LoginThrottle } from '../../src/access/login-throttle.js';
import { silentLog, systemClock } from '../../src/base/index.js';
import { Store } from '../../src/store/index.js';
import { FakeClock } from '../support/fake-clock.js';

let dataDir: string;
let store: Store;
let clock: FakeClock;
let throttle: LoginThrottle;
async function open(): Promise<void> {
  store = await Store.open({ dataDir, clock: systemClock, log: silentLog });
  throttle = await LoginThrottle.open({ clock, log: silentLog, table: store.table('access') });
}
async function close(): Promise<void> {
  await throttle.close();
  await store.close();
}
/** The server stops, and another starts whose clocks say what they say. */
async function restart(after: FakeClock): Promise<void> {
  await close();
  clock = after;
  await open();
}
beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'sightline-throttle-'));
  clock = new FakeClock();
  await open();
});
afterEach(async () => {
  await close();
  rmSync(dataDir, { recursive: true });
});
const isBorne = (account: string, address: string) => {
  try {
    throttle.begin(account, address);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'access/too-many-attempts' });
    return false;
  }
};
/** How many attempts are borne before the first that is not. */
const borne = (account: string, address: string) => {
  let count = 0;
  while (count < 1000 && isBorne(account, address)) count++;
  return count;
};

describe('the login throttle', () => {
  it('bears five failures of one name from one address, and waits twice as long after each further one', () => {
    expect(borne('ada', '10.0.0.1')).toBe(5);
    for (const waitMs of [60_000, 120_000, 240_000]) {
      clock.advance(waitMs - 1);
      expect(isBorne('ada', '10.0.0.1')).toBe(false);
      clock.advance(1);
      expect(isBorne('ada', '10.0.0.1')).toBe(true);
    }
  });

  it('lets others sign in meanwhile, and the same person from elsewhere', () => {
    borne('ada', '10.0.0.1');
    expect(isBorne('bea', '10.0.0.1')).toBe(true);
    expect(isBorne('ada', '10.0.0.2')).toBe(true);
  });

  it('bears twenty failures from one address, whatever names it tries', () => {
    let count = 0;
    while (isBorne(`name${count}`, '10.0.0.1')) count++;
    expect(count).toBe(20);
    expect(isBorne('ada', '10.0.0.2')).toBe(true);
  });

  it('bears a hundred failures of one name from many addresses, and then waits half a minute only', () => {
    let count = 0;
    while (isBorne('ada', `10.0.0.${count}`)) count++;
    expect(count).toBe(100);
    clock.advance(30_000);
    expect(isBorne('ada', '10.1.0.1')).toBe(true);
  });

  it('forgets what a right password was preceded by, but not what the address did to other names', () => {
    for (let n = 0; n < 4; n++) isBorne('ada', '10.0.0.1');
    isBorne('ada', '10.0.0.1');
    throttle.succeed('ada', '10.0.0.1');
    expect(borne('ada', '10.0.0.1')).toBe(5);
    let count = 0;
    while (isBorne(`name${count}`, '10.0.0.1')) {
      // An account of one's own clears nothing between guesses at others.
      if (isBorne('eve', '10.0.0.1')) throttle.succeed('eve', '10.0.0.1');
      count++;
    }
    expect(count).toBeLessThan(20);
  });

  it('forgets a failure after a quarter of an hour', () => {
    for (let n = 0; n < 4; n++) isBorne('ada', '10.0.0.1');
    clock.advance(15 * 60_000);
    expect(borne('ada', '10.0.0.1')).toBe(5);
  });

  it('counts the addresses of an IPv6 network as one, and those of another apart', () => {
    let count = 0;
    while (isBorne(`name${count}`, `2001:db8:0:1::${count.toString(16)}`)) count++;
    expect(count).toBe(20);
    expect(isBorne('ada', '2001:0db8:0000:0001:ffff:ffff:ffff:ffff')).toBe(false);
    expect(isBorne('ada', '2001:db8:0:2::1')).toBe(true);
    expect(isBorne('ada', '::1')).toBe(true);
  });
});

describe('a restart', () => {
  it('gives nobody a fresh allowance, also while somebody waits', async () => {
    for (let n = 0; n < 4; n++) isBorne('ada', '10.0.0.1');
    clock.advance(1000);
    await restart(new FakeClock({ wallMs: clock.wallMs() }));
    expect(borne('ada', '10.0.0.1')).toBe(1);
    clock.advance(20_000);
    await restart(new FakeClock({ wallMs: clock.wallMs() }));
    expect(isBorne('ada', '10.0.0.1')).toBe(false);
    expect(isBorne('bea', '10.0.0.2')).toBe(true);
    clock.advance(39_999);
    expect(isBorne('ada', '10.0.0.1')).toBe(false);
    clock.advance(1);
    expect(isBorne('ada', '10.0.0.1')).toBe(true);
    expect(isBorne('ada', '10.0.0.1')).toBe(false);
  });

  it('remembers what was forgiven and what was forgotten', async () => {
    for (let n = 0; n < 5; n++) isBorne('ada', '10.0.0.1');
    throttle.succeed('ada', '10.0.0.1');
    await restart(new FakeClock({ wallMs: clock.wallMs() }));
    expect(borne('ada', '10.0.0.1')).toBe(5);
    await restart(new FakeClock({ wallMs: clock.wallMs() + 15 * 60_000 }));
    expect(borne('ada', '10.0.0.1')).toBe(5);
  });

  it('with a clock that was set back keeps nobody out for longer than a quarter of an hour', async () => {
    borne('ada', '10.0.0.1');
    await restart(new FakeClock({ wallMs: 0 }));
    expect(isBorne('ada', '10.0.0.1')).toBe(false);
    clock.advance(15 * 60_000);
    expect(isBorne('ada', '10.0.0.1')).toBe(true);
  });

  it('keeps 20 000 keys at most, the most recent ones, and tells nobody who was meant', async () => {
    for (let n = 0; n < 4; n++) isBorne('old', '10.0.0.1');
    clock.advance(1);
    for (let n = 0; n < 10_000; n++) isBorne(`name${n}`, `10.1.${n >> 8}.${n & 255}`);
    clock.advance(1);
    for (let n = 0; n < 4; n++) isBorne('ada', '10.0.0.2');
    await close();
    const database = new Database(path.join(dataDir, 'sightline.db'));
    const rows = database.prepare('SELECT key FROM login_failures').all([]) as { key: string }[];
    database.close();
    expect(rows.length).toBe(20_000);
    expect(rows.every(({ key }) => /^[0-9a-f]{64}$/.test(key))).toBe(true);
    await open();
    expect(borne('ada', '10.0.0.2')).toBe(1);
    expect(borne('old', '10.0.0.1')).toBe(5);
  });
});
