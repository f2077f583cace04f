import path from 'node:path';
import { once, messageOf, type Clock, type Log, type Timer } from '../base/index.js';
import { SpawnSlots } from '../ingest/index.js';
import type { DurableMessage } from '../events/index.js';
import type { Ffmpeg } from '../media/index.js';
import type { Metrics } from '../metrics/index.js';
import { SEGMENT_MS_MAX, type Segment, type SegmentRow } from '../store/index.js';
import { buildClip, nothingRecorded, type ClipFile, type ClipRange, type ClipSource } from './clip.js';
import { CoveredClips, type CoverPicture } from './covered-clip.js';
import { ExactClips } from './exact-clip.js';
import type { Place } from './open-segment.js';
import type { KeepPlan, RecordPlan } from './plan.js';
import { RecentClips } from './recent-clips.js';
import { recoverSegments } from './recover.js';
import { Recorder } from './recorder.js';
import { Retention } from './retention.js';
import { isFull, SegmentWriter } from './segment-writer.js';
import { Tier, type SegmentIndex } from './tier.js';
import { happeningOf } from './happening.js';
import { gapsOf, type Gap } from './timeline.js';

/** Disk and folder are looked at this often: room is made, and recording goes on, soon after there is need or room. */
const LOOK_EVERY_MS = 2000;
const LOOK_BYTES_MIN = 1024 * 1024;
/** Ages, sizes and metrics can wait longer. */
const APPLY_EVERY_MS = 10_000;
/** Of Node's four threads for files, two stay free while a disk stalls. */
const WRITES_AT_ONCE = 2;
const CLIP_SEGMENTS_MAX = 2000;

/** Where recordings go. */
export interface RecordingPlaces {
  readonly dir: string;
  /** Kept free on the disks; absent: 5 %, at most 5 GiB. */
  readonly reserveBytes?: number;
  readonly cold?: { readonly dir: string; readonly afterMs: number };
}

/** What recordings are made and kept with. */
export interface RecordingsOptions {
  readonly places: RecordingPlaces;
  readonly index: SegmentIndex;
  readonly keepOf: (camera: string) => KeepPlan;
  readonly ffmpeg: () => Promise<Ffmpeg>;
  readonly metrics: Pick<Metrics, 'recordingBytes' | 'recordingSegments' | 'recordingDropped'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Which recordings to list, wall time in ms. */
export interface ListQuery {
  readonly camera: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Where the page before ended. */
  readonly after?: { readonly startMs: number; readonly id: number; readonly endMs: number };
  readonly limit: number;
}

/** A part of a camera's timeline. */
export interface RecordingList {
  /** By their starts. Those that are still written have no number yet. */
  readonly segments: readonly (SegmentRow & Partial<Pick<Segment, 'id' | 'isMarked'>>)[];
  readonly gaps: readonly Gap[];
  /** Absent on the last page. */
  readonly next?: { readonly startMs: number; readonly id: number; readonly endMs: number };
}

/** Everything that is recorded: writes it, keeps it in order and within bounds, and gives it out. */
export class Recordings {
  readonly #options: RecordingsOptions;
  readonly #hot: Tier;
  readonly #cold: Tier | undefined;
  readonly #retention: Retention;
  readonly #exact: ExactClips;
  readonly #covered: CoveredClips;
  readonly #recent: RecentClips;
  readonly #slots = new SpawnSlots(WRITES_AT_ONCE);
  readonly #recorders = new Map<string, Recorder>();
  readonly #told = new Set<string>();
  #appliedMs = -Infinity;
  #writtenBytes = 0;
  /** Nothing is left to delete, and the reserve is not whole. */
  #isFull = false;
  #looking: Promise<void> | undefined;
  #timer: Timer | undefined;

  private constructor(options: RecordingsOptions) {
    const { places, index, clock, log, keepOf, ffmpeg } = options;
    const { dir, cold, reserveBytes } = places;
    const shared = { index, log, ...(reserveBytes === undefined ? {} : { reserveBytes }) };
    this.#options = options;
    this.#hot = new Tier({ name: 'hot', dir, ...shared });
    this.#cold = cold === undefined ? undefined : new Tier({ name: 'cold', dir: cold.dir, ...shared });
    this.#retention = new Retention({
      ...{ index, keepOf, clock, log, hot: this.#hot },
      ...(this.#cold === undefined ? {} : { cold: this.#cold }),
      ...(cold === undefined ? {} : { coldAfterMs: cold.afterMs }),
    });
    const clips = { ffmpeg, dir: path.join(dir, '.clips'), clock, log };
    this.#exact = new ExactClips(clips);
    this.#covered = new CoveredClips(clips);
    this.#recent = new RecentClips({ clock });
  }

