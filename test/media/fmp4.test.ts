import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FragmentParser, newParameterSet, type Mp4Fragment, type Mp4Init } from '../../src/media/index.js';
import { ffmpegPrograms, makeClip } from '../support/clips.js';
import { remux } from './remux.js';

interface Parsed {
  readonly inits: Mp4Init[];
  readonly fragments: Mp4Fragment[];
}

function parse(chunks: Iterable<Buffer>): Parsed {
  const parsed: Parsed = { inits: [], fragments: [] };
  const parser = new FragmentParser({
    onInit: (init) => parsed.inits.push(init),
    onFragment: (fragment) => parsed.fragments.push(fragment),
  });
  for (const chunk of chunks) parser.push(chunk);
  return parsed;
}

const FPS = 10;
const FRAMES = 20;
const FRAME_TICKS = 90_000 / FPS;

describe.each(ffmpegPrograms)('FragmentParser on the output of the $name FFmpeg', ({ path: program }) => {
  let plain: Buffer;
  let reordered: Buffer;

  beforeAll(async () => {
    const options = { fps: FPS, seconds: FRAMES / FPS, container: 'mp4' as const };
    plain = await remux(program, (await makeClip(options)).path);
    reordered = await remux(program, (await makeClip({ ...options, bFrames: 2 })).path);
  }, 60_000);

  it('gives codec, size and timescale', () => {
    const [init] = parse([plain]).inits;
    expect(init).toMatchObject({
      codec: 'avc1.42c00b',
      widthPx: 320,
      heightPx: 180,
      timescale: 90_000,
      nalLengthBytes: 4,
    });
    expect(init?.parameterSets).toHaveLength(1);
  });

  it('gives a fragment for every frame, with its time and whether it is a keyframe', () => {
    const { fragments } = parse([plain]);
    expect(fragments.map(({ ptsTicks }) => ptsTicks)).toEqual(
      Array.from({ length: FRAMES }, (_, i) => i * FRAME_TICKS),
    );
    expect(fragments.map(({ isKeyframe }) => isKeyframe)).toEqual(
      Array.from({ length: FRAMES }, (_, i) => i % FPS === 0),
    );
  });

  it('gives presentation times where frames are reordered', () => {
    const { fragments } = parse([reordered]);
    const times = fragments.map(({ ptsTicks }) => ptsTicks);
    expect(times).not.toEqual([...times].sort((one, other) => one - other));
    const sorted = [...times].sort((one, other) => one - other);
    expect(sorted.map((ticks) => ticks - (sorted[0] ?? 0))).toEqual(
      Array.from({ length: FRAMES }, (_, i) => i * FRAME_TICKS),
    );
    expect(fragments.every(({ dtsTicks, ptsTicks }) => ptsTicks >= dtsTicks)).toBe(true);
  });

  it('gives the same however the bytes are cut', () => {
    const whole = parse([reordered]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 40 }), (sizes) => {
        const pieces: Buffer[] = [];
        for (let at = 0, turn = 0; at < reordered.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          pieces.push(reordered.subarray(at, at + size));
          at += size;
        }
        // Not toEqual, which takes seconds over this many bytes.
        expect(isDeepStrictEqual(parse(pieces), whole)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('finds no new parameter set in a stream that does not change', () => {
    const { inits, fragments } = parse([plain]);
    expect(fragments.map((fragment) => newParameterSet(fragment, inits[0]!))).toEqual(
      fragments.map(() => undefined),
    );
  });
});

describe('FragmentParser', () => {
  const box = (type: string, size: number, payload = Buffer.alloc(0)) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(size);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, payload]);
  };

  it.each([
    ['a box that is too large', box('moov', (64 << 20) + 1)],
    ['a box smaller than its head', box('moov', 4)],
    ['a box of no known size', box('mdat', 0)],
    ['frames without a fragment', box('mdat', 8)],
    ['what is no MP4', Buffer.from('<html><body>not found</body></html>')],
    ['a fragment before its init segment', Buffer.concat([box('moof', 8), box('mdat', 8)])],
    ['a fragment without frames', Buffer.concat([box('moof', 8), box('free', 8)])],
    ['an init segment without a track', box('moov', 8)],
    ['a box within that is larger than it', box('moov', 16, box('trak', 100))],
  ])('refuses %s', (_, bytes) => {
    expect(() => parse([bytes])).toThrow(expect.objectContaining({ code: 'media/fmp4-invalid' }));
  });

  it('throws nothing but its own errors at damaged bytes', async () => {
    const good = await remux(
      ffmpegPrograms[0]?.path ?? '',
      (await makeClip({ fps: FPS, seconds: 2, container: 'mp4' })).path,
    );
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, value) => {
        const damaged = Buffer.from(good.subarray(0, 8000));
        damaged[at % damaged.length] = value;
        try {
          parse([damaged]);
        } catch (error) {
          // A damaged name of a codec is a stream that cannot be played, not a broken file.
          expect(error).toMatchObject({
            code: expect.stringMatching(/^media\/(fmp4-invalid|codec-not-playable)$/),
          });
        }
      }),
      { numRuns: 500 },
    );
  });
});
