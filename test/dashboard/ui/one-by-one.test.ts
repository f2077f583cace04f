import { describe, expect, it } from '@jest/globals';
import { oneByOne } from '../../../dashboard/src/ui/one-by-one.js';
import { Held } from '../../support/held.js';

describe('tasks one by one', () => {
  it('begin when all before them have ended, in the order in which they were given', async () => {
    const inOrder = oneByOne();
    const log: string[] = [];
    const first = new Held();
    const done = [
      inOrder(async () => {
        log.push('first begins');
        await first.promise;
        log.push('first ends');
      }),
      inOrder(() => Promise.resolve(log.push('second'))),
      inOrder(() => Promise.resolve(log.push('third'))),
    ];
    await Promise.resolve();
    expect(log).toEqual(['first begins']);
    first.release();
    await Promise.all(done);
    expect(log).toEqual(['first begins', 'first ends', 'second', 'third']);
  });

  it('go on after one that has failed, which alone is told so', async () => {
    const inOrder = oneByOne();
    const failed = inOrder(() => Promise.reject(new Error('no')));
    const next = inOrder(() => Promise.resolve(7));
    await expect(failed).rejects.toThrow('no');
    await expect(next).resolves.toBe(7);
  });
});
