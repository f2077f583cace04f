import { Duplex } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FramedLink } from '../../src/engine/framing.js';

/** A stream that keeps what is written to it, and shows what is pushed into it. */
function openStream() {
  const written: Buffer[] = [];
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      written.push(Buffer.from(chunk));
      done();
    },
  });
  return { stream, written };
}

function encode(messages: readonly { message: unknown; payload: Buffer }[]): Buffer {
  const { stream, written } = openStream();
  const link = new FramedLink<unknown, unknown>(stream, () => undefined);
  for (const { message, payload } of messages) link.send(message, payload);
  return Buffer.concat(written);
}

describe('FramedLink', () => {
  it('delivers messages and payloads whole and in order, however the bytes are split', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ message: fc.jsonValue(), payload: fc.uint8Array({ maxLength: 300 }) }), {
          maxLength: 8,
        }),
        fc.array(fc.integer({ min: 1, max: 97 }), { minLength: 1, maxLength: 20 }),
        async (sent, sizes) => {
          const bytes = encode(
            sent.map(({ message, payload }) => ({ message, payload: Buffer.from(payload) })),
          );
          const got: { message: unknown; payload: number[] }[] = [];
          const { stream } = openStream();
          new FramedLink<unknown, unknown>(stream, (message, payload) =>
            got.push({ message, payload: [...payload] }),
          );
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const size = sizes[i % sizes.length]!;
            stream.push(bytes.subarray(at, at + size));
            at += size;
          }
          await new Promise((resolve) => setImmediate(resolve));
          // JSON has no -0.
          const plain: unknown = JSON.parse(JSON.stringify(sent.map((s) => ({ message: s.message, payload: [...s.payload] })))); // prettier-ignore
          expect(got).toEqual(plain);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('gives up on a stream that announces more than any message has', async () => {
    const { stream } = openStream();
    new FramedLink<unknown, unknown>(stream, () => undefined);
    const broken = new Promise<Error>((resolve) => stream.once('error', resolve));
    stream.push(Buffer.alloc(8, 0xff));
    expect((await broken).message).toContain('4294967295');
  });
});
