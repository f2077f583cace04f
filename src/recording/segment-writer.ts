import { messageOf, once, sleep, type Clock, type Log, type Timer } from '../base/index.js';
import type { Fragment, SpawnSlots } from '../ingest/index.js';
import type { SegmentRow } from '../store/index.js';
import { OpenSegment, type Place, type SegmentHead } from './open-segment.js';

/** Fragments gather so long for one write. */
const GATHER_MS = 400;
/** What is written is on the disk after this, and the time that the disk takes. */
const SYNC_MS = 1000;
/** Without waiting any longer. */
const GATHERED_BYTES_MAX = 1024 * 1024;
/** What may wait for the disk, the next fragment included: 32 s of 4 Mbit/s. */
const WAITING_BYTES_MAX = 16 * 1024 * 1024;
/** Files that wait for the index; it finds further ones at the next start. */
const UNCOMMITTED_MAX = 1000;
const CLOSE_TIMEOUT_MS = 10_000;

/** What a camera's segments are written with. */
export interface SegmentWriterOptions {
  readonly camera: string;
  /** Asked for each segment. @throws {AppError} while there is none */
  readonly place: () => Place;
  /** Shared by all cameras, fewer than Node has threads for files: a disk that stalls must not hold up everything else. */
  readonly slots: SpawnSlots;
  /** So many bytes were handed to the disk. */
  readonly onWritten: (bytes: number) => void;
  /** Takes a finished file into the index. */
  readonly commit: (row: SegmentRow) => Promise<void>;
  /** Frames that were accepted and could not be written. */
  readonly onLost: (frames: number) => void;
  /** The disk refuses; what was accepted for this segment is lost, and the next one may have more luck. */
  readonly onFault: (error: unknown) => void;
  readonly clock: Clock;
  readonly log: Log;
}

type Job =
  | { readonly type: 'begin'; readonly head: SegmentHead }
  | { readonly type: 'frame'; readonly fragment: Fragment }
  | { readonly type: 'end' };

