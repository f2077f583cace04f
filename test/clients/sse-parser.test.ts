import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SseParser, type SseEvent } from '../../clients/typescript/src/sse-parser.js';

const parse = (pieces: readonly Uint8Array[]): SseEvent[] => {
  const parser = new SseParser();
  return pieces.flatMap((piece) => parser.push(piece));
};
const bytes = (text: string) => new TextEncoder().encode(text);

describe('SseParser', () => {
  it('reads ids, data over several lines, comments and events with an id alone', () => {
    const text = 'retry: 1000\n\n: a comment\n\nid: 7\ndata: {"a":\ndata: 1}\n\nid: 9\n\ndata:x\n\n';
    expect(parse([bytes(text)])).toEqual([{ id: '7', data: '{"a":\n1}' }, { id: '9' }, { data: 'x' }]);
  });

  it('leaves out an event that did not come whole', () => {
    expect(parse([bytes('id: 7\ndata: whole\n\nid: 8\ndata: hal')])).toEqual([{ id: '7', data: 'whole' }]);
  });

  it('reads the same wherever the network cuts, in the middle of letters and line ends too', () => {
    const events = fc.array(
      fc.record({ id: fc.nat(), text: fc.string({ unit: 'grapheme', maxLength: 20 }) }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(events, fc.constantFrom('\n', '\r\n', '\r'), fc.array(fc.nat(400)), (told, end, cuts) => {
        const texts = told.map(({ id, text }) => ({ id: String(id), data: JSON.stringify(text) }));
        const all = bytes(texts.map(({ id, data }) => `id: ${id}${end}data: ${data}${end}${end}`).join(''));
        const places = [0, ...cuts.filter((cut) => cut < all.length).sort((a, b) => a - b), all.length];
        const pieces = places.slice(1).map((to, index) => all.subarray(places[index], to));
        expect(parse(pieces)).toEqual(texts);
      }),
    );
  });

  it('refuses what never ends', () => {
    const parser = new SseParser();
    expect(() => {
      for (let n = 0; n < 10; n++) parser.push(bytes('x'.repeat(1024 * 1024)));
    }).toThrow(RangeError);
  });
});
