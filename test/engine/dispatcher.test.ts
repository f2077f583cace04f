import { describe, expect, it } from '@jest/globals';
import { Dispatcher, type FrameSource } from '../../src/engine/dispatcher.js';
import { FakeClock } from '../support/fake-clock.js';

class Pool {
  readonly size = 2;
  busy = 0;
  expectingNone = 0;
  /** Busy workers that are about to finish. */
  finishing = 0;

  get idle(): number {
    return this.size - this.busy;
  }

  freeWithin(): number {
    return this.idle + this.finishing;
  }

  /** Tells those who wait for a worker. */
  tellFree: () => void = () => undefined;

  whenFree(): Promise<void> {
    return new Promise((resolve) => (this.tellFree = resolve));
  }

  expectNone(): void {
    this.expectingNone++;
  }
}

/** A source whose frames stay in a worker until the test says so. */
class Source implements FrameSource {
  ready = false;
  claims = 0;
  taken = 0;
  readonly #pool: Pool;
  #finish: () => void = () => undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  offer(): void {
    this.ready = true;
    this.claims = 1;
  }

  analyseNext(): Promise<void> {
    this.ready = false;
    this.claims = 0;
    this.taken++;
    this.#pool.busy++;
    return new Promise((resolve) => (this.#finish = resolve));
  }

  async finish(): Promise<void> {
    this.#pool.busy--;
    this.#finish();
    await Promise.resolve();
  }
}

function setUp(count: number) {
  const pool = new Pool();
  const clock = new FakeClock();
  const dispatcher = new Dispatcher(pool, clock);
  const sources = Array.from({ length: count }, () => new Source(pool));
  for (const source of sources) dispatcher.add(source);
  return { pool, clock, dispatcher, sources };
}

describe('Dispatcher', () => {
  it('gives a frame the worker that comes free after something else than a frame', async () => {
    const { pool, dispatcher, sources } = setUp(1);
    pool.busy = 2;
    sources[0]!.offer();
    dispatcher.dispatch();
    expect(sources[0]!.taken).toBe(0);
    pool.busy = 1;
    pool.tellFree();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(sources[0]!.taken).toBe(1);
  });

  it('gives each idle worker a waiting frame, and the next one as soon as a worker is free', async () => {
    const { dispatcher, sources } = setUp(3);
    for (const source of sources) source.offer();
    dispatcher.dispatch();
    expect(sources.map(({ taken }) => taken)).toEqual([1, 1, 0]);
    await sources[0]!.finish();
    expect(sources.map(({ taken }) => taken)).toEqual([1, 1, 1]);
  });

  it('has room for as many pictures as workers are free or nearly, those being decoded included', () => {
    const { pool, dispatcher, sources } = setUp(3);
    const [a, b, c] = sources as [Source, Source, Source];
    expect(dispatcher.hasRoomFor(a)).toBe(true);
    a.claims = 1;
    expect(dispatcher.hasRoomFor(b)).toBe(true);
    b.claims = 1;
    expect(dispatcher.hasRoomFor(c)).toBe(false);
    a.claims = b.claims = 0;
    pool.busy = 2;
    expect(dispatcher.hasRoomFor(c)).toBe(false);
    pool.finishing = 1;
    expect(dispatcher.hasRoomFor(c)).toBe(true);
  });

  it('lets one picture wait once the workers have been busy for long, so that none is ever idle', () => {
    const { clock, pool, dispatcher, sources } = setUp(2);
    const [a, b] = sources as [Source, Source];
    for (const source of [a, b]) source.offer();
    dispatcher.dispatch();
    expect(pool.idle).toBe(0);
    expect(dispatcher.hasRoomFor(a)).toBe(false);
    clock.advance(5000);
    expect(dispatcher.hasRoomFor(a)).toBe(true);
    a.offer();
    expect(dispatcher.hasRoomFor(b)).toBe(false);
  });

  it('keeps a place for a source that has had fewer turns than others, as long as it asks', () => {
    const { clock, dispatcher, sources } = setUp(2);
    const [eager, patient] = sources as [Source, Source];
    dispatcher.hasRoomFor(patient);
    for (let i = 0; i < 3; i++) {
      eager.offer();
      dispatcher.dispatch();
      void eager.finish();
    }
    expect(dispatcher.hasRoomFor(eager)).toBe(false);
    expect(dispatcher.hasRoomFor(patient)).toBe(true);
    clock.advance(1000);
    expect(dispatcher.hasRoomFor(eager)).toBe(true);
  });

  it('says when no picture is on its way, so that a worker waits for none', () => {
    const { pool, dispatcher, sources } = setUp(2);
    const [a, b] = sources as [Source, Source];
    b.claims = 1;
    a.offer();
    dispatcher.dispatch();
    expect(pool.expectingNone).toBe(0);
    b.offer();
    dispatcher.dispatch();
    expect(pool.expectingNone).toBe(1);
  });
});