/**
 * Writes one camera's segments, in the order write, fsync, rename, fsync of the folder, commit. Calls return at once; what the disk
 * has not taken waits here, up to a bound.
 */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  #jobs: Job[] = [];
  #waitingBytes = 0;
  #working: Promise<void> | undefined;
  #gathering: Timer | undefined;
  #current: OpenSegment | undefined;
  /** Ended, and not in the index yet. */
  readonly #uncommitted: SegmentRow[] = [];
  #syncedMs = 0;
  #isClosed = false;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
  }

  get camera(): string {
    return this.#options.camera;
  }

  /** Bytes that wait for the disk. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** What is recorded and not in the index yet, oldest first. */
  get pending(): SegmentRow[] {
    const open = this.#current;
    return open === undefined || open.frames === 0
      ? [...this.#uncommitted]
      : [...this.#uncommitted, open.row];
  }

  /** Begins a segment with its first frame; one that is open is ended. */
  begin(head: SegmentHead): boolean {
    this.end();
    if (this.#waitingBytes + head.first.bytes.length > WAITING_BYTES_MAX) return false;
    this.#jobs.push({ type: 'begin', head });
    return this.append(head.first);
  }

  /** Appends a frame. False when it does not fit: end the segment then, and go on with a keyframe. */
  append(fragment: Fragment): boolean {
    if (this.#isClosed || this.#waitingBytes + fragment.bytes.length > WAITING_BYTES_MAX) return false;
    this.#jobs.push({ type: 'frame', fragment });
    this.#waitingBytes += fragment.bytes.length;
    if (this.#waitingBytes >= GATHERED_BYTES_MAX) this.#work();
    else this.#gathering ??= this.#options.clock.after(GATHER_MS, () => this.#work());
    return true;
  }

  end(): void {
    if (this.#isClosed) return;
    this.#jobs.push({ type: 'end' });
    this.#work();
  }

  /** The segment that is open belongs to an event. */
  raise(): void {
    if (this.#current !== undefined) this.#current.severity = 'event';
  }

  /** Ends what is open and waits until it is committed, 10 s at most. */
  readonly close = once(async () => {
    this.end();
    this.#isClosed = true;
    const patience = new AbortController();
    const done = (async () => {
      while (this.#working !== undefined) await this.#working;
    })();
    await Promise.race([done, sleep(this.#options.clock, CLOSE_TIMEOUT_MS, patience.signal)]);
    patience.abort();
    this.#gathering?.cancel();
  });

  #work(): void {
    this.#gathering?.cancel();
    this.#gathering = undefined;
    this.#start(() => this.#workAll());
  }

  #start(task: () => Promise<void>): void {
    this.#working ??= task().finally(() => {
      this.#working = undefined;
      if (this.#jobs.length > 0) this.#work();
    });
  }

  async #workAll(): Promise<void> {
    while (this.#jobs.length > 0) {
      const freeSlot = await this.#options.slots.take();
      try {
        await this.#workOnce();
      } finally {
        freeSlot();
      }
    }
    await this.#commitAll();
    // What came meanwhile has its own timer; what is written and not synced needs one.
    if (this.#current?.isDirty === true && this.#jobs.length === 0 && !this.#isClosed)
      this.#gathering ??= this.#options.clock.after(GATHER_MS, () => this.#syncIdle());
  }

  #syncIdle(): void {
    this.#gathering = undefined;
    this.#start(() => this.#syncLate());
  }

  /** Puts on the disk what no further frame will. */
  async #syncLate(): Promise<void> {
    if (this.#jobs.length > 0) return this.#workAll();
    const freeSlot = await this.#options.slots.take();
    try {
      await this.#current?.sync();
    } catch (error) {
      await this.#fail(error);
    } finally {
      freeSlot();
    }
  }

  /** Takes what stands first in the queue: frames as many as come in a row. */
  async #workOnce(): Promise<void> {
    const jobs = this.#jobs;
    const first = jobs[0]!;
    const count = first.type === 'frame' ? countFrames(jobs) : 1;
    this.#jobs = jobs.slice(count);
    const frames = jobs.slice(0, count).flatMap((job) => (job.type === 'frame' ? [job.fragment] : []));
    try {
      if (first.type === 'begin') await this.#begin(first.head);
      else if (first.type === 'end') await this.#finish();
      else if (this.#current === undefined) this.#options.onLost(count);
      else await this.#write(this.#current, frames);
    } catch (error) {
      this.#options.onLost(frames.length);
      await this.#fail(error);
    } finally {
      for (const { bytes } of frames) this.#waitingBytes -= bytes.length;
    }
  }

  async #begin(head: SegmentHead): Promise<void> {
    const segment = new OpenSegment(head, this.#options.place());
    try {
      await segment.create();
    } catch (error) {
      await segment.close();
      throw error;
    }
    this.#current = segment;
    this.#syncedMs = this.#options.clock.monotonicMs();
  }

  async #write(segment: OpenSegment, frames: readonly Fragment[]): Promise<void> {
    const { clock, onWritten } = this.#options;
    await segment.append(frames);
    onWritten(frames.reduce((sum, { bytes }) => sum + bytes.length, 0));
    if (clock.monotonicMs() - this.#syncedMs < SYNC_MS - GATHER_MS) return;
    await segment.sync();
    this.#syncedMs = clock.monotonicMs();
  }

  async #finish(): Promise<void> {
    const segment = this.#current;
    if (segment === undefined) return;
    // Without a frame it is left to the next start, which deletes it.
    if (segment.frames === 0) await segment.close();
    else await segment.finish();
    this.#current = undefined;
    if (segment.frames > 0) this.#ended(segment);
  }

  #ended(segment: OpenSegment): void {
    this.#uncommitted.push(segment.row);
    if (this.#uncommitted.length > UNCOMMITTED_MAX) this.#uncommitted.shift();
  }

  /** The segment is over. On a full disk what is whole is kept; a file whose fsync failed is left to the next start. */
  async #fail(error: unknown): Promise<void> {
    const { camera, log, onFault } = this.#options;
    const segment = this.#current;
    this.#current = undefined;
    log.warn({ camera, cause: messageOf(error) }, 'recording was interrupted by the disk');
    if (segment !== undefined) {
      try {
        if (isFull(error) && segment.frames > 0) {
          await segment.trim();
          await segment.finish();
          this.#ended(segment);
        }
      } catch (again) {
        log.warn({ camera, cause: messageOf(again) }, 'what was recorded last waits for the next start');
      }
      await segment.close().catch(() => undefined);
    }
    onFault(error);
  }

  /** A file that the index does not take now is offered again after the next segment; at the next start at the latest it is found. */
  async #commitAll(): Promise<void> {
    for (let row = this.#uncommitted[0]; row !== undefined; row = this.#uncommitted[0]) {
      try {
        await this.#options.commit(row);
        this.#uncommitted.shift();
      } catch (error) {
        const { camera, log } = this.#options;
        log.warn({ camera, cause: messageOf(error) }, 'a recorded file is not in the index yet');
        return;
      }
    }
  }
}

/** Whether there was no room (space, inodes or quota), which leaves what is written before as it is. */
export function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(String((error as { code?: unknown }).code));
}

function countFrames(jobs: readonly Job[]): number {
  const end = jobs.findIndex(({ type }) => type !== 'frame');
  return end < 0 ? jobs.length : end;
}
