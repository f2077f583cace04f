import { afterAll, describe, expect, it } from '@jest/globals';
import { findFfmpeg } from '../../src/media/index.js';
import { ffmpegPrograms, makeClip, type ClipOptions } from '../support/clips.js';
import { HttpCamera } from '../support/http-camera.js';
import { WatchedConnection } from '../support/watched-connection.js';

interface Case {
  readonly codec: NonNullable<ClipOptions['codec']>;
  readonly container: NonNullable<ClipOptions['container']>;
  readonly transcoded: boolean;
  /** What browsers are told that they get. */
  readonly becomes: RegExp;
}

const cases: readonly Case[] = [
  { codec: 'hevc', container: 'mp4', transcoded: false, becomes: /^hev1\.1\.6\.L\d+/ },
  { codec: 'hevc', container: 'mkv', transcoded: false, becomes: /^hev1\.1\.6\.L\d+/ },
  { codec: 'av1', container: 'mp4', transcoded: false, becomes: /^av01\.0\.\d\dM\.08$/ },
  { codec: 'av1', container: 'webm', transcoded: false, becomes: /^av01\.0\.\d\dM\.08$/ },
  { codec: 'vp9', container: 'webm', transcoded: true, becomes: /^avc1\./ },
  { codec: 'mpeg4', container: 'mp4', transcoded: true, becomes: /^avc1\./ },
  { codec: 'mpeg2video', container: 'ts', transcoded: true, becomes: /^avc1\./ },
];
const clips = new Map<Case, string>();
for (const each of cases) clips.set(each, (await makeClip({ ...each, fps: 10, seconds: 2 })).path);
/** A transport stream over HTTP is taken for live, and not slowed down to real time. */
const overHttp = cases.filter(({ container }) => container !== 'ts');
const nameOf = ({ codec, container }: Case) => `/${codec}.${container}`;
const server = await HttpCamera.open({
  files: Object.fromEntries([...clips].map(([each, file]) => [nameOf(each), file])),
});
const watched: WatchedConnection[] = [];

afterAll(async () => {
  await Promise.all(watched.map((each) => each.close()));
  await server.close();
});

describe.each(ffmpegPrograms)('a connection through the $name FFmpeg', ({ path: program }) => {
  async function play(source: string, { transcoded, becomes }: Case): Promise<WatchedConnection> {
    const ffmpeg = () => findFfmpeg({ configuredPath: program, env: {} });
    const connection = new WatchedConnection({ camera: 'codec', source, ffmpeg });
    watched.push(connection);
    await connection.moreFragments(15);
    expect(connection.status).toMatchObject({ state: 'live', transcoded, widthPx: 320, heightPx: 180 });
    expect(connection.status).toMatchObject({ codec: expect.stringMatching(becomes) });
    const { reconnects } = connection.status;
    expect([reconnects, reconnects === 0 ? [] : connection.logLines]).toEqual([0, []]);
    expect(connection.fragments[0]!.isKeyframe).toBe(true);
    await connection.close();
    return connection;
  }

  it.concurrent.each(cases)('plays $codec from a file, $container, transcoded: $transcoded', async (each) => {
    await play(clips.get(each)!, each);
  });

  it.concurrent.each(overHttp)(
    'plays $codec over HTTP, $container, transcoded: $transcoded',
    async (each) => {
      await play(server.url(nameOf(each)), each);
    },
  );
});
