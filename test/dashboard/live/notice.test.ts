import { describe, expect, it } from '@jest/globals';
import type { CameraView } from '../../../src/server/protocol.js';
import { remarksOn, whyNotLive, type PictureFacts } from '../../../dashboard/src/live/notice.js';

const SINCE = '2026-05-04T09:30:12.480Z';
const SINCE_MS = Date.parse(SINCE);
const camera: CameraView = {
  id: 'gate',
  source: 'rtsp://gate.lan/stream1',
  state: 'live',
  since: SINCE,
  transcoded: false,
  reconnects: 0,
  health: { state: 'good', faults: [] },
};
const live: PictureFacts = {
  link: { kind: 'connected' },
  engine: { state: 'ready', since: SINCE },
  camera,
  player: { kind: 'playing' },
  still: undefined,
};
const HEVC = 'video/mp4; codecs="hvc1.1.6.L93.B0"';
const faulty = (fault: 'frozen' | 'blocked'): CameraView => ({
  ...camera,
  health: { state: 'faulty', faults: [{ fault, since: SINCE }] },
});

describe('whyNotLive', () => {
  it('is nothing while the picture is live', () => {
    expect(whyNotLive(live)).toBeUndefined();
  });

  it.each<[string, Partial<PictureFacts>, RegExp, RegExp | undefined]>([
    [
      'the server is away',
      { link: { kind: 'lost', sinceMs: SINCE_MS } },
      /^No connection .* since/,
      undefined,
    ],
    [
      'the camera is down',
      { camera: { ...camera, state: 'reconnecting', reason: 'it hung up' } },
      /^Reconnecting since/,
      /it hung up/,
    ],
    [
      'the camera sends one picture again and again',
      { camera: faulty('frozen') },
      /again and again, since/,
      undefined,
    ],
    ['there is no picture yet', { player: { kind: 'waiting' } }, /^Waiting/, undefined],
    [
      'no more pictures come',
      { player: { kind: 'stale', sinceMs: SINCE_MS } },
      /^No new pictures since/,
      undefined,
    ],
    [
      'people cannot be covered, as the engine is away',
      {
        engine: { state: 'restarting', since: SINCE, reason: 'SIGKILL' },
        camera: { ...camera, redacted: true },
        player: { kind: 'stale', sinceMs: SINCE_MS },
      },
      /^No new pictures since/,
      /^People cannot be covered while nothing is analysed, since .*SIGKILL/,
    ],
    [
      'pictures come late',
      { player: { kind: 'late', sinceMs: SINCE_MS, lateMs: 6200 } },
      /^Pictures come late since/,
      /^6.s behind/,
    ],
    [
      'the browser cannot play it, before a still picture',
      { player: { kind: 'unsupported', mime: HEVC } },
      /H\.265/,
      undefined,
    ],
    [
      'stills stop coming',
      {
        player: { kind: 'unsupported', mime: HEVC },
        still: { kind: 'stale', sinceMs: SINCE_MS, reason: 'too many pictures' },
      },
      /^No new pictures since/,
      /too many pictures/,
    ],
  ])('says so when %s', (_, changes, what, why) => {
    const notice = whyNotLive({ ...live, ...changes });
    expect(notice?.what).toMatch(what);
    if (why === undefined) expect(notice?.why).toBeUndefined();
    else expect(notice?.why).toMatch(why);
  });

  it('tells the first cause: a server that is away, before what it said of the camera', () => {
    const away = {
      ...live,
      link: { kind: 'lost', sinceMs: SINCE_MS } as const,
      camera: { ...camera, state: 'stalled' },
    };
    expect(whyNotLive(away)?.what).toMatch(/server/);
  });
});

describe('remarksOn', () => {
  it('says that people are covered where they are', () => {
    expect(remarksOn({ ...live, camera: { ...camera, redacted: true } })).toEqual(['People are covered']);
  });

  it('is nothing where all is well', () => {
    expect(remarksOn(live)).toEqual([]);
  });

  it('tells of an engine that is away, of faults that one can look past, and of stills', () => {
    const engine = { state: 'restarting', since: SINCE, reason: 'SIGKILL' } as const;
    const player = { kind: 'unsupported', mime: HEVC } as const;
    const [stills, away, blocked] = remarksOn({ ...live, engine, camera: faulty('blocked'), player });
    expect(stills).toMatch(/cannot play H\.265: a still picture each second/);
    expect(away).toMatch(/^No analysis since .*SIGKILL/);
    expect(blocked).toMatch(/^Blocked, since/);
  });
});
