import { once } from 'node:events';
import type net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ServerUnderTest } from './server-under-test.js';

let under: ServerUnderTest;
beforeAll(async () => {
  under = await ServerUnderTest.open();
});
afterAll(() => under.tearDown());

/** One masked frame as a client sends it; the mask is zero, so that the payload stays readable. */
function masked(firstByte: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([firstByte, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

/** The code of the close frame that a raw connection gets. */
async function closeCodeOf(socket: net.Socket): Promise<number> {
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  await once(socket, 'end');
  const bytes = Buffer.concat(parts);
  const at = bytes.lastIndexOf(0x88);
  return bytes.readUInt16BE(at + 2);
}

/** The status line of the answer to what is written. */
async function statusOf(text: string): Promise<string> {
  const socket = await under.raw();
  let answer = '';
  socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
  const closed = once(socket, 'close');
  socket.write(text);
  await closed;
  return answer.split('\r\n')[0] ?? '';
}

describe('the frames of a hostile WebSocket', () => {
  it.each([
    ['W11: text that is not UTF-8', masked(0x81, Buffer.from([0xc3, 0x28])), 1007],
    ['W11: reserved bits', masked(0xc1, Buffer.from('{}')), 1002],
    ['W11: an unknown opcode', masked(0x83, Buffer.from('{}')), 1002],
    ['W11: no mask', Buffer.from([0x81, 0x02, 0x7b, 0x7d]), 1002],
  ])('%s: closes it', async (_what, frame, code) => {
    const socket = await under.rawStream();
    socket.write(frame);
    expect(await closeCodeOf(socket)).toBe(code);
    expect((await under.fetch('/livez')).status).toBe(200);
  });

  it('W6: are never compressed, so that nothing small becomes large', async () => {
    const socket = under.webSocket('/api/v1/stream', ['sightline.v1'], { perMessageDeflate: true });
    await once(socket, 'open');
    expect(socket.extensions).toBe('');
  });

  it('W12: very many headers, or a very long subprotocol, are refused before the upgrade', async () => {
    const start =
      'GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
    const many = Array.from({ length: 2000 }, (_, n) => `X-${n}: padding\r\n`).join('');
    expect(await statusOf(`${start}${many}\r\n`)).toMatch(/^HTTP\/1.1 431 /);
    expect(await statusOf(`${start}Sec-WebSocket-Protocol: ${'a, '.repeat(3000)}b\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 400 /,
    );
    expect((await under.fetch('/livez')).status).toBe(200);
  });
});
