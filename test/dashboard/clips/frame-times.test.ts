import { describe, expect, it } from '@jest/globals';
import { frameTimes, indexEnd } from '../../../dashboard/src/clips/frame-times.js';
import { movieHead } from '../../../src/media/movie-file.js';
import { ffmpegPrograms, makeClip } from '../../support/clips.js';
import { fragmentClip } from '../../support/fragments.js';

describe('frameTimes', () => {
  it('reads when each picture is shown from the index that the server writes, B-frames and a pause included', async () => {
    const clip = await makeClip({ seconds: 2, fps: 25, gopFrames: 25, container: 'mp4' });
    const { initSegment } = await fragmentClip(ffmpegPrograms[0]!.path, clip.path);
    // Decoded in another order than shown, and with a pause of a second.
    const dtsTicks = [0, 3600, 7200, 10_800, 104_400];
    const ptsTicks = [7200, 18_000, 10_800, 14_400, 111_600];
    const bytes = dtsTicks.map(() => 100);
    const isKeyframe = dtsTicks.map((_, at) => at === 0);
    const head = movieHead(initSegment, { dtsTicks, ptsTicks, bytes, isKeyframe, lastDurationTicks: 3600 });
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    expect(frameTimes(view)).toEqual([0, 40, 80, 120, 1160]);
    // All but the header of the pictures themselves.
    expect(indexEnd(view)).toBe(head.length - 8);
    expect(frameTimes(new DataView(view.buffer, view.byteOffset, 200))).toBeUndefined();
    expect(indexEnd(new DataView(view.buffer, view.byteOffset, 20))).toBeUndefined();
  });
});
