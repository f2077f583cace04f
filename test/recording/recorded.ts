import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { silentLog, systemClock } from '../../src/base/index.js';
import { findFfmpeg, parseInit } from '../../src/media/index.js';
import { createMetrics, type Metrics } from '../../src/metrics/index.js';
import type { RecordPlan } from '../../src/recording/plan.js';
import type { Recorder } from '../../src/recording/recorder.js';
import { Recordings, type RecordingPlaces } from '../../src/recording/recordings.js';
import { segmentIndexOf } from '../../src/recording/tier.js';
import type { KeepPlan } from '../../src/recording/plan.js';
import { Store } from '../../src/store/index.js';
import { FakeClock } from '../support/fake-clock.js';
import type { FragmentedClip } from '../support/fragments.js';
import { waitFor } from '../support/wait-for.js';

const run = promisify(execFile);
const TICKS_PER_MS = 90;
const HOUR_MS = 3600_000;

export const continuous: RecordPlan = { mode: 'continuous', preRollMs: 0, postRollMs: 0, segmentMs: 2000 };

export interface SetupOptions {
  readonly dir?: string;
  readonly places?: Partial<RecordingPlaces>;
  readonly keep?: Partial<KeepPlan>;
  readonly clock?: FakeClock;
}

/** Recordings in a directory of their own, on a clock that stands still, with a real store and real files. */
export class Recorded {
  epoch = 0;

  private constructor(
    readonly dir: string,
    readonly clock: FakeClock,
    readonly store: Store,
    readonly recordings: Recordings,
    readonly metrics: Metrics,
  ) {}

  static async open(options: SetupOptions = {}): Promise<Recorded> {
    const dir = options.dir ?? (await mkdtemp(path.join(os.tmpdir(), 'sightline-recording-')));
    const clock = options.clock ?? new FakeClock();
    const store = await Store.open({ dataDir: path.join(dir, 'data'), clock: systemClock, log: silentLog });
    const metrics = createMetrics({ clock: systemClock });
    const recordings = await Recordings.open({
      places: { dir: path.join(dir, 'hot'), reserveBytes: 0, ...options.places },
      index: segmentIndexOf(store),
      keepOf: () => ({ routineMs: 72 * HOUR_MS, eventMs: 336 * HOUR_MS, ...options.keep }),
      ffmpeg: () => findFfmpeg({}),
      metrics,
      clock,
      log: silentLog,
    });
    return new Recorded(dir, clock, store, recordings, metrics);
  }

  /** Begins the next stream of a camera. */
  start(recorder: Recorder, clip: FragmentedClip): void {
    const { codec, widthPx, heightPx } = parseInit(clip.initSegment);
    this.epoch++;
    const { initSegment } = clip;
    recorder.startStream({ epoch: this.epoch, codec, widthPx, heightPx, initSegment });
  }

  /** Lets frames of a clip arrive at the times at which they are shown, from `from` up to `end`. */
  async play(recorder: Recorder, clip: FragmentedClip, from = 0, end = clip.fragments.length): Promise<void> {
    const frameMs = (clip.fragments[1]!.dtsTicks - clip.fragments[0]!.dtsTicks) / TICKS_PER_MS;
    for (const { bytes, ptsTicks, isKeyframe } of clip.fragments.slice(from, end)) {
      const arrivedMs = this.clock.monotonicMs();
      const capturedAtMs = this.clock.wallMs();
      recorder.push({ epoch: this.epoch, ptsTicks, isKeyframe, bytes, arrivedMs, capturedAtMs });
      await this.clock.advanceAsync(frameMs);
    }
  }

  /** Waits until the disk has everything. */
  async settle(recorder: Recorder): Promise<void> {
    await this.clock.advanceAsync(1000);
    const what = 'everything to be written';
    await waitFor(() => recorder.waitingBytes === 0, { timeoutMs: 10_000, what });
  }

  /** All recorded files, by name; relative to the folder of recordings. */
  async files(folder = 'hot'): Promise<string[]> {
    const all = await readdir(path.join(this.dir, folder), { recursive: true });
    return all.filter((name) => /\.mp4(\.part)?$/.test(name)).sort();
  }

  list(fromMs = 0, toMs = this.clock.wallMs() + HOUR_MS) {
    return this.recordings.list({ camera: 'gate', fromMs, toMs, limit: 1000 });
  }

  async close(): Promise<void> {
    await this.recordings.close();
    await this.store.close();
    this.metrics.close();
  }

  async tearDown(): Promise<void> {
    await this.close();
    await rm(this.dir, { recursive: true, force: true });
  }
}

export interface Probed {
  readonly seconds: number;
  readonly startSeconds: number;
  readonly frames: number;
  /** A hash of each decoded picture, in the order in which they are shown. */
  readonly pictures: readonly string[];
  readonly complaints: string;
}

/** What ffprobe and FFmpeg see in a movie. */
export async function probe(movie: Buffer, dir: string): Promise<Probed> {
  const file = path.join(dir, 'probed.mp4');
  await writeFile(file, movie);
  return probeFile(file);
}

/** As {@link probe}, of a file. */
export async function probeFile(file: string): Promise<Probed> {
  const entries = 'format=duration,start_time:stream=nb_read_frames';
  const probed = await run('ffprobe', ['-v', 'error', '-count_frames', '-show_entries', entries, '-of', 'json', file]); // prettier-ignore
  const { format, streams } = JSON.parse(probed.stdout) as {
    format: { duration: string; start_time: string };
    streams: { nb_read_frames: string }[];
  };
  const decoded = await run('ffmpeg', ['-v', 'warning', '-i', file, '-map', '0:v', '-fps_mode', 'passthrough', '-f', 'framemd5', '-']); // prettier-ignore
  return {
    seconds: Number(format.duration),
    startSeconds: Number(format.start_time),
    frames: Number(streams[0]?.nb_read_frames),
    pictures: decoded.stdout
      .split('\n')
      .filter((line) => /^\d/.test(line))
      .map((line) => line.split(',').at(-1)!.trim()),
    complaints: probed.stderr + decoded.stderr,
  };
}

/** The whole of a clip. */
export async function bytesOf(clip: {
  bytes: number;
  read(start: number, end: number): AsyncIterable<Buffer>;
}): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of clip.read(0, clip.bytes)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
