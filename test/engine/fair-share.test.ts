import { describe, expect, it } from '@jest/globals';
import { FairShare } from '../../src/engine/fair-share.js';

function contender(name: string, ready = true) {
  return { name, ready };
}

describe('FairShare', () => {
  it('serves all that have work equally, whatever their number', () => {
    const shares = new FairShare<ReturnType<typeof contender>>();
    const all = ['a', 'b', 'c'].map((name) => contender(name));
    for (const one of all) shares.add(one);
    const turns = new Map<string, number>();
    for (let i = 0; i < 300; i++) {
      const { name } = shares.next()!;
      turns.set(name, (turns.get(name) ?? 0) + 1);
    }
    expect([...turns.values()]).toEqual([100, 100, 100]);
  });

  it('gives nothing when nobody has work', () => {
    const shares = new FairShare<ReturnType<typeof contender>>();
    shares.add(contender('a', false));
    expect(shares.next()).toBeUndefined();
  });

  it('lets one that was idle for long save up no turns', () => {
    const shares = new FairShare<ReturnType<typeof contender>>();
    const busy = contender('busy');
    const idle = contender('idle', false);
    shares.add(busy);
    shares.add(idle);
    for (let i = 0; i < 1000; i++) shares.next();
    idle.ready = true;
    const next = Array.from({ length: 10 }, () => shares.next()!.name);
    expect(next.filter((name) => name === 'idle')).toHaveLength(5);
  });

  it('treats a newcomer as an equal, not as one who is owed', () => {
    const shares = new FairShare<ReturnType<typeof contender>>();
    shares.add(contender('old'));
    for (let i = 0; i < 1000; i++) shares.next();
    shares.add(contender('new'));
    const next = Array.from({ length: 10 }, () => shares.next()!.name);
    expect(next.filter((name) => name === 'new').length).toBeLessThanOrEqual(6);
  });
});
