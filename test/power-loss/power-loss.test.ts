import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog, systemClock } from '../../src/base/index.js';
import { createMetrics } from '../../src/metrics/index.js';
import { Recordings, segmentIndexOf } from '../../src/recording/index.js';
import { scanSegment } from '../../src/recording/scan-segment.js';
import { Store } from '../../src/store/index.js';
import { ffmpegPrograms } from '../support/clips.js';
import { STRACE_ARGS, TracedDisk } from './traced-disk.js';

const SECONDS = 9;
/** Of video, that a power cut may take. */
const LOST_MS_MAX = 2000;
const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;
const demo = path.resolve('streams/demo.mp4');

interface Told {
  /** What was acknowledged: number, and which frame. */
  readonly acknowledged: Map<number, string>;
  recordedMs: number;
}

(canTrace && existsSync(demo) ? describe : describe.skip)('the power going', () => {
  let dir: string;
  let log: string;
  const root = () => path.join(dir, 'traced');

  beforeAll(() => {
    dir = mkdtempSync(path.join(os.tmpdir(), 'sightline-power-'));
    const clip = path.join(dir, 'clip.mp4');
    const layout = '+frag_every_frame+empty_moov+default_base_moof';
    execFileSync(ffmpegPrograms[0]!.path, ['-v', 'error', '-i', demo, '-t', String(SECONDS), '-an', '-c', 'copy', '-video_track_timescale', '90000', '-movflags', layout, clip]); // prettier-ignore
    const traced = path.join(dir, 'strace.log');
    execFileSync('mkdir', [root()]);
    const run = spawnSync('strace', [...STRACE_ARGS, '-o', traced, process.execPath, 'test/power-loss/recording.mjs', root(), clip], { encoding: 'utf8', env: { ...process.env, UV_USE_IO_URING: '0' } }); // prettier-ignore
    if (!run.stdout.includes('acknowledged')) throw new Error(run.stderr);
    log = readFileSync(traced, 'latin1');
  }, 180_000);
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  /** What a server finds that starts on such a disk. */
  async function expectWhole(place: string, { acknowledged, recordedMs }: Told): Promise<void> {
    const store = await Store.open({ dataDir: path.join(place, 'data'), clock: systemClock, log: silentLog });
    const recordings = await Recordings.open({
      places: { dir: path.join(place, 'recordings'), reserveBytes: 0 },
      index: segmentIndexOf(store),
      keepOf: () => ({ routineMs: 1e15, eventMs: 1e15 }),
      ffmpeg: () => Promise.reject(new Error('not needed')),
      metrics: createMetrics({ clock: systemClock }),
      clock: systemClock,
      log: silentLog,
    });
    try {
      const messages = await store.journal.read({ afterSeq: 0, limit: 1000 });
      const kept = new Map(messages.map((one) => [one.seq, 'status' in one ? one.status.reason : '']));
      for (const [seq, frame] of acknowledged) expect([seq, kept.get(seq)]).toEqual([seq, `frame ${frame}`]);
      const { segments } = await recordings.list({ camera: 'gate', fromMs: 0, toMs: 1e15, limit: 1000 });
      for (const { path: file, frames, bytes } of segments) {
        const handle = await open(path.join(place, 'recordings', file));
        const scanned = await scanSegment(handle, (await handle.stat()).size);
        await handle.close();
        expect([file, scanned?.dtsTicks.length, scanned?.endOffset]).toEqual([file, frames, bytes]);
      }
      if (recordedMs === 0) return;
      const lastMs = Math.max(Date.UTC(2026, 4, 4), ...segments.map(({ endMs }) => endMs));
      expect(recordedMs - lastMs).toBeLessThanOrEqual(LOST_MS_MAX);
    } finally {
      await recordings.close();
      await store.close();
    }
  }

  it.each([
    ['of what was not synced nothing is left', () => false],
    // The same each time (Park and Miller).
    ['of what was not synced some is left', () => (seed = (seed * 48271) % 2147483647) % 2 === 0],
  ])('F51: at any moment loses nothing acknowledged and little video, and the server starts, where %s', async (_, survives) => {
    const disk = new TracedDisk(log, root());
    const told: Told = { acknowledged: new Map(), recordedMs: 0 };
    const hear = (text: string) => {
      const [, seq, frame] = /^acknowledged (\d+) (\d+)/.exec(text) ?? [];
      if (seq !== undefined) told.acknowledged.set(Number(seq), frame!);
      told.recordedMs = Number(/^recorded until (\d+)/.exec(text)?.[1] ?? told.recordedMs);
    };
    let moments = 0;
    while (disk.step(hear)) {
      const place = path.join(dir, `moment-${++moments}`);
      disk.writeTo(place, survives);
      try {
        await expectWhole(place, told);
      } catch (error) {
        throw new Error(`moment ${moments}, recorded ${told.recordedMs}`, { cause: error });
      }
      rmSync(place, { recursive: true });
    }
    process.stdout.write(`${moments} moments, ${told.acknowledged.size} messages acknowledged\n`);
    expect(moments).toBeGreaterThan(40);
    expect(told.acknowledged.size).toBeGreaterThan(5);
  }, 1_200_000); // prettier-ignore
});

let seed = 7;
