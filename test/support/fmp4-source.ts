import { spawn } from 'node:child_process';
import type { Fragment, StreamInfo } from '../../src/ingest/index.js';
import { FragmentParser, type Mp4Fragment, type Mp4Init } from '../../src/media/index.js';
import { ffmpegPrograms } from './clips.js';

/** The picture: a white square on a dark, busy ground. */
export const SQUARE_PICTURE = { widthPx: 640, heightPx: 360, fps: 25 } as const;
/** Every such frame counts as analysed: the square turns round on such frames only, and moves straight between. */
export const ANALYSED_EVERY = 5;
const SIDE_PX = 80;
const X = { fromPx: 40, wayPx: 480, seconds: 4 };
const Y = { fromPx: 30, wayPx: 200, seconds: 3 };
const CLIP_SECONDS = 24;
const GOP_FRAMES = 50;
const TICKS_PER_MS = 90;

/** Where the square truly is at a presentation time, in px of the picture: `[x1, y1, x2, y2]`. */
export function squareAt(ptsMs: number): [number, number, number, number] {
  const seconds = ptsMs / 1000;
  const along = (axis: typeof X) =>
    axis.fromPx + axis.wayPx * (1 - Math.abs((seconds % (2 * axis.seconds)) / axis.seconds - 1));
  const x = along(X);
  const y = along(Y);
  return [x, y, x + SIDE_PX, y + SIDE_PX];
}

export interface Fmp4SourceOptions {
  readonly onStream: (stream: StreamInfo) => void;
  readonly onFragment: (fragment: Fragment) => void;
}

/**
 * A camera in real time whose truth is known at each presentation time ({@link squareAt}). Gives what
 * `ingest/` gives: streams and fragments, one per frame, encoded by a real FFmpeg; the clip's end, or
 * {@link restart}, begins the next epoch.
 */
export class Fmp4Source {
  readonly #options: Fmp4SourceOptions;
  readonly #init: Mp4Init;
  readonly #fragments: readonly Mp4Fragment[];
  readonly #timer: NodeJS.Timeout;
  #epoch = 0;
  #next = 0;
  #startedMs = 0;
  #pausedMs: number | undefined;

  private constructor(options: Fmp4SourceOptions, init: Mp4Init, fragments: readonly Mp4Fragment[]) {
    this.#options = options;
    this.#init = init;
    this.#fragments = fragments;
    this.restart();
    this.#timer = setInterval(() => this.#play(), 10);
  }

  static async open(options: Fmp4SourceOptions): Promise<Fmp4Source> {
    const { init, fragments } = await encode();
    return new Fmp4Source(options, init, fragments);
  }

  /** Begins the next epoch, with times from zero. */
  restart(): void {
    this.#epoch++;
    this.#next = 0;
    this.#startedMs = performance.now();
    const { widthPx, heightPx, codec, bytes } = this.#init;
    this.#options.onStream({ epoch: this.#epoch, codec, widthPx, heightPx, initSegment: bytes });
  }

  /** Falls silent, as a frozen camera does. */
  pause(): void {
    this.#pausedMs ??= performance.now();
  }

  /** Goes on where it stopped. */
  resume(): void {
    if (this.#pausedMs !== undefined) this.#startedMs += performance.now() - this.#pausedMs;
    this.#pausedMs = undefined;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #play(): void {
    if (this.#pausedMs !== undefined) return;
    const nowMs = performance.now();
    const wallMs = Date.now();
    for (;;) {
      const fragment = this.#fragments[this.#next];
      if (fragment === undefined) return this.restart();
      const { bytes, ptsTicks, isKeyframe } = fragment;
      const lateMs = nowMs - this.#startedMs - ptsTicks / TICKS_PER_MS;
      if (lateMs < 0) return;
      this.#next++;
      const epoch = this.#epoch;
      this.#options.onFragment({
        epoch,
        ptsTicks,
        isKeyframe,
        bytes,
        // When it was due: this process may be late, the camera never is.
        arrivedMs: nowMs - lateMs,
        capturedAtMs: Math.round(wallMs - lateMs),
      });
    }
  }
}

/** Renders and encodes the clip, which takes some seconds. */
async function encode(): Promise<{ init: Mp4Init; fragments: Mp4Fragment[] }> {
  const { widthPx, heightPx, fps } = SQUARE_PICTURE;
  const size = `${widthPx}x${heightPx}:rate=${fps}:duration=${CLIP_SECONDS}`;
  const along = (axis: typeof X) =>
    `${axis.fromPx}+${axis.wayPx}*(1-abs(mod(t\\,${2 * axis.seconds})/${axis.seconds}-1))`;
  const graph =
    `testsrc2=size=${size},lutyuv=y=val/2,format=yuv444p[ground];` +
    `color=white:size=${SIDE_PX}x${SIDE_PX}:rate=${fps}:duration=${CLIP_SECONDS},format=yuv444p[square];` +
    `[ground][square]overlay=format=yuv444:x=${along(X)}:y=${along(Y)},format=yuv420p`;
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '24', '-bf', '0', '-g', `${GOP_FRAMES}`];
  const container = [
    ...['-video_track_timescale', '90000', '-f', 'mp4'],
    ...['-movflags', '+frag_every_frame+empty_moov+default_base_moof', 'pipe:1'],
  ];
  const program = ffmpegPrograms[0]?.path ?? 'ffmpeg';
  const child = spawn(
    program,
    ['-v', 'error', '-nostdin', '-filter_complex', graph, ...codec, ...container],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let init: Mp4Init | undefined;
  const fragments: Mp4Fragment[] = [];
  const parser = new FragmentParser({
    onInit: (found) => (init = found),
    onFragment: (fragment) => fragments.push(fragment),
  });
  for await (const chunk of child.stdout) parser.push(chunk as Buffer);
  if (init === undefined || fragments.length < CLIP_SECONDS * fps)
    throw new Error(`${program} gave ${fragments.length} frames instead of ${CLIP_SECONDS * fps}`);
  return { init, fragments };
}
