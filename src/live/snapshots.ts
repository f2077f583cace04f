import { AppError, type Clock, type Log } from '../base/index.js';
import { SpawnSlots, takePicture } from '../ingest/index.js';
import type { Ffmpeg } from '../media/index.js';
import type { LiveFeed } from './live-feed.js';

/** All who ask within this time get the same picture. */
const FRESH_MS = 1000;
/** From the question to the answer, waiting included. */
const DEADLINE_MS = 5000;
const TICKS_PER_MS = 90;
const AT_ONCE_MAX = 2;
const WAITING_MAX = 16;
/** Pictures of events wait in a line of their own: who asks for many pictures keeps none of these out. */
const EVENTS_WAITING_MAX = 8;

/** Shared by all cameras of the process: so many pictures are decoded at once. */
const sharedSlots = new SpawnSlots(AT_ONCE_MAX);
const eventSlots = new SpawnSlots(1);

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

  /**
   * The picture of a time of the stream as a JPEG in the source's size, or the first that is kept if that is later. Of a stream with B-frames it
   * may be one a few frames later.
   *
   * @throws {AppError} as {@link take}; `live/no-picture` also where the stream is another by now
   */
  async takeAt(epoch: number, ptsMs: number): Promise<Buffer> {
    const { camera, feed } = this.#options;
    const group = feed.group;
    if (group?.stream.epoch !== epoch) throw noPicture(camera);
    const { stream, fragments } = group;
    const last = fragments.findLastIndex(({ ptsTicks }) => ptsTicks <= (ptsMs + 1) * TICKS_PER_MS);
    const upToThen = { stream, fragments: fragments.slice(0, Math.max(0, last) + 1) };
    return this.#decode(eventSlots, EVENTS_WAITING_MAX, undefined, () => upToThen);
  }

  #take(widthPx: number | undefined): Promise<Buffer> {
    const { feed, slots = sharedSlots } = this.#options;
    return this.#decode(slots, WAITING_MAX, widthPx, () => feed.group);
  }

  /** @param groupNow asked when its turn has come: it has gone on meanwhile */
  async #decode(
    slots: SpawnSlots,
    waitingMax: number,
    widthPx: number | undefined,
    groupNow: () => LiveFeed['group'],
  ): Promise<Buffer> {
    const { camera, ffmpeg, clock, log } = this.#options;
    if (slots.waiting >= waitingMax) throw busy();
    const endMs = clock.monotonicMs() + DEADLINE_MS;
    const patience = new AbortController();
    const timer = clock.after(DEADLINE_MS, () => patience.abort(busy()));
    const freeSlot = await slots.take(patience.signal);
    try {
      timer.cancel();
      const group = groupNow();
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
