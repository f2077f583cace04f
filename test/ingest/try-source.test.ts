import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { createLog, systemClock } from '../../src/base/index.js';
import { trySource, type SourceTrial } from '../../src/ingest/index.js';
import { findFfmpeg } from '../../src/media/index.js';
import { canaryAuth, canaryFormsIn } from '../support/canary.js';
import { makeClip } from '../support/clips.js';
import { FakeCamera } from '../support/fakecam/index.js';
import { freePort } from '../support/free-port.js';
import { HttpCamera } from '../support/http-camera.js';

const clip = await makeClip({ fps: 10, seconds: 4 });
const logLines: string[] = [];
let camera: FakeCamera;
let http: HttpCamera;
beforeAll(async () => {
  [camera, http] = await Promise.all([FakeCamera.open({ clips: [clip], auth: canaryAuth }), HttpCamera.open()]); // prettier-ignore
});
afterAll(async () => {
  await camera.close();
  await http.close();
});

function attempt(
  source: string,
  signal = new AbortController().signal,
  timeoutMs = 15_000,
): Promise<SourceTrial> {
  return trySource({
    ...{ source, signal, timeoutMs },
    pictureWidthPx: 160,
    ffmpeg: () => findFfmpeg({}),
    clock: systemClock,
    log: createLog('debug', (line) => logLines.push(line)),
  });
}

describe('trying a source', () => {
  it('gives codec, size, rate, time and a picture of a camera over RTSP, and leaves it', async () => {
    const trial = await attempt(camera.urlWithCredentials);
    if (trial.state !== 'live') throw new Error(trial.reason);
    const { picture, firstFrameMs, ...facts } = trial;
    expect(facts).toEqual({
      state: 'live',
      codec: expect.stringMatching(/^avc1\./),
      widthPx: clip.widthPx,
      heightPx: clip.heightPx,
      transcoded: false,
      fps: 10,
    });
    expect(firstFrameMs).toBeGreaterThan(0);
    expect(await sharp(picture).metadata()).toMatchObject({ format: 'jpeg', width: 160 });
    expect(camera.mostPlaying).toBe(1);
  }, 30_000);

  it('gives what is encoded anew, for a camera whose codec cannot be passed on', async () => {
    const trial = await attempt(http.url('/mjpeg'));
    expect(trial).toMatchObject({ state: 'live', transcoded: true, widthPx: 320, heightPx: 180 });
  }, 30_000);

  it.each([
    [
      'a wrong password',
      () => camera.url.replace('//', '//viewer:another-one@'),
      'auth_failed',
      'refuses user or password',
    ],
    ['a redirect', () => http.url('/redirect'), 'redirect_refused', 'redirects elsewhere'],
    ['a path that is not there', () => http.url('/none'), 'not_found', 'no such stream'],
    ['a login page', () => http.url('/page'), 'unsupported', 'is no video'],
    ['a name that nobody has', () => 'rtsp://camera.invalid/1', 'dns_failed', 'is not known'],
  ])(
    'says of %s what the camera would',
    async (_what, source, state, words) => {
      expect(await attempt(source())).toEqual({ state, reason: expect.stringContaining(words) });
    },
    30_000,
  );

  it('says of a port that nobody listens on that it cannot be reached', async () => {
    const source = `rtsp://127.0.0.1:${await freePort('tcp')}/1`;
    expect(await attempt(source)).toEqual({ state: 'reconnecting', reason: expect.stringContaining('cannot be reached') }); // prettier-ignore
  });

  it('gives up when nothing comes, and at once when nobody waits for it', async () => {
    expect(await attempt(http.url('/mute'), undefined, 400)).toEqual({ state: 'connecting', reason: expect.stringContaining('in 0.4 s') }); // prettier-ignore
    const gone = new AbortController();
    const startedMs = performance.now();
    const trial = attempt(http.url('/mute'), gone.signal);
    gone.abort();
    expect((await trial).state).toBe('connecting');
    expect(performance.now() - startedMs).toBeLessThan(4000);
  });

  it('U1, U3: refuses what is no source, and names that stand for addresses of no camera', async () => {
    await expect(attempt('gopher://x/1')).rejects.toMatchObject({ code: 'ingest/scheme-not-allowed' });
    await expect(attempt('rtsp://169.254.169.254/1')).rejects.toMatchObject({
      code: 'ingest/address-not-allowed',
    });
    await expect(attempt('http://0xa9fea9fe/')).rejects.toMatchObject({ code: 'ingest/address-not-allowed' });
  });

  it('L1: writes no password into the log', () => {
    expect(logLines.join('\n')).toContain('(source test)');
    expect(canaryFormsIn(logLines.join('\n'))).toEqual([]);
  });
});
