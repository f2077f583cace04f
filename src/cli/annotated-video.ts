import { access, constants, open, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, messageOf, once, type Log } from '../base/index.js';
import { VideoAnnotation, type Analysis } from '../engine/index.js';
import { checkCanAnnotate, type Ffmpeg, type StreamFacts } from '../media/index.js';
import { progressBar } from './progress.js';

/** What `--video` needs to know. */
export interface AnnotatedVideoOptions {
  /** The value of `--video`. */
  readonly target: string;
  readonly source: string;
  /** The source is a picture, or a folder of them. */
  readonly isPicture: boolean;
  readonly facts: Pick<StreamFacts, 'widthPx' | 'heightPx'> &
    Partial<Pick<StreamFacts, 'fps' | 'durationMs'>>;
  readonly ffmpeg: Ffmpeg;
  readonly log: Log;
}

/** The video of `analyze --video`. It is written beside its place, and put there when it is whole. */
export class AnnotatedVideo {
  readonly #options: AnnotatedVideoOptions;
  readonly #annotation: VideoAnnotation;
  readonly #partial: string;

  private constructor(options: AnnotatedVideoOptions, annotation: VideoAnnotation, partial: string) {
    this.#options = options;
    this.#annotation = annotation;
    this.#partial = partial;
  }

  /**
   * Checks all that can be checked before the analysis.
   * @throws {AppError} `cli/bad-video-target`, `cli/video-impossible`, `media/ffmpeg-unusable`
   */
  static async open(options: AnnotatedVideoOptions): Promise<AnnotatedVideo> {
    const { target, source, facts, ffmpeg, log } = options;
    await checkSource(options);
    await checkTarget(target, source);
    checkCanAnnotate(ffmpeg);
    const partial = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.partial`);
    await open(partial, 'w').then(
      (file) => file.close(),
      (error: unknown) => {
        throw badTarget(target, `cannot be written (${messageOf(error)}); choose another folder`);
      },
    );
    const annotation = await VideoAnnotation.open({ source, size: facts, ffmpeg, log });
    return new AnnotatedVideo(options, annotation, partial);
  }

  /** Takes what one picture shows; call it in order. */
  add({ ptsMs, objects }: Analysis): void {
    this.#annotation.add(ptsMs, objects);
  }

  /**
   * Draws and writes, with a progress bar; nothing is left of it when `signal` aborts.
   * @throws {AppError} `engine/annotate-failed`
   */
  async write(signal: AbortSignal): Promise<void> {
    const { fps, durationMs } = this.#options.facts;
    const isCountable = fps !== undefined && durationMs !== undefined;
    const bar = progressBar(isCountable ? Math.round((durationMs / 1000) * fps) : undefined, 'frames drawn');
    let drawn = 0;
    try {
      await this.#annotation.write(
        this.#partial,
        (count) => {
          for (; drawn < count; drawn++) bar.advance();
        },
        signal,
      );
      if (signal.aborted) return;
      await rename(this.#partial, this.#options.target);
    } finally {
      bar.stop();
    }
  }

  /** Removes what is not whole. */
  readonly close = once(async () => {
    await this.#annotation.close();
    await rm(this.#partial, { force: true });
  });
}

async function checkSource({ source, target, isPicture, facts }: AnnotatedVideoOptions): Promise<void> {
  const cannot = (why: string) => new AppError('cli/video-impossible', 'input', `--video ${target}: ${why}`);
  if (isPicture)
    throw cannot(
      `${source} holds pictures, no video: leave --video out, and take the boxes from --jsonl or --coco`,
    );
  const file = await stat(source).catch(() => undefined);
  if (facts.durationMs === undefined && file?.isFile() !== true)
    throw cannot(
      `${source} has no end, and a video is drawn in a second pass: record it into a file, and analyse that`,
    );
}

async function checkTarget(target: string, source: string): Promise<void> {
  if (!/\.mp4$/i.test(target)) throw badTarget(target, 'is written as MP4: give it a name that ends in .mp4');
  const folder = path.dirname(target);
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) throw badTarget(target, `there is no folder ${folder}: make it first`);
  const existing = await stat(target).catch(() => undefined);
  if (existing === undefined) return;
  if (existing.isDirectory()) throw badTarget(target, 'is a folder: name a file in it');
  const [there, here] = await Promise.all(
    [target, source].map((file) => realpath(file).catch(() => undefined)),
  );
  if (there === here) throw badTarget(target, 'is the video to be analysed: name another file');
  await access(target, constants.W_OK).catch((error: unknown) => {
    throw badTarget(target, `cannot be overwritten (${messageOf(error)}): name another file`);
  });
}

function badTarget(target: string, why: string): AppError {
  return new AppError('cli/bad-video-target', 'input', `--video ${target} ${why}`);
}
