import { describe, expect, it } from '@jest/globals';
import { AppError, createLog } from '../../src/base/index.js';
import type { DurableMessage } from '../../src/events/index.js';
import { Journal } from '../../src/store/journal.js';
import { FakeClock } from '../support/fake-clock.js';

const message = (reason: string): DurableMessage => ({
  v: 1,
  type: 'camera.status',
  camera: 'gate',
  time: '2026-05-04T09:30:12.480Z',
  status: { state: 'live', reason, transcoded: false },
});

/** A journal over a table that does as told: what is written, and by what it is refused. */
async function open() {
  const clock = new FakeClock();
  const written: string[] = [];
  const logLines: string[] = [];
  let refusal: AppError | undefined;
  const table = {
    read: () => Promise.resolve([]),
    write: (_: string, rows: readonly { readonly body: string }[]) => {
      if (refusal !== undefined) return Promise.reject(refusal);
      const firstOfBatch = written.length + 1;
      written.push(
        ...rows.map(({ body }) => (JSON.parse(body) as { status: { reason: string } }).status.reason),
      );
      return Promise.resolve({ firstOfBatch, state: { lastSeq: written.length, firstSeq: 1, bytes: 0 } });
    },
  };
  const log = createLog('info', (line) => logLines.push(line));
  const journal = await Journal.open({ table: table as never, clock, log, limit: 'the disk' });
  const refuse = (code?: string) =>
    (refusal = code === undefined ? undefined : new AppError(code, 'unavailable', 'disk I/O error'));
  return { journal, clock, written, logLines, refuse };
}

describe('a journal whose disk refuses what is written', () => {
  it('keeps messages, says why, tries again later and later, and numbers them in their order', async () => {
    const { journal, clock, written, logLines, refuse } = await open();
    refuse('store/disk-refuses');
    const appended = ['a', 'b'].map((reason) => journal.append(message(reason)));
    await clock.advanceAsync(1000);
    appended.push(journal.append(message('c')));
    await clock.advanceAsync(20_000);
    expect(written).toEqual([]);
    expect(journal.failure).toBe('messages wait in memory: disk I/O error');
    expect(logLines.filter((line) => line.includes('kept in memory'))).toHaveLength(1);
    refuse();
    await clock.advanceAsync(2400);
    expect((await Promise.all(appended)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(written).toEqual(['a', 'b', 'c']);
    expect(journal.failure).toBeUndefined();
  });

  it('tries once more when it is closed, and then gives them up', async () => {
    const { journal, clock, written, refuse } = await open();
    refuse('store/disk-refuses');
    const lost = journal.append(message('lost')).catch((error: AppError) => error.code);
    await clock.advanceAsync(1000);
    await journal.close();
    expect(await lost).toBe('store/disk-refuses');

    const other = await open();
    other.refuse('store/disk-refuses');
    const kept = other.journal.append(message('kept'));
    await other.clock.advanceAsync(1000);
    other.refuse();
    await other.journal.close();
    expect((await kept).seq).toBe(1);
    expect([written, other.written]).toEqual([[], ['kept']]);
  });

  it('does not try again what would never be taken', async () => {
    const { journal, refuse, written } = await open();
    refuse('store/write-failed');
    await expect(journal.append(message('bad'))).rejects.toMatchObject({ code: 'store/write-failed' });
    refuse();
    expect((await journal.append(message('good'))).seq).toBe(1);
    expect(written).toEqual(['good']);
  });
});
