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

  it('says by how much one is ahead of the least served that asks, and forgets who has stopped asking', () => {
    const shares = new FairShare<ReturnType<typeof contender>>();
    const eager = contender('eager');
    const patient = contender('patient', false);
    for (const one of [eager, patient]) shares.add(one);
    shares.ask(patient, 0);
    for (let i = 0; i < 3; i++) shares.next();
    shares.ask(eager, 100);
    expect(shares.lead(eager, 100)).toBe(3);
    expect(shares.lead(patient, 100)).toBe(0);
    expect(shares.lead(eager, 900)).toBe(0);
  });

  it('lets one that begins to ask after idling start level with the others', () => {
    const shares = new FairShare<ReturnType<typeof contender>>();
    const busy = contender('busy');
    const back = contender('back', false);
    for (const one of [busy, back]) shares.add(one);
    for (let i = 0; i < 100; i++) shares.next();
    shares.ask(back, 0);
    expect(shares.lead(busy, 0)).toBe(1);
  });

  it('owes one that went on asking all the turns that others had meanwhile', () => {
    const shares = new FairShare<ReturnType<typeof contender>>();
    const busy = contender('busy');
    const asking = contender('asking', false);
    for (const one of [busy, asking]) shares.add(one);
    shares.ask(asking, 0);
    for (let i = 0; i < 6; i++) shares.next();
    asking.ready = true;
    for (let i = 0; i < 3; i++) {
      shares.ask(asking, 0);
      expect(shares.next()?.name).toBe('asking');
    }
    for (const one of [busy, asking]) shares.ask(one, 0);
    expect(shares.lead(busy, 0)).toBe(3);
  });
});
