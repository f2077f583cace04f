import { AppError, type Clock, type Log } from '../base/index.js';
import { SpawnSlots, takePicture } from '../ingest/index.js';
import type { Ffmpeg } from '../media/index.js';
import type { LiveFeed } from './live-feed.js';

/** All who ask within this time get the same picture. */
const FRESH_MS = 1000;
/** From the question to the answer, waiting included. */
const DEADLINE_MS = 5000;
const AT_ONCE_MAX = 2;
const WAITING_MAX = 16;

/** Shared by all cameras of the process: so many pictures are decoded at once. */
const sharedSlots = new SpawnSlots(AT_ONCE_MAX);

/** What pictures are taken with. */
export interface SnapshotsOptions {
  /** Its id, for the log and messages. */
  readonly camera: string;
  readonly feed: LiveFeed;
  readonly ffmpeg: () => Promise<Ffmpeg>;
  readonly clock: Clock;
  readonly log: Log;
  /** Shared by all cameras of the process when undefined. */
  readonly slots?: SpawnSlots;
}

interface Taken {
  readonly askedMs: number;
  readonly picture: Promise<Buffer>;
}

/** One camera's newest picture on demand: nothing is decoded while nobody asks, and once for all who ask together. */
export class Snapshots {
  readonly #options: SnapshotsOptions;
  /** By width; those asked for within the last {@link FRESH_MS}, and those on their way. */
  readonly #taken = new Map<number | undefined, Taken>();

  constructor(options: SnapshotsOptions) {
    this.#options = options;
  }

  /**
   * The camera's newest picture as a JPEG, a second old at most plus the time to make it. The buffer is shared: do not change it.
   *
   * @param widthPx its width, unless the camera's is smaller; the camera's when undefined
   * @throws {AppError} `live/no-picture`, `live/snapshot-busy`, and what `takePicture` of ingest/ throws
   */
  take(widthPx?: number): Promise<Buffer> {
    const nowMs = this.#options.clock.monotonicMs();
    for (const [key, { askedMs }] of this.#taken) if (nowMs - askedMs >= FRESH_MS) this.#taken.delete(key);
    const known = this.#taken.get(widthPx);
    if (known !== undefined) return known.picture;
    const taken: Taken = { askedMs: nowMs, picture: this.#take(widthPx) };
    this.#taken.set(widthPx, taken);
    // A failure is not kept: the next who asks may have more luck.
    taken.picture.catch(() => {
      if (this.#taken.get(widthPx) === taken) this.#taken.delete(widthPx);
    });
    return taken.picture;
  }

  async #take(widthPx: number | undefined): Promise<Buffer> {
    const { camera, feed, ffmpeg, clock, log, slots = sharedSlots } = this.#options;
    if (slots.waiting >= WAITING_MAX) throw busy();
    const endMs = clock.monotonicMs() + DEADLINE_MS;
    const patience = new AbortController();
    const timer = clock.after(DEADLINE_MS, () => patience.abort(busy()));
    const freeSlot = await slots.take(patience.signal);
    try {
      timer.cancel();
      // Looked at only now: it has gone on meanwhile.
      const group = feed.group;
      if (group === undefined) throw noPicture(camera);
      return await takePicture({
        ...{ camera, ...group, clock, log },
        ...(widthPx === undefined ? {} : { widthPx }),
        ffmpeg: await ffmpeg(),
        timeoutMs: Math.max(1, endMs - clock.monotonicMs()),
      });
    } finally {
      freeSlot();
    }
  }
}

function busy(): AppError {
  const message = 'too many pictures are being made: ask less often, or watch the live stream';
  return new AppError('live/snapshot-busy', 'unavailable', message);
}

function noPicture(camera: string): AppError {
  const message = `camera ${camera} has sent no keyframe yet, or its last one is too long ago: try again`;
  return new AppError('live/no-picture', 'unavailable', message);
}
