import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '../../src/base/index.js';
import {
  findFfmpeg,
  FORMATS,
  FragmentParser,
  parseSource,
  remuxArguments,
  startFfmpeg,
  type Mp4Fragment,
  type Mp4Init,
} from '../../src/media/index.js';
import { ffmpegPrograms, makeClip } from '../support/clips.js';
import { remux } from './remux.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sightline-remux-'));
});
afterAll(() => rm(folder, { recursive: true }));

function parse(bytes: Buffer): { init: Mp4Init | undefined; fragments: Mp4Fragment[] } {
  let init: Mp4Init | undefined;
  const fragments: Mp4Fragment[] = [];
  new FragmentParser({
    onInit: (found) => (init = found),
    onFragment: (fragment) => fragments.push(fragment),
  }).push(bytes);
  return { init, fragments };
}

const steps = (ticks: readonly number[]) => ticks.slice(1).map((value, index) => value - (ticks[index] ?? 0));

describe.each(ffmpegPrograms)('the remux of the $name FFmpeg', ({ path: program }) => {
  it.each([0, 2])('goes on evenly when a file with %d B-frames begins again', async (bFrames) => {
    const clip = await makeClip({ fps: 10, seconds: 1, bFrames, container: 'mp4' });
    const { fragments } = parse(await remux(program, clip.path, { loop: true, frames: 35 }));
    expect(fragments).toHaveLength(35);
    expect(new Set(steps(fragments.map(({ dtsTicks }) => dtsTicks)))).toEqual(new Set([9000]));
    const shown = fragments.map(({ ptsTicks }) => ptsTicks).sort((one, other) => one - other);
    expect(new Set(steps(shown.slice(0, -3)))).toEqual(new Set([9000]));
  });

  it('plays a file in real time', async () => {
    const clip = await makeClip({ fps: 10, seconds: 2, container: 'mp4' });
    const startedMs = performance.now();
    await remux(program, clip.path, { isPaced: true });
    expect(performance.now() - startedMs).toBeGreaterThan(1700);
  });

  it('encodes anew what browsers cannot play, with a keyframe every 2 s and its size made even', async () => {
    const clip = await makeClip({ widthPx: 321, heightPx: 181, fps: 10, seconds: 5, container: 'avi' });
    const { init, fragments } = parse(await remux(program, clip.path, { transcode: true }));
    expect(init).toMatchObject({ widthPx: 320, heightPx: 180, codec: expect.stringMatching(/^avc1\./) });
    expect(fragments).toHaveLength(50);
    const keyframes = fragments.flatMap(({ isKeyframe }, index) => (isKeyframe ? [index] : []));
    expect(keyframes).toEqual([0, 20, 40]);
    expect(fragments.every(({ dtsTicks, ptsTicks }) => dtsTicks === ptsTicks)).toBe(true);
  });

  it.each([
    [
      'a playlist',
      'list.mp4',
      (clip: string) => `#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:4,\n${clip}\n#EXT-X-ENDLIST\n`,
    ],
    ['a list of files', 'list.ffconcat', (clip: string) => `ffconcat version 1.0\nfile '${clip}'\n`],
    [
      'a session description',
      'list.sdp',
      () => 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 26\n',
    ],
  ])('does not follow %s in a file', async (_, name, text) => {
    const clip = await makeClip({ container: 'ts' });
    const file = path.join(folder, name);
    await writeFile(file, text(clip.path));
    await expect(remux(program, file)).rejects.toThrow(
      /not on whitelist|Invalid data|not whitelisted|whitelist/i,
    );
  });

  it('reads a device by V4L2 and nothing else, and is told what is wrong with it', async () => {
    const ffmpeg = await findFfmpeg({ configuredPath: program, env: {} });
    const options = { format: FORMATS.device, transcode: true, loop: true };
    const args = remuxArguments(ffmpeg, { ...options, source: parseSource('/dev/video0') });
    const input = args.slice(0, args.indexOf('-i') + 2).join(' ');
    expect(input).toMatch(/^-f v4l2 -protocol_whitelist file -threads 1 .*-i \/dev\/video0$/);
    // No device stands here, but a file can stand where one should be.
    const file = path.join(folder, 'video0');
    await writeFile(file, 'no device');
    args[args.indexOf('-i') + 1] = file;
    const child = startFfmpeg({ ffmpeg, args, stdin: 'ignore', log: silentLog, name: 'device' });
    child.stdout.resume();
    const { code, stderrTail } = await child.exited;
    expect(code).toBe(1);
    expect(stderrTail).toContain('Inappropriate ioctl for device');
  });

  it('is refused by name when this FFmpeg lacks a protocol', async () => {
    const ffmpeg = await findFfmpeg({ configuredPath: program, env: {} });
    const without = { ...ffmpeg, capabilities: { ...ffmpeg.capabilities, protocols: ['file'] } };
    const options = {
      source: parseSource('srt://cam.lan:9000'),
      format: FORMATS.srt,
      transcode: false,
      loop: false,
    };
    expect(() => remuxArguments(without, options)).toThrow(
      expect.objectContaining({
        code: 'media/ffmpeg-unusable',
        message: expect.stringContaining('protocol "srt"'),
      }),
    );
  });
});
