import { describe, expect, it } from '@jest/globals';
import { FragmentParser, markPicture, type Mp4Fragment } from '../../src/media/index.js';
import { ffmpegPrograms, makeClip } from '../support/clips.js';
import { fragmentClip } from '../support/fragments.js';

describe('markPicture', () => {
  it('makes the times of wanted pictures odd and of others even, by one tick at most, and changes nothing else', async () => {
    const program = ffmpegPrograms[0]!.path;
    const { path: file } = await makeClip({ fps: 10, seconds: 2, gopFrames: 10, container: 'mp4' });
    const { initSegment, fragments } = await fragmentClip(program, file);
    for (const isWanted of [true, false]) {
      const marked: Mp4Fragment[] = [];
      const parser = new FragmentParser({ onInit: () => undefined, onFragment: (one) => marked.push(one) });
      parser.push(Buffer.from(initSegment));
      for (const { bytes, ptsTicks } of fragments) {
        const copy = Buffer.from(bytes);
        markPicture(copy, ptsTicks, isWanted);
        parser.push(copy);
      }
      expect(marked).toHaveLength(fragments.length);
      for (const [at, { ptsTicks, bytes, payloadStart }] of marked.entries()) {
        const before = fragments[at]!;
        expect(ptsTicks % 2).toBe(isWanted ? 1 : 0);
        expect(Math.abs(ptsTicks - before.ptsTicks)).toBeLessThanOrEqual(1);
        expect(bytes.subarray(payloadStart).equals(before.bytes.subarray(payloadStart))).toBe(true);
      }
    }
  });
});
