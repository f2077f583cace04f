import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type net from 'node:net';
import { noRecordings } from '../support/no-recordings.js';
import { waitFor } from '../support/wait-for.js';
import { ServerUnderTest } from './server-under-test.js';

const CHUNK_BYTES = 64 * 1024;
const CLIP_BYTES = 64 * 1024 * 1024;

let under: ServerUnderTest;
beforeAll(async () => {
  under = await ServerUnderTest.open();
});
afterAll(() => under.tearDown());

it('F42: of fifty clips that are hardly read, little is read ahead; others are answered, and a reader who leaves lets go of the files', async () => {
  let [readBytes, open] = [0, 0];
  const range = { fromMs: 0, toMs: 1000 };
  under.recordings = {
    ...noRecordings,
    clip: () =>
      Promise.resolve({
        ranges: [range],
        bytes: CLIP_BYTES,
        etag: 'a',
        async *read() {
          open++;
          try {
            for (let at = 0; at < CLIP_BYTES; at += CHUNK_BYTES) {
              readBytes += CHUNK_BYTES;
              yield await Promise.resolve(Buffer.alloc(CHUNK_BYTES));
            }
          } finally {
            open--;
          }
        },
      }),
  };
  const address = '/api/v1/recordings/gate/clip.mp4?from=2026-05-04T09:00:00Z&to=2026-05-04T09:10:00Z';
  const sockets: net.Socket[] = [];
  for (let n = 0; n < 50; n++) {
    const socket = await under.raw();
    socket.pause();
    socket.write(`GET ${address} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    sockets.push(socket);
  }
  await waitFor(() => open === 50, { timeoutMs: 10_000, what: 'fifty clips to be sent' });
  let before = -1;
  await waitFor(
    async () => {
      // What the kernel's buffers take; then nobody reads, and nothing goes on.
      for (let n = 0; n < 5; n++) await under.fetch('/livez');
      const isStill = before === readBytes;
      before = readBytes;
      return isStill;
    },
    { timeoutMs: 20_000, what: 'the sending to stand still' },
  );
  // What the kernel's buffers took; 3.4 GB were asked for.
  expect(readBytes).toBeLessThan(50 * 10 * 1024 * 1024);
  expect((await under.fetch('/livez')).status).toBe(200);
  for (const socket of sockets) socket.destroy();
  await waitFor(() => open === 0, { timeoutMs: 10_000, what: 'all files to be let go' });
}, 60_000);