  /**
   * Brings folders and index in order, then begins to watch the disk. A folder that cannot be used is no failure: it is told, and
   * tried again.
   */
  static async open(options: RecordingsOptions): Promise<Recordings> {
    const { index, log, clock } = options;
    const recordings = new Recordings(options);
    for (const tier of recordings.#tiers) await tier.look();
    const tiers = recordings.#tiers.filter(({ problem }) => problem === undefined);
    try {
      const counts = await recoverSegments({ tiers, index, log });
      if (Object.values(counts).some((count) => count > 0))
        log.info(counts, 'recordings were brought in order');
      await recordings.#exact.clear();
    } catch (error) {
      log.error({ cause: messageOf(error) }, 'recordings could not be brought in order');
    }
    recordings.#timer = clock.every(LOOK_EVERY_MS, () => recordings.#lookOnce());
    recordings.#lookOnce();
    return recordings;
  }

  /** What a camera is recorded with from now on. Close it before another one is made for the camera. */
  recorder(camera: string, plan: RecordPlan): Recorder {
    const { clock, log, metrics, index } = this.#options;
    const onDropped = (reason: 'queue-full' | 'disk-full' | 'disk-error', frames: number) =>
      metrics.recordingDropped.inc({ camera, reason }, frames);
    const writer = new SegmentWriter({
      ...{ camera, clock, log, slots: this.#slots },
      place: () => this.#place(),
      onWritten: (bytes) => this.#onWritten(bytes),
      commit: (row) => index.write('add', [row]),
      onLost: (frames) => onDropped('disk-error', frames),
      onFault: (error) => {
        recorder.onFault(
          `the disk of ${this.#hot.dir} refuses to take recordings (${messageOf(error)}); it is tried again`,
        );
        if (isFull(error)) this.#lookOnce();
      },
    });
    const recorder = new Recorder({
      ...{ plan, writer, clock, onDropped },
      pausedReason: () => this.#pausedReason(),
      onEvent: (fromWallMs) => {
        const raised = index.write('raise', camera, fromWallMs, clock.wallMs() + SEGMENT_MS_MAX);
        raised.catch((error: unknown) =>
          log.warn({ camera, cause: messageOf(error) }, 'an event was not noted'),
        );
      },
    });
    this.#recorders.set(camera, recorder);
    return recorder;
  }

  /** The recorder of a camera that runs. */
  of(camera: string): Recorder | undefined {
    return this.#recorders.get(camera);
  }

  /** Takes what is told of a camera: events and tracks that begin and end. */
  notice(message: DurableMessage): void {
    const recorder = this.#recorders.get(message.camera);
    const happening = recorder === undefined ? undefined : happeningOf(message);
    if (recorder === undefined || happening === undefined || happening.kind !== recorder.follows) return;
    if (happening.isOver) recorder.endEvent(happening.id);
    else recorder.beginEvent(happening.id);
  }

  /** What is wrong with the places of recordings, if anything: sentences. */
  get warnings(): string[] {
    const isUsed = [...this.#recorders.values()].some(({ state }) => state !== 'off');
    if (!isUsed) return [];
    const reasons = [...this.#recorders].flatMap(([camera, { pausedReason }]) =>
      pausedReason === undefined ? [] : [`camera ${camera} is not recorded: ${pausedReason}`],
    );
    const problems = this.#tiers.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
    return [...new Set([...problems, ...reasons])];
  }

  /** What is recorded of a camera between two times, and what is not. */
  async list(query: ListQuery): Promise<RecordingList> {
    const { camera, fromMs, toMs, after, limit } = query;
    const place = after === undefined ? {} : { after: { startMs: after.startMs, id: after.id } };
    // Before the index is asked: what is committed meanwhile is then in it, or in both.
    const pending = this.#pendingOf(camera, query);
    const found = await this.#options.index.read('within', { camera, fromMs, toMs, limit, ...place });
    const last = found.at(-1);
    const gapsFromMs = after === undefined ? fromMs : after.endMs;
    if (found.length === limit && last !== undefined) {
      const next = { startMs: last.startMs, id: last.id, endMs: last.endMs };
      return { segments: found, gaps: gapsOf(found, gapsFromMs, last.endMs), next };
    }
    const paths = new Set(found.map((row) => row.path));
    const segments = [...found, ...pending.filter((row) => !paths.has(row.path))];
    return { segments, gaps: gapsOf(segments, gapsFromMs, Math.min(toMs, this.#options.clock.wallMs())) };
  }

  /**
   * A clip of a camera: by copy from the last keyframe before `fromMs` on, or, if `exact`, encoded anew from that very picture on.
   *
   * @throws {AppError} `recording/nothing-recorded`, `recording/clip-mixed`, and those of `ExactClips.cut`
   */
  clip(camera: string, range: ClipRange, isExact: boolean): Promise<ClipFile> {
    const copied = this.#recent.get(`${camera} ${range.fromMs} ${range.toMs}`, () =>
      this.#copy(camera, range),
    );
    if (!isExact) return copied;
    return this.#recent.get(`${camera} ${range.fromMs} ${range.toMs} exact`, async () =>
      this.#exact.cut(await copied, range),
    );
  }

  /**
   * A clip of a camera, encoded anew of pictures that are covered one by one.
   *
   * @param way how `cover` covers: a clip that was made lately in the same way is given again
   * @throws {AppError} `recording/nothing-recorded`, `recording/clip-mixed`, and those of `CoveredClips.make`
   */
  coveredClip(camera: string, range: ClipRange, way: string, cover: CoverPicture): Promise<ClipFile> {
    return this.#recent.get(`${camera} ${range.fromMs} ${range.toMs} ${way}`, async () =>
      this.#covered.make(await this.clip(camera, range, false), range, cover),
    );
  }

  /** Marks what overlaps a time, so that it is never deleted, or unmarks it. Gives the number of segments. */
  mark(camera: string, { fromMs, toMs }: ClipRange, isMarked: boolean): Promise<number> {
    return this.#options.index.write('mark', camera, fromMs, toMs, isMarked);
  }

  /** Ends all recorders, and waits until what they took is on the disk. */
  readonly close = once(async () => {
    this.#timer?.cancel();
    await Promise.all([...this.#recorders.values()].map((recorder) => recorder.close()));
    await this.#looking;
    this.#recent.clear();
  });

  get #tiers(): Tier[] {
    return this.#cold === undefined ? [this.#hot] : [this.#hot, this.#cold];
  }

  #pausedReason(): string | undefined {
    if (this.#hot.problem !== undefined) return this.#hot.problem;
    if (!this.#isFull) return undefined;
    return `the disk of ${this.#hot.dir} is full up to its reserve, and nothing more may be deleted: free some space, or lower recording.reserveGb`;
  }

  #place(): Place {
    return { tier: this.#hot.name, dir: this.#hot.dir };
  }

  async #copy(camera: string, range: ClipRange): Promise<ClipFile> {
    const { segments } = await this.list({ camera, ...range, limit: CLIP_SEGMENTS_MAX });
    const dirs = new Map(this.#tiers.map(({ name, dir }) => [name as string, dir]));
    const sources = segments.flatMap((row): ClipSource[] => {
      const dir = dirs.get(row.tier);
      return dir === undefined ? [] : [{ row, file: path.join(dir, row.path) }];
    });
    if (sources.length === 0) throw nothingRecorded();
    return buildClip(sources, range);
  }

  #pendingOf(camera: string, { fromMs, toMs, after }: ListQuery): SegmentRow[] {
    const rows = this.#recorders.get(camera)?.pending ?? [];
    return rows.filter(
      ({ startMs, endMs }) => startMs < toMs && endMs > fromMs && startMs > (after?.startMs ?? -Infinity),
    );
  }

  /** On a small or fast-filling disk the next look may come too late. */
  #onWritten(bytes: number): void {
    this.#writtenBytes += bytes;
    if (this.#writtenBytes < Math.max(LOOK_BYTES_MIN, this.#hot.reserveBytes / 4)) return;
    this.#writtenBytes = 0;
    this.#lookOnce();
  }

  #lookOnce(): void {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
  }

  async #look(): Promise<void> {
    for (const tier of this.#tiers) await tier.look();
    if (this.#tiers.some(({ isShort }) => isShort)) await this.#retention.makeRoom();
    this.#isFull = this.#hot.isShort;
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#appliedMs < APPLY_EVERY_MS) return;
    this.#appliedMs = nowMs;
    await this.#retention.apply();
    await this.#measure();
  }

  async #measure(): Promise<void> {
    const { index, metrics, log } = this.#options;
    try {
      const sums = new Map([...this.#told].map((camera) => [camera, { bytes: 0, segments: 0 }]));
      for (const { camera, bytes, segments } of await index.read('totals')) {
        const sum = sums.get(camera) ?? { bytes: 0, segments: 0 };
        sums.set(camera, { bytes: sum.bytes + bytes, segments: sum.segments + segments });
        this.#told.add(camera);
      }
      for (const [camera, { bytes, segments }] of sums) {
        metrics.recordingBytes.set({ camera }, bytes);
        metrics.recordingSegments.set({ camera }, segments);
      }
    } catch (error) {
      log.debug({ cause: messageOf(error) }, 'recordings could not be measured');
    }
  }
}
