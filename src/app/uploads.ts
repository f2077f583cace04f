import { randomUUID } from 'node:crypto';
import { open, readdir, rm, stat, statfs, utimes } from 'node:fs/promises';
import path from 'node:path';
import { AppError, makeFolder, renameDurably, toAppError, type Clock } from '../base/index.js';
import { uploadPath, type Config } from '../config/index.js';
import { probeSource, type Ffmpeg } from '../media/index.js';
import { reserveBytesOf } from '../recording/index.js';
import { PIECE_BYTES_MAX, type UploadView } from '../server/index.js';

/** Of one clip. */
const BYTES_MAX = 4e9;
const UNDER_WAY_MAX = 2;
const IDLE_MS = 10 * 60_000;
/** A clip that no camera plays is kept this long. */
const UNUSED_MS = 24 * 3600_000;
const PROBE_MS = 15_000;

/** A clip that is being sent. */
interface Upload {
  readonly bytes: number;
  received: number;
  usedMs: number;
  /** Pieces are taken one after the other. */
  last: Promise<unknown>;
}

/** What uploads work with. */
export interface UploadsOptions {
  /** As in force now. */
  readonly config: () => Config;
  readonly ffmpeg: () => Promise<Ffmpeg>;
  readonly clock: Clock;
}

/** Clips that people send to be played as cameras: files of the data folder, named by the server alone. A source `upload:ID` is one. */
export class Uploads {
  readonly #options: UploadsOptions;
  readonly #underWay = new Map<string, Upload>();

  constructor(options: UploadsOptions) {
    this.#options = options;
  }

  /** @throws {AppError} `server/upload-too-large`, `server/upload-no-room`, `server/too-many-uploads` */
  async begin(bytes: number): Promise<UploadView> {
    if (bytes > BYTES_MAX)
      throw new AppError(
        'server/upload-too-large',
        'input',
        `the clip has ${bytes} bytes, and ${BYTES_MAX} are the most: cut it, or name it as a file in the configuration`,
      );
    await this.#sweep();
    if (this.#underWay.size >= UNDER_WAY_MAX)
      throw new AppError(
        'server/too-many-uploads',
        'unavailable',
        `${UNDER_WAY_MAX} clips are being sent already: wait until one is there`,
      );
    const id = randomUUID();
    const upload = { bytes, received: 0, usedMs: this.#nowMs, last: Promise.resolve() };
    this.#underWay.set(id, upload);
    try {
      await makeFolder(this.#dir, 0o700);
      await this.#checkRoom(bytes);
      await (await open(this.#partOf(id), 'wx', 0o600)).close();
    } catch (error) {
      this.#underWay.delete(id);
      throw error;
    }
    return viewOf(id, upload);
  }

  /**
   * Takes the next piece; after the last one the clip is looked into, and can be played.
   *
   * @param from its place in the clip, bytes
   * @throws {AppError} `server/no-such-upload`, `server/upload-offset`, `server/upload-no-room`, `server/upload-no-video`
   */
  async add(id: string, from: number, piece: Buffer): Promise<UploadView> {
    const upload = this.#underWay.get(id);
    if (upload === undefined) throw noSuchUpload();
    const taken = upload.last.then(() => this.#take(id, upload, from, piece));
    upload.last = taken.catch(() => undefined);
    return taken;
  }

  async #take(id: string, upload: Upload, from: number, piece: Buffer): Promise<UploadView> {
    if (!this.#underWay.has(id)) throw noSuchUpload();
    if (from !== upload.received || from + piece.length > upload.bytes || piece.length > PIECE_BYTES_MAX)
      throw new AppError(
        'server/upload-offset',
        'conflict',
        `${upload.received} of ${upload.bytes} bytes are there: send on from there, at most ${PIECE_BYTES_MAX} at once`,
      );
    upload.usedMs = this.#nowMs;
    await this.#checkRoom(piece.length);
    const handle = await open(this.#partOf(id), 'r+');
    try {
      const { bytesWritten } = await handle.write(piece, 0, piece.length, from);
      upload.received += bytesWritten;
      if (upload.received < upload.bytes) return viewOf(id, upload);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { ...viewOf(id, upload), clip: await this.#finish(id) };
  }

  async #finish(id: string): Promise<NonNullable<UploadView['clip']>> {
    const part = this.#partOf(id);
    try {
      const ffmpeg = await this.#options.ffmpeg();
      const facts = await probeSource({ ffmpeg, source: part, timeoutMs: PROBE_MS });
      await renameDurably(part, uploadPath(this.#options.config().data.dir, id));
      const { codec, widthPx: width, heightPx: height, fps, durationMs } = facts;
      const duration = durationMs === undefined ? {} : { durationMs };
      return { source: `upload:${id}`, codec, width, height, fps, ...duration };
    } catch (error) {
      await rm(part, { force: true });
      const known = toAppError(error);
      if (known.code !== 'media/not-a-video') throw error;
      // Where files lie is told to nobody.
      const why = known.message.split(part).join('the file');
      throw new AppError('server/upload-no-video', 'input', `${why}: send another`, { cause: error });
    } finally {
      // Not before: another that begins meanwhile would take its file for one that was left.
      this.#underWay.delete(id);
    }
  }

  /** Deletes clips that were not sent to their end, and those that no camera plays. */
  async #sweep(): Promise<void> {
    for (const [id, { usedMs }] of this.#underWay)
      if (this.#nowMs - usedMs > IDLE_MS) this.#underWay.delete(id);
    const { cameras } = this.#options.config();
    const played = new Set(cameras.map(({ source }) => source));
    const names = await readdir(this.#dir).catch(() => []);
    for (const name of names) {
      const file = path.join(this.#dir, name);
      if (this.#underWay.has(name.replace(/\.part$/, ''))) continue;
      const nowMs = this.#options.clock.wallMs();
      if (played.has(file)) {
        // From its last use on it is kept for a while.
        await utimes(file, nowMs / 1000, nowMs / 1000).catch(() => undefined);
        continue;
      }
      const found = await stat(file).catch(() => undefined);
      if (found === undefined) continue;
      const isOld = nowMs - found.mtimeMs > UNUSED_MS;
      if (isOld || name.endsWith('.part')) await rm(file, { force: true });
    }
  }

  /** @throws {AppError} `server/upload-no-room` */
  async #checkRoom(bytes: number): Promise<void> {
    const { bavail, bsize, blocks } = await statfs(this.#dir);
    const reserve = reserveBytesOf(blocks * bsize, this.#options.config().recording.reserveBytes);
    if (bavail * bsize - bytes > reserve) return;
    throw new AppError(
      'server/upload-no-room',
      'unavailable',
      `the disk of the data folder would have less than its reserve of ${reserve} bytes left (recording.reserveGb): make room, or send a shorter clip`,
    );
  }

  get #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  get #dir(): string {
    return path.dirname(uploadPath(this.#options.config().data.dir, 'any'));
  }

  #partOf(id: string): string {
    return path.join(this.#dir, `${id}.part`);
  }
}

function viewOf(id: string, { bytes, received }: Upload): UploadView {
  return { id, bytes, received, pieceBytes: PIECE_BYTES_MAX };
}

function noSuchUpload(): AppError {
  return new AppError(
    'server/no-such-upload',
    'not-found',
    'no clip is being sent under this id (any more): begin anew',
  );
}
