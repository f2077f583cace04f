import { statfs } from 'node:fs/promises';
import { AppError, ClockDoubt, messageOf, once, type Clock, type Closable, type Log } from '../base/index.js';
import type { Config } from '../config/index.js';
import type { TrackView } from '../engine/index.js';
import type { DurableMessage, EventMessage } from '../events/index.js';
import type { Metrics } from '../metrics/index.js';
import { reserveBytesOf } from '../recording/index.js';
import type { PictureFacts, PictureOwner, Store } from '../store/index.js';
import type { Camera } from './camera.js';
import { nowAndThen } from './now-and-then.js';

/** Pictures on their way to the disk, and their bytes; more are dropped. */
const WAITING_MAX = 64;
const WAITING_BYTES_MAX = 32 << 20;
const PERIOD_MS = 60_000;
const PAUSE_MS = 100;
/** The disk's free space is asked for this often. */
const DISK_PERIOD_MS = 5000;
const DAY_MS = 86_400_000;

/** What pictures are kept with. */
export interface SnapshotKeeperOptions {
  readonly store: Store;
  readonly cameras: ReadonlyMap<string, Camera>;
  /** As in force when it is asked. */
  readonly config: () => Pick<Config, 'data' | 'recording' | 'cameras'>;
  readonly metrics: Pick<Metrics, 'snapshotsDropped'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Keeps pictures of tracks, how these look, and pictures of events; and deletes what is too much of them. */
export class SnapshotKeeper {
  readonly #options: SnapshotKeeperOptions;
  readonly #storing = new Set<Promise<void>>();
  readonly #retention: Closable;
  readonly #doubt: ClockDoubt;
  #waitingBytes = 0;
  #disk: { readonly askedMs: number; readonly hasRoom: Promise<boolean> } | undefined;

