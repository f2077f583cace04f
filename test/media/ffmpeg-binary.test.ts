import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findFfmpeg } from '../../src/media/index.js';
import { ffmpegPrograms } from '../support/clips.js';

let folder: string;
const system = ffmpegPrograms.find(({ name }) => name === 'system')?.path;
const bundled = ffmpegPrograms.find(({ name }) => name === 'bundled')?.path ?? '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sightline-binary-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function script(name: string, body: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, `#!/bin/sh\n${body}\n`);
  await chmod(file, 0o755);
  return file;
}

describe('the choice of FFmpeg', () => {
  it('takes the configured one before all others', async () => {
    const file = path.join(folder, 'mine');
    await symlink(bundled, file);
    const found = await findFfmpeg({
      configuredPath: file,
      env: { FFMPEG_PATH: bundled, PATH: process.env.PATH },
    });
    expect(found).toMatchObject({ path: file, origin: 'configured', passedOver: [] });
  });

  it('takes FFMPEG_PATH next', async () => {
    expect(await findFfmpeg({ env: { FFMPEG_PATH: bundled } })).toMatchObject({
      path: bundled,
      origin: 'FFMPEG_PATH',
    });
  });

  (system === undefined ? it.skip : it)(
    "takes the system's when it is newer than the bundled one",
    async () => {
      expect(await findFfmpeg({ env: { PATH: path.dirname(system ?? '') } })).toMatchObject({
        path: system,
        origin: 'system',
      });
    },
  );

  it("takes the bundled one when the system's is no newer", async () => {
    const same = path.join(folder, 'ffmpeg');
    await symlink(bundled, same);
    expect(await findFfmpeg({ env: { PATH: folder } })).toMatchObject({ path: bundled, origin: 'bundled' });
    await rm(same);
  });

  it('takes the bundled one where there is no other', async () => {
    expect(await findFfmpeg({ env: {} })).toMatchObject({ path: bundled, origin: 'bundled', passedOver: [] });
  });

  it('passes over what does not work, and says why', async () => {
    const missing = path.join(folder, 'nowhere');
    const mute = await script('mute', 'exit 3');
    const found = await findFfmpeg({ configuredPath: missing, env: { FFMPEG_PATH: mute } });
    expect(found.origin).toBe('bundled');
    expect(found.passedOver).toEqual([
      `configured FFmpeg ${missing}: is not there`,
      expect.stringContaining(`FFMPEG_PATH FFmpeg ${mute}: fails`),
    ]);
  });

  it('finds one that was mended in place', async () => {
    const file = await script('mended', 'echo something else');
    expect((await findFfmpeg({ configuredPath: file, env: {} })).origin).toBe('bundled');
    await script('mended', `exec "${bundled}" "$@"`);
    expect((await findFfmpeg({ configuredPath: file, env: {} })).origin).toBe('configured');
  });
});

describe.each(ffmpegPrograms)('the $name FFmpeg', ({ path: program, rtspTimeoutOption }) => {
  it('is probed for what differs between versions', async () => {
    const { capabilities } = await findFfmpeg({ configuredPath: program, env: {} });
    expect(`-${capabilities.rtspTimeoutOption}`).toBe(rtspTimeoutOption);
    expect(capabilities.fpsMode).toBe(program === bundled ? 'vsync' : 'fps_mode');
    expect(capabilities.encodesH264).toBe(true);
    expect(capabilities.drawsAss).toBe(true);
    expect(capabilities.protocols).toEqual(
      expect.arrayContaining(['file', 'http', 'https', 'rtmp', 'tcp', 'udp']),
    );
  });
});
