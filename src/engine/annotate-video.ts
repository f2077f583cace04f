import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { once as onceEvent } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { AppError, once, type Log } from '../base/index.js';
import type { Size } from '../geometry/index.js';
import {
  annotateArguments,
  assHeader,
  assObjects,
  startFfmpeg,
  type DrawnObject,
  type Ffmpeg,
} from '../media/index.js';

/** Boxes stay on the pictures behind the last one that was analysed. */
const LAST_SHOWN_MS = 24 * 3_600_000;

/** What is drawn on which video. */
export interface VideoAnnotationOptions {
  /** As it was analysed: a path, or an address, that FFmpeg can open and that has an end. */
  readonly source: string;
  /** The size that the boxes are measured in. */
  readonly size: Size;
  readonly ffmpeg: Ffmpeg;
  readonly log: Log;
}

/** Collects what was found in a video, in a file, and draws it on the video's own pictures at the end. */
export class VideoAnnotation {
  readonly #options: VideoAnnotationOptions;
  readonly #dir: string;
  readonly #script: WriteStream;
  #failure: Error | undefined;
  #firstMs: number | undefined;
  #shown: { readonly fromMs: number; readonly objects: readonly DrawnObject[] } | undefined;

  private constructor(options: VideoAnnotationOptions, dir: string) {
    this.#options = options;
    this.#dir = dir;
    this.#script = createWriteStream(path.join(dir, 'objects.ass'));
    this.#script.on('error', (error) => (this.#failure = error));
    this.#script.write(assHeader(options.size));
  }

  /** Makes the folder for the collection; `close` removes it. */
  static async open(options: VideoAnnotationOptions): Promise<VideoAnnotation> {
    return new VideoAnnotation(options, await mkdtemp(path.join(os.tmpdir(), 'sightline-video-')));
  }

  /** Takes what one picture shows. Call it in order; what lies between two calls carries the objects of the first. */
  add(ptsMs: number, objects: readonly DrawnObject[]): void {
    this.#firstMs ??= ptsMs;
    const fromMs = ptsMs - this.#firstMs;
    this.#endShown(fromMs);
    this.#shown = { fromMs, objects };
  }

  /**
   * Writes the annotated video; call it once, after the last `add`. `onFrames` gets the number of pictures written so far. When
   * `signal` aborts it stops, and the file is not whole.
   * @throws {AppError} `engine/annotate-failed`, `media/ffmpeg-unusable`
   */
  async write(targetPath: string, onFrames: (count: number) => void, signal?: AbortSignal): Promise<void> {
    const { source, ffmpeg, log } = this.#options;
    if (this.#shown !== undefined) this.#endShown(this.#shown.fromMs + LAST_SHOWN_MS);
    if (this.#failure === undefined) {
      this.#script.end();
      await onceEvent(this.#script, 'close').catch(() => undefined);
    }
    if (this.#failure !== undefined) throw failed(targetPath, this.#failure.message);
    const scriptPath = String(this.#script.path);
    const child = startFfmpeg({
      ffmpeg,
      args: annotateArguments(ffmpeg, { source, scriptPath, targetPath }),
      stdin: 'ignore',
      log,
      name: 'annotate video',
    });
    child.stdout.setEncoding('utf8').on('data', (report: string) => {
      const count = [...report.matchAll(/^frame=\s*(\d+)/gm)].at(-1)?.[1];
      if (count !== undefined) onFrames(Number(count));
    });
    const stop = () => void child.stop();
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted === true) stop();
    const { code, signal: endedBy, stderrTail } = await child.exited;
    signal?.removeEventListener('abort', stop);
    if (code === 0 || signal?.aborted === true) return;
    const reason = stderrTail.split('\n').filter((line) => /\[(?:error|fatal)\]/.test(line))[0];
    throw failed(targetPath, reason ?? `FFmpeg ended with ${endedBy ?? `status ${code}`}`);
  }

  /** Removes what was collected, not the video. */
  readonly close = once(async () => {
    this.#script.destroy();
    await rm(this.#dir, { recursive: true, force: true });
  });

  #endShown(untilMs: number): void {
    if (this.#shown === undefined) return;
    const { fromMs, objects } = this.#shown;
    this.#script.write(assObjects(objects, { fromMs, untilMs }, this.#options.size));
  }
}

function failed(targetPath: string, reason: string): AppError {
  const message = `${targetPath} could not be written: ${reason}; check the free space there`;
  return new AppError('engine/annotate-failed', 'unavailable', message);
}
