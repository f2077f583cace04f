import { describe, expect, it } from '@jest/globals';
import { AppError } from '../../src/base/index.js';
import { defaultLimits } from '../../src/ingest/connection-limits.js';
import { endingOfError, endingOfExit } from '../../src/ingest/ending.js';
import { RetryDelays } from '../../src/ingest/retry-pace.js';
import { SpawnSlots } from '../../src/ingest/spawn-slots.js';

const delays = (random = 0.5) => new RetryDelays(defaultLimits, () => random);

describe('the delay before the next try', () => {
  it('doubles from 0.5 to 4 s when a camera is lost', () => {
    const pace = delays();
    expect([1, 2, 3, 4, 5, 6].map(() => pace.nextMs('reconnect'))).toEqual([
      500, 1000, 2000, 4000, 4000, 4000,
    ]);
  });

  it('is spread by a fifth to either side', () => {
    expect(delays(0).nextMs('reconnect')).toBe(400);
    expect(delays(1).nextMs('reconnect')).toBeCloseTo(600);
  });

  it('grows from 30 s to 5 min while the password is refused: never more than 3 tries a minute', () => {
    const pace = delays();
    expect([1, 2, 3, 4, 5, 6].map(() => pace.nextMs('unauthorized'))).toEqual([
      30_000, 60_000, 120_000, 240_000, 300_000, 300_000,
    ]);
    expect(60_000 / delays(0).nextMs('unauthorized')).toBeLessThanOrEqual(3);
  });

  it('lets no more than 6 tries a minute at a source that is not there', () => {
    expect(60_000 / delays(0).nextMs('refused')).toBeLessThanOrEqual(6);
  });

  it('finds an FFmpeg that is back within 30 s', () => {
    const pace = delays(1);
    expect(Math.max(...[1, 2, 3, 4, 5, 6].map(() => pace.nextMs('ffmpeg-missing')))).toBeLessThan(30_000);
  });

  it('starts again when the kind of failure changes, and after a success', () => {
    const pace = delays();
    pace.nextMs('reconnect');
    pace.nextMs('reconnect');
    pace.nextMs('refused');
    expect(pace.nextMs('reconnect')).toBe(500);
    pace.reset();
    expect(pace.nextMs('reconnect')).toBe(500);
    expect(pace.nextMs('at-once')).toBe(0);
  });
});

describe('the end of a try', () => {
  it.each([
    ['media/source-unauthorized', 'auth_failed', 'auth'],
    ['media/source-not-found', 'not_found', 'not_found'],
    ['media/no-such-file', 'not_found', 'not_found'],
    ['media/source-redirect', 'redirect_refused', 'redirect'],
    ['media/source-dns', 'dns_failed', 'error'],
    ['media/source-timeout', 'reconnecting', 'timeout'],
    ['media/source-unreachable', 'reconnecting', 'error'],
    ['media/source-unsupported', 'unsupported', 'error'],
    ['media/ffmpeg-missing', 'ffmpeg_missing', 'error'],
    ['media/ffmpeg-unusable', 'ffmpeg_missing', 'error'],
    ['something/else', 'reconnecting', 'error'],
  ])('by %s is the state %s', (code, state, reason) => {
    expect(endingOfError(new AppError(code, 'internal', 'why'))).toMatchObject({
      state,
      reason,
      message: 'why',
    });
  });

  const exit = (code: number | null, stderrTail = '', signal: NodeJS.Signals | null = null) => ({
    code,
    signal,
    stderrTail,
  });

  it.each([
    ['of a stream', exit(0), 100, 'reconnecting', 'eof'],
    ['by a signal', exit(null, '', 'SIGKILL'), 100, 'reconnecting', 'killed'],
    ['by an error after frames', exit(1, '[error] broken'), 100, 'reconnecting', 'error'],
    ['without a frame', exit(0), 0, 'reconnecting', 'error'],
    ['by a refused password', exit(1, '[error] Server returned 401 Unauthorized'), 0, 'auth_failed', 'auth'],
    [
      "by SRT's passphrase",
      exit(
        1,
        '16:37.2/SRT:RcvQ:w1!W:SRT.cn: REJECT reported from HS processing: Incorrect passphrase\n[error] x: I/O',
      ),
      0,
      'auth_failed',
      'auth',
    ],
    ['by a wrong path', exit(1, '[error] Server returned 404 Not Found'), 0, 'not_found', 'not_found'],
    ['by a silent server', exit(1, '[error] srt://x: Connection timed out'), 0, 'reconnecting', 'timeout'],
    [
      'by what is no video',
      exit(1, '[error] x: Invalid data found when processing input'),
      0,
      'unsupported',
      'error',
    ],
    ['by an unknown option', exit(1, "[fatal] Unrecognized option 'x'."), 0, 'ffmpeg_missing', 'error'],
    [
      'before its start',
      exit(127, 'setpriv: failed to execute /x: No such file or directory'),
      0,
      'ffmpeg_missing',
      'error',
    ],
    ['before its start, unguarded', exit(null, 'spawn /x ENOENT'), 0, 'ffmpeg_missing', 'error'],
  ] as const)('%s is read from its exit', (_, ended, frames, state, reason) => {
    expect(endingOfExit(ended, { frames, isChecked: false })).toMatchObject({ state, reason });
  });

  it("quotes FFmpeg's last complaint", () => {
    const stderr = '[info] Input #0\n[rtsp @ 0x55] [error] method SETUP failed: 461\n[info] bye\n';
    expect(endingOfExit(exit(1, stderr), { frames: 0, isChecked: true }).message).toBe(
      'FFmpeg got no frame: method SETUP failed: 461',
    );
  });
});

describe('SpawnSlots', () => {
  it('lets so many start at once, and the others in the order in which they came', async () => {
    const slots = new SpawnSlots(2);
    const order: number[] = [];
    const taken = [0, 1, 2, 3].map(async (number) => {
      const free = await slots.take();
      order.push(number);
      return free;
    });
    const first = await taken[0];
    await taken[1];
    expect(order).toEqual([0, 1]);
    first?.();
    first?.(); // once is enough
    await taken[2];
    expect(order).toEqual([0, 1, 2]);
    (await taken[1])?.();
    await taken[3];
    expect(order).toEqual([0, 1, 2, 3]);
  });

  it('forget who gives up waiting', async () => {
    const slots = new SpawnSlots(1);
    const free = await slots.take();
    const patience = new AbortController();
    const impatient = slots.take(patience.signal);
    const next = slots.take();
    expect(slots.waiting).toBe(2);
    patience.abort(new Error('enough'));
    await expect(impatient).rejects.toThrow('enough');
    expect(slots.waiting).toBe(1);
    free();
    (await next)();
    expect(slots.waiting).toBe(0);
  });
});
