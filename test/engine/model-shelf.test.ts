import { describe, expect, it } from '@jest/globals';
import { AppError } from '../../src/base/index.js';
import type { EngineModel } from '../../src/engine/messages.js';
import { ModelShelf } from '../../src/engine/model-shelf.js';

const model = (path: string): EngineModel => ({
  id: 'gate',
  source: { path },
  plan: { provider: 'cpu', isRequired: false },
});

interface Opening {
  readonly path: string;
  resolve(): void;
  reject(): void;
}

function setUp() {
  const openings: Opening[] = [];
  const heard: string[] = [];
  const closed: string[] = [];
  const shelf = new ModelShelf<{ path: string; close(): Promise<void> }>({
    open: ({ source }) => {
      const path = 'path' in source ? source.path : source.catalogueName;
      return new Promise((resolve, reject) =>
        openings.push({
          path,
          resolve: () => resolve({ path, close: () => Promise.resolve(void closed.push(path)) }),
          reject: () => reject(new AppError('model/invalid', 'input', `${path} is none`)),
        }),
      );
    },
    onReady: (id, pool, before) => heard.push(`${id}: ${pool.path} for ${before?.path ?? 'nothing'}`),
    onFailed: (id, error, isOldInUse) => heard.push(`${id}: ${error.message}, old in use ${isOldInUse}`),
  });
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { shelf, openings, heard, closed, settled };
}

describe('ModelShelf', () => {
  it('opens a model once, however often it is set', () => {
    const { shelf, openings } = setUp();
    shelf.set(model('a'));
    shelf.set(model('a'));
    expect(openings.map(({ path }) => path)).toEqual(['a']);
  });

  it('opens one that could not be opened when it is set once more', async () => {
    const { shelf, openings, heard, settled } = setUp();
    shelf.set(model('a'));
    openings[0]!.reject();
    await settled();
    shelf.set(model('a'));
    shelf.set(model('a'));
    expect(openings).toHaveLength(2);
    openings[1]!.resolve();
    await settled();
    expect(heard).toEqual(['gate: a is none, old in use false', 'gate: a for nothing']);
  });

  it('keeps the old model until the new one is ready, and closes it then', async () => {
    const { shelf, openings, heard, closed, settled } = setUp();
    shelf.set(model('a'));
    openings[0]!.resolve();
    await settled();
    shelf.set(model('b'));
    await settled();
    expect(shelf.get('gate')?.path).toBe('a');
    openings[1]!.resolve();
    await settled();
    expect(shelf.get('gate')?.path).toBe('b');
    expect(heard).toEqual(['gate: a for nothing', 'gate: b for a']);
    expect(closed).toEqual(['a']);
  });

  it('keeps the old model when the new one cannot be opened, and says so', async () => {
    const { shelf, openings, heard, closed, settled } = setUp();
    shelf.set(model('a'));
    openings[0]!.resolve();
    await settled();
    shelf.set(model('b'));
    openings[1]!.reject();
    await settled();
    expect(shelf.get('gate')?.path).toBe('a');
    expect(heard.at(-1)).toBe('gate: b is none, old in use true');
    expect(closed).toEqual([]);
  });

  it('closes what is ready after something else was asked for, and what is ready after the end', async () => {
    const { shelf, openings, heard, closed, settled } = setUp();
    shelf.set(model('a'));
    shelf.set(model('b'));
    openings[0]!.resolve();
    await settled();
    expect([heard, closed]).toEqual([[], ['a']]);
    await shelf.close();
    openings[1]!.resolve();
    await settled();
    expect([heard, closed]).toEqual([[], ['a', 'b']]);
  });
});
