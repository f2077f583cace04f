import { copyFile, open, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { ClockDoubt, messageOf, type Clock, type Log, makeFolder, renameDurably } from '../base/index.js';
import type { Segment, SegmentSeverity } from '../store/index.js';
import { PART } from './open-segment.js';
import type { KeepPlan } from './plan.js';
import type { SegmentIndex, Tier } from './tier.js';

const BATCH = 50;
const DAY_MS = 24 * 3600_000;

/** What retention works on. */
export interface RetentionOptions {
  readonly index: SegmentIndex;
  readonly hot: Tier;
  readonly cold?: Tier;
  /** Segments older than this go from hot to cold. */
  readonly coldAfterMs?: number;
  readonly keepOf: (camera: string) => KeepPlan;
  readonly clock: Clock;
  readonly log: Log;
}

/** Deletes what is too old or too much, moves what is older to the cold tier, and keeps a reserve of the disk free. Never touches what is marked. */
export class Retention {
  readonly #options: RetentionOptions;
  /** Files are gone, and the index could not be told yet. */
  readonly #gone = new Set<number>();
  readonly #doubt: ClockDoubt;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#doubt = new ClockDoubt(options);
  }

  /** Frees what the reserve lacks: the oldest go, whichever camera's they are. Never rejects. */
  async makeRoom(): Promise<void> {
    await this.#guarded(async () => {
      const { hot, cold } = this.#options;
      if (cold !== undefined) await this.#freeTier(cold, undefined);
      await this.#freeTier(hot, cold);
    });
  }

  /** Applies ages and sizes. Never rejects. */
  async apply(): Promise<void> {
    await this.#guarded(async () => {
      const { index, keepOf, clock, hot, cold, coldAfterMs } = this.#options;
      const isDoubtful = this.#doubt.isDoubtful();
      const totals = await index.read('totals');
      for (const camera of new Set(totals.map((row) => row.camera))) {
        const keep = keepOf(camera);
        if (!isDoubtful) {
          await this.#deleteExpired(camera, 'routine', clock.wallMs() - keep.routineMs);
          await this.#deleteExpired(camera, 'event', clock.wallMs() - keep.eventMs);
        }
        if (keep.bytesMax !== undefined) await this.#limitCamera(camera, keep.bytesMax);
      }
      if (cold === undefined || coldAfterMs === undefined || cold.isShort || isDoubtful) return;
      const old = await index.read('oldest', hot.name, clock.wallMs() - coldAfterMs, BATCH);
      for (const segment of old) await this.#move(segment, cold);
    });
  }

  async #guarded(task: () => Promise<void>): Promise<void> {
    try {
      await this.#tellIndex();
      await task();
    } catch (error) {
      this.#options.log.warn({ cause: messageOf(error) }, 'retention could not do all it should');
    }
  }

  async #deleteExpired(camera: string, severity: SegmentSeverity, beforeMs: number): Promise<void> {
    for (;;) {
      const found = await this.#options.index.read('expired', camera, severity, beforeMs, BATCH);
      if ((await this.#delete(found)) === 0) return;
    }
  }

  async #limitCamera(camera: string, bytesMax: number): Promise<void> {
    const { index } = this.#options;
    for (;;) {
      const totals = await index.read('totals');
      const sum = totals.reduce((all, row) => all + (row.camera === camera ? row.bytes : 0), 0);
      if (sum <= bytesMax) return;
      const oldest = await index.read('oldestOfCamera', camera, Infinity, BATCH);
      if ((await this.#delete(uptoBytes(oldest, sum - bytesMax))) === 0) return;
    }
  }

  async #freeTier(tier: Tier, colder: Tier | undefined): Promise<void> {
    while (tier.problem === undefined && tier.isShort) {
      const oldest = await this.#options.index.read('oldest', tier.name, Infinity, BATCH);
      const chosen = uptoBytes(oldest, Math.max(1, tier.shortageBytes));
      let freed = 0;
      if (colder !== undefined && colder.problem === undefined && !colder.isShort)
        for (const segment of chosen) freed += (await this.#move(segment, colder)) ? 1 : 0;
      else freed = await this.#delete(chosen);
      await tier.look();
      await colder?.look();
      if (freed === 0) return;
    }
  }

  /** @returns how many files are gone */
  async #delete(segments: readonly Segment[]): Promise<number> {
    const { clock, log } = this.#options;
    let count = 0;
    for (const segment of segments) {
      const tier = this.#tierOf(segment);
      if (tier === undefined || this.#gone.has(segment.id)) continue;
      try {
        const file = path.join(tier.dir, segment.path);
        // The file first: on a full disk the index may not be able to write before there is room.
        await rm(file, { force: true });
        this.#gone.add(segment.id);
        count++;
        if (clock.wallMs() - segment.startMs > 2 * DAY_MS) await removeEmpty(path.dirname(file));
      } catch (error) {
        log.warn({ path: segment.path, cause: messageOf(error) }, 'a recorded file cannot be deleted');
      }
    }
    if (count > 0) log.debug({ files: count }, 'recordings were deleted by retention');
    await this.#tellIndex();
    return count;
  }

  async #tellIndex(): Promise<void> {
    if (this.#gone.size === 0) return;
    const ids = [...this.#gone];
    await this.#options.index.write('remove', ids);
    for (const id of ids) this.#gone.delete(id);
  }

  #tierOf({ tier }: Segment): Tier | undefined {
    const { hot, cold } = this.#options;
    const found = [hot, cold].find((one) => one?.name === tier);
    return found?.problem === undefined ? found : undefined;
  }

  /** Copies, and lets go of the original when the copy is on the disk and the index says so. */
  async #move(segment: Segment, to: Tier): Promise<boolean> {
    const { index, log } = this.#options;
    const from = this.#tierOf(segment);
    if (from === undefined || to.problem !== undefined) return false;
    const target = path.join(to.dir, segment.path);
    try {
      await makeFolder(path.dirname(target));
      await copyFile(path.join(from.dir, segment.path), target + PART);
      const handle = await open(target + PART, 'r+');
      await handle.sync().finally(() => handle.close());
      await renameDurably(target + PART, target);
      await index.write('move', segment.id, to.name);
      await rm(path.join(from.dir, segment.path), { force: true });
      return true;
    } catch (error) {
      log.warn(
        { path: segment.path, cause: messageOf(error) },
        'a recorded file cannot be moved to the cold tier',
      );
      await rm(target + PART, { force: true });
      return false;
    }
  }
}

/** The first of them, as many as make so many bytes. */
function uptoBytes(segments: readonly Segment[], bytes: number): Segment[] {
  let sum = 0;
  const chosen: Segment[] = [];
  for (const segment of segments) {
    if (sum >= bytes) break;
    chosen.push(segment);
    sum += segment.bytes;
  }
  return chosen;
}

async function removeEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch {
    // There are others in it.
  }
}
