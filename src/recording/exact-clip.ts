import { rm } from 'node:fs/promises';
import { cutArguments, startFfmpeg } from '../media/index.js';
import {
  ClipEncoder,
  clipFailed,
  clipTimeout,
  feed,
  type ClipEncoderOptions,
  type ClipToEncode,
} from './clip-encoder.js';
import type { ClipFile, ClipRange } from './clip.js';

const TIMEOUT_MS = 120_000;

/** Encodes clips that begin and end at any picture. */
export class ExactClips {
  readonly #options: ClipEncoderOptions;
  readonly #encoder: ClipEncoder;

  constructor(options: ClipEncoderOptions) {
    this.#options = options;
    this.#encoder = new ClipEncoder(options);
  }

  /** Deletes what an earlier run left. */
  async clear(): Promise<void> {
    await rm(this.#options.dir, { recursive: true, force: true });
  }

  /**
   * A copied clip cut to a time. The copy is read once.
   *
   * @throws {AppError} `recording/clip-busy`, `recording/clip-timeout`, `recording/clip-failed`, `media/ffmpeg-unusable`
   */
  cut(copy: ClipFile, range: ClipRange): Promise<ClipFile> {
    return this.#encoder.make(copy, range, (clip) => this.#encode(clip));
  }

  async #encode({ copy, offsetMs, shownMs, file }: ClipToEncode): Promise<void> {
    const { ffmpeg: findFfmpeg, clock, log } = this.#options;
    const ffmpeg = await findFfmpeg();
    // A little before, as times of segments are whole milliseconds: the picture of that very moment is to be in.
    const cut = { fromSeconds: Math.max(0, offsetMs - 0.5) / 1000, seconds: shownMs / 1000, file };
    const args = cutArguments(ffmpeg, cut);
    const child = startFfmpeg({ ffmpeg, args, stdin: 'pipe', log, name: 'clip' });
    child.stdout.resume();
    let isLate = false;
    const timer = clock.after(TIMEOUT_MS, () => {
      isLate = true;
      void child.stop();
    });
    const fed = feed(child, copy, log);
    const exit = await child.exited;
    timer.cancel();
    await fed;
    if (isLate) throw clipTimeout(TIMEOUT_MS);
    if (exit.code !== 0) throw clipFailed(exit.stderrTail.trim().split('\n').at(-1) ?? 'FFmpeg ended');
  }
}
