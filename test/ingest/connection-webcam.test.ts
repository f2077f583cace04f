import { spawn, type ChildProcess } from 'node:child_process';
import { afterEach, describe, expect, it } from '@jest/globals';
import { once, silentLog, systemClock } from '../../src/base/index.js';
import { Connection, type ConnectionState, type PushEnding } from '../../src/ingest/index.js';
import { findFfmpeg, type PrivacyMask } from '../../src/media/index.js';
import { ffmpegPrograms, makeClip } from '../support/clips.js';
import { waitFor } from '../support/wait-for.js';

const closables: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closables.splice(0)) await close();
});

/** A camera whose source is a webcam, and what it said. */
function openCamera(program: string, privacy: readonly PrivacyMask[]) {
  const states: ConnectionState[] = [];
  let fragments = 0;
  const connection = new Connection({
    ...{ camera: 'desk', source: 'webcam:0b1f-6d4a', clock: systemClock, privacy },
    ffmpeg: () => findFfmpeg({ configuredPath: program, env: {} }),
    log: silentLog,
  });
  connection.on('status', ({ state }) => {
    if (state !== states.at(-1)) states.push(state);
  });
  connection.on('fragment', () => fragments++);
  connection.start();
  closables.push(() => connection.close());
  const until = (state: ConnectionState) =>
    waitFor(() => connection.status.state === state, {
      timeoutMs: 20_000,
      what: `state ${state}: ${states.join()}`,
    });
  return { connection, states, until, fragments: () => fragments };
}

/** Sends a clip as a browser would: in real time, as Matroska cut anywhere. */
async function sendClip(connection: Connection, codec: string[], clip: string) {
  const ffmpeg = await findFfmpeg({});
  const browser: ChildProcess = spawn(
    ffmpeg.path,
    [
      ...'-v error -nostdin -re -stream_loop -1 -i'.split(' '),
      clip,
      '-an',
      ...codec,
      ...'-flush_packets 1 -f matroska -live 1 pipe:1'.split(' '),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const endings: PushEnding[] = [];
  const push = connection.inlet!.open({ setPaused: () => undefined, end: (why) => endings.push(why) });
  browser.stdout!.on('data', (bytes: Buffer) => push.write(bytes));
  const stop = once(() => {
    browser.kill('SIGKILL');
    push.close();
    return Promise.resolve();
  });
  closables.push(stop);
  return { stop, endings, push };
}

describe.each(ffmpegPrograms)(
  'a camera whose source is a webcam, with the $name FFmpeg',
  ({ path: program }) => {
    const webcamCamera = (privacy: readonly PrivacyMask[] = []) => openCamera(program, privacy);

    it('waits, and says for whom, runs nothing meanwhile, and can be closed', async () => {
      const { connection, until, states } = webcamCamera();
      await until('waiting');
      expect(connection.status.reason).toBe(
        'waits for the browser that has the webcam: open #/cameras/desk of the dashboard there',
      );
      expect(connection.pid).toBeUndefined();
      await connection.close();
      expect(states).toEqual(['connecting', 'waiting', 'stopped']);
    });

    it('shows what a browser sends as it is where it is H.264, and waits again when that ends', async () => {
      const { connection, until, states, fragments } = webcamCamera();
      await until('waiting');
      const { path } = await makeClip({ container: 'mkv' });
      const { stop, endings } = await sendClip(connection, ['-c', 'copy'], path);
      await until('live');
      await waitFor(() => fragments() > 20, { timeoutMs: 20_000, what: 'pictures' });
      expect(connection.status).toMatchObject({ transcoded: false, widthPx: 320, heightPx: 180 });
      expect(connection.status.reason).toBeUndefined();
      await stop();
      await until('waiting');
      expect(states).toEqual(['connecting', 'waiting', 'connecting', 'live', 'waiting']);
      expect(connection.status.reconnects).toBe(0);
      // It was the browser that ended it.
      expect(endings).toEqual([]);
    });

    it('encodes anew what browsers do not play from MP4, from the second time it is sent on', async () => {
      const { connection, until } = webcamCamera();
      await until('waiting');
      const { path } = await makeClip({ container: 'webm', codec: 'vp9' });
      const first = await sendClip(connection, ['-c', 'copy'], path);
      await waitFor(() => first.endings.length > 0, { timeoutMs: 20_000, what: 'the first to be ended' });
      await first.stop();
      await until('waiting');
      await sendClip(connection, ['-c', 'copy'], path);
      await until('live');
      expect(connection.status.transcoded).toBe(true);
    });

    it('takes one browser at a time', async () => {
      const { connection, until } = webcamCamera();
      await until('waiting');
      const { path } = await makeClip({ container: 'mkv' });
      const { stop } = await sendClip(connection, ['-c', 'copy'], path);
      await until('live');
      const other = { setPaused: () => undefined, end: () => undefined };
      expect(() => connection.inlet!.open(other)).toThrow(/another browser sends its webcam to desk/);
      await stop();
      await until('waiting');
      connection.inlet!.open(other).close();
    });

    it('ends a browser that sends what is no video, tells it, and waits for another', async () => {
      const { connection, until, states } = webcamCamera();
      await until('waiting');
      const endings: PushEnding[] = [];
      const push = connection.inlet!.open({ setPaused: () => undefined, end: (why) => endings.push(why) });
      for (let n = 0; n < 20; n++) push.write(Buffer.alloc(50_000, n));
      await waitFor(() => endings.length > 0, { timeoutMs: 20_000, what: 'its end' });
      expect(endings).toEqual(['over']);
      await until('waiting');
      expect(states).toContain('unsupported');
    });

    it('lets go of the browser when it is closed', async () => {
      const { connection, until } = webcamCamera();
      await until('waiting');
      const { path } = await makeClip({ container: 'mkv' });
      const { endings } = await sendClip(connection, ['-c', 'copy'], path);
      await until('live');
      await connection.close();
      expect(endings).toEqual(['over']);
      expect(() => connection.inlet!.open({ setPaused: () => undefined, end: () => undefined })).toThrow(
        /takes no pictures at this moment/,
      );
    });

    it('masks parts of the picture as any camera does', async () => {
      const { connection, until } = webcamCamera([
        { polygon: [[0, 0], [0.5, 0], [0.5, 0.5]], fill: 'black' }, // prettier-ignore
      ]);
      await until('waiting');
      const { path } = await makeClip({ container: 'mkv' });
      await sendClip(connection, ['-c', 'copy'], path);
      await until('live');
      expect(connection.status).toMatchObject({ masked: true, transcoded: true });
    });
  },
);
