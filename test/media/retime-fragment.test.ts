import { describe, expect, it } from '@jest/globals';
import { AppError } from '../../src/base/index.js';
import { readFragmentHead } from '../../src/media/fmp4.js';
import { findBox } from '../../src/media/mp4-box.js';
import { retimeFragment } from '../../src/media/retime-fragment.js';
import { ffmpegPrograms, makeClip } from '../support/clips.js';
import { fragmentClip } from '../support/fragments.js';

const clip = await makeClip({ container: 'mp4', seconds: 1 });

describe.each(ffmpegPrograms)('a fragment of the $name FFmpeg', ({ path: program }) => {
  it('gets another time and length, and stays as it was besides', async () => {
    const { fragments } = await fragmentClip(program, clip.path);
    expect(fragments.length).toBeGreaterThan(10);
    for (const { bytes, isKeyframe, ptsTicks, dtsTicks, sampleCount, payloadStart } of fragments) {
      const moved = Buffer.from(bytes);
      retimeFragment(moved, { dtsTicks: 8_640_000_123, durationTicks: 9000 });
      expect(readFragmentHead(moved, { defaultSampleFlags: 0 })).toMatchObject({
        ...{ dtsTicks: 8_640_000_123, durationTicks: 9000, isKeyframe, sampleCount, payloadStart },
        ptsTicks: 8_640_000_123 + ptsTicks - dtsTicks,
      });
      expect(moved.subarray(payloadStart).equals(bytes.subarray(payloadStart))).toBe(true);
    }
  });

  it('that does not say its length is refused', async () => {
    const { fragments } = await fragmentClip(program, clip.path);
    const bytes = Buffer.from(fragments[0]!.bytes);
    const tfhd = findBox(bytes, 0, bytes.readUInt32BE(0), 'moof', 'traf', 'tfhd');
    bytes.writeUIntBE(bytes.readUIntBE(tfhd.start + 1, 3) & ~0x8, tfhd.start + 1, 3);
    const refused = () => retimeFragment(bytes, { dtsTicks: 0, durationTicks: 1 });
    expect(refused).toThrow(AppError);
    expect(refused).toThrow(/does not say how long it is/);
  });
});
