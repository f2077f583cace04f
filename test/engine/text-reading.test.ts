import { describe, expect, it } from '@jest/globals';
import { silentLog } from '../../src/base/index.js';
import { TextReading, type TextThread } from '../../src/engine/text-reading.js';

function opening() {
  const opened: { resolve: () => void; reject: (error: Error) => void; closed: number }[] = [];
  const reading = new TextReading(
    () =>
      new Promise<TextThread>((resolve, reject) => {
        const one = { closed: 0, reject, resolve: () => resolve(thread) };
        const thread: TextThread = {
          ...{ version: `reader@${opened.length}`, isIdle: true },
          read: () => Promise.reject(new Error('not asked for')),
          close: () => Promise.resolve(void one.closed++),
        };
        opened.push(one);
      }),
    silentLog,
  );
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { reading, opened, settled };
}

describe('the thread that reads for all cameras', () => {
  it('is opened once, when the first camera asks', async () => {
    const { reading, opened, settled } = opening();
    expect([opened.length, reading.thread]).toEqual([0, undefined]);
    reading.want();
    reading.want();
    opened[0]!.resolve();
    await settled();
    reading.want();
    expect([opened.length, reading.thread?.version]).toEqual([1, 'reader@0']);
    await reading.close();
    expect(opened[0]!.closed).toBe(1);
  });

  it('is tried again for the next camera where it could not be opened', async () => {
    const { reading, opened, settled } = opening();
    reading.want();
    opened[0]!.reject(new Error('no models'));
    await settled();
    expect(reading.thread).toBeUndefined();
    reading.want();
    opened[1]!.resolve();
    await settled();
    expect(reading.thread?.version).toBe('reader@1');
    await reading.close();
  });

  it('closes what is still being opened, and opens nothing afterwards', async () => {
    const { reading, opened } = opening();
    reading.want();
    const closed = reading.close();
    opened[0]!.resolve();
    await closed;
    reading.want();
    expect([opened.length, opened[0]!.closed, reading.thread]).toEqual([1, 1, undefined]);
    await reading.close();
    expect(opened[0]!.closed).toBe(1);
  });
});
