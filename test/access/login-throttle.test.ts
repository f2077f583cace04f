import { beforeEach, describe, expect, it } from '@jest/globals';
import { LoginThrottle } from '../../src/access/login-throttle.js';
import { FakeClock } from '../support/fake-clock.js';

let clock: FakeClock;
let throttle: LoginThrottle;
beforeEach(() => {
  clock = new FakeClock();
  throttle = new LoginThrottle({ clock });
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
});