  constructor(options: SnapshotKeeperOptions) {
    this.#options = options;
    const { clock, log } = options;
    this.#doubt = new ClockDoubt({ clock, log });
    this.#retention = nowAndThen({
      work: () => this.#shed(),
      failure: 'old pictures could not be deleted',
      periodMs: PERIOD_MS,
      pauseMs: PAUSE_MS,
      clock,
      log,
    });
  }

  /** Takes the best view of a track, in place of an earlier one; a colour that is known stays where a later view leaves it open. */
  view(view: TrackView): void {
    const {
      camera: name,
      track,
      label,
      box,
      shows,
      capturedAtMs: seenMs,
      jpeg,
      embedding,
      model,
      colour,
    } = view;
    const camera = this.#options.cameras.get(name);
    // Of before its settings changed: what is masked now may be seen in it.
    if (camera?.run !== view.run) return;
    const id = camera.trackIdOf(track);
    this.#store({ kind: 'track', id }, { camera: name, seenMs, shows, boxes: [box] }, jpeg);
    if (colour !== undefined)
      this.#run(name, () => this.#options.store.table('history').write('setColour', id, colour));
    if (model === undefined) return;
    const look = { track: id, camera: name, label, seenMs, model, embedding };
    this.#run(name, () => this.#options.store.table('looks').write('put', look));
  }

  /** Takes the picture of an event that begins, if it was seen. */
  notice(message: DurableMessage): void {
    if (message.type !== 'event.started') return;
    const camera = this.#options.cameras.get(message.camera);
    if (camera?.config.analyse.snapshots !== true) return;
    this.#run(message.camera, () => this.#takeEvent(camera, message));
  }

  /** Waits for the pictures on their way. */
  readonly close = once(async () => {
    await this.#retention.close();
    // A picture that was taken is then stored.
    while (this.#storing.size > 0) await Promise.all(this.#storing);
  });

  async #takeEvent(camera: Camera, { time, event, epoch, ptsMs, frame }: EventMessage): Promise<void> {
    if (epoch === undefined || ptsMs === undefined || frame === undefined) return;
    const jpeg = await camera.snapshots.takeAt(epoch, ptsMs);
    // Its settings have changed meanwhile: what is masked now may be seen in it.
    if (this.#options.cameras.get(camera.config.id) !== camera) return;
    const facts = {
      camera: camera.config.id,
      seenMs: Date.parse(time),
      shows: [0, 0, frame.width, frame.height] as const,
      boxes: event.tracks.map(({ box }) => box),
    };
    this.#store({ kind: 'event', id: event.id }, facts, jpeg, event.severity);
  }

  #store(
    owner: PictureOwner,
    facts: PictureFacts,
    jpeg: Uint8Array,
    severity?: 'info' | 'warning' | 'alert',
  ): void {
    const { store, metrics } = this.#options;
    if (this.#waitingBytes + jpeg.length > WAITING_BYTES_MAX)
      return metrics.snapshotsDropped.inc({ camera: facts.camera, reason: 'queue-full' });
    this.#waitingBytes += jpeg.length;
    this.#run(facts.camera, async () => {
      try {
        if (!(await this.#hasRoom())) {
          metrics.snapshotsDropped.inc({ camera: facts.camera, reason: 'disk-full' });
          return;
        }
        await store.table('pictures').write('put', owner, facts, jpeg, severity);
      } finally {
        this.#waitingBytes -= jpeg.length;
      }
    });
  }

  #run(camera: string, work: () => Promise<void>): void {
    const { metrics, log } = this.#options;
    if (this.#storing.size >= WAITING_MAX)
      return metrics.snapshotsDropped.inc({ camera, reason: 'queue-full' });
    const running: Promise<void> = work()
      .catch((error: unknown) => {
        const isOfStore = error instanceof AppError && error.code.startsWith('store/');
        metrics.snapshotsDropped.inc({ camera, reason: isOfStore ? 'store' : 'no-picture' });
        log.debug({ camera, cause: messageOf(error) }, 'a picture was not kept');
      })
      .finally(() => this.#storing.delete(running));
    this.#storing.add(running);
  }

  /** Whether the disk of `data.dir` has more than its reserve. What cannot be asked is left to the store to find out. */
  #hasRoom(): Promise<boolean> {
    const { clock, config } = this.#options;
    const nowMs = clock.monotonicMs();
    if (this.#disk === undefined || nowMs - this.#disk.askedMs > DISK_PERIOD_MS) {
      const { data, recording } = config();
      const hasRoom = statfs(data.dir).then(
        ({ bavail, bsize, blocks }) =>
          bavail * bsize > reserveBytesOf(blocks * bsize, recording.reserveBytes),
        () => true,
      );
      this.#disk = { askedMs: nowMs, hasRoom };
    }
    return this.#disk.hasRoom;
  }

  /** Deletes a few pictures if there are some that are too old or too many; whether there may be more. */
  async #shed(): Promise<boolean> {
    const { store, config, clock } = this.#options;
    const { data, cameras } = config();
    const pictures = store.table('pictures');
    const byCamera = await pictures.read('bytesByCamera');
    const isDoubtful = this.#doubt.isDoubtful();
    for (const { camera, bytes } of byCamera) {
      const own = cameras.find(({ id }) => id === camera)?.snapshots;
      const ages = Object.entries({ ...data.snapshotAgesMs, ...own?.agesMs });
      const beforeMs = Object.fromEntries(ages.map(([shown, ageMs]) => [shown, clock.wallMs() - ageMs]));
      if (!isDoubtful && ages.length > 0 && (await pictures.write('shedOlder', camera, beforeMs)) > 0)
        return true;
      const surplus = bytes - (own?.bytesMax ?? Infinity);
      if (surplus > 0 && (await pictures.write('shed', camera, surplus)) > 0) return true;
    }
    const tooMany = byCamera.reduce((sum, { bytes }) => sum + bytes, 0) - data.snapshotsBytes;
    if (tooMany > 0)
      for (const { camera } of byCamera) if ((await pictures.write('shed', camera, tooMany)) > 0) return true;
    if (isDoubtful) return false;
    // Their track or event would have been deleted by now, with them.
    const agesMs = [data.historyAgesMs, ...cameras.map(({ historyAgesMs }) => historyAgesMs ?? {})];
    const longestMs = Math.max(...agesMs.flatMap((ages) => Object.values(ages)));
    const goneMs = clock.wallMs() - longestMs - DAY_MS;
    const orphans = await pictures.write('removeOrphans', goneMs);
    return orphans + (await store.table('looks').write('removeOrphans', goneMs)) > 0;
  }
}
