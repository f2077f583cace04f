import { parseElementaryStream, type AccessUnit, type ElementaryStream } from './annexb.js';
import { readFile } from 'node:fs/promises';

/** An H.264 elementary stream on disk, as `makeClip` makes it: no B-frames, SPS and PPS before each keyframe. */
export interface CameraClip {
  readonly path: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fps: number;
}

export interface EncodedFrame {
  readonly picture: AccessUnit;
  /** RTP time, 1/90000 s, not yet wrapped to 32 bits. */
  readonly timestamp: number;
}

const TICKS_PER_SECOND = 90_000;
/** When the test process itself was held up for longer, frames are left out as a busy camera leaves them out. */
const MOST_LATE_MS = 500;

interface LoadedClip extends CameraClip {
  readonly stream: ElementaryStream;
}

/**
 * Plays looped clips as a camera's encoder does: one steady sequence of frames for all clients, whether or
 * not there are any.
 */
export class Encoder {
  readonly #clips: readonly LoadedClip[];
  readonly #onFrame: (frame: EncodedFrame) => void;
  #current: LoadedClip;
  #fps: number;
  #position = 0;
  #timestamp: number;
  #dueMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #framesEncoded = 0;

  private constructor(
    clips: readonly LoadedClip[],
    first: LoadedClip,
    options: { firstTimestamp: number; onFrame: (frame: EncodedFrame) => void },
  ) {
    this.#clips = clips;
    this.#current = first;
    this.#fps = first.fps;
    this.#timestamp = options.firstTimestamp;
    this.#onFrame = options.onFrame;
  }

  /** Loads `clips`, and plays the first. */
  static async open(options: {
    clips: readonly CameraClip[];
    firstTimestamp: number;
    onFrame: (frame: EncodedFrame) => void;
  }): Promise<Encoder> {
    const clips = await Promise.all(
      options.clips.map(async (clip) => ({
        ...clip,
        stream: parseElementaryStream(await readFile(clip.path)),
      })),
    );
    const [first] = clips;
    if (first === undefined) throw new Error('a camera needs at least one clip');
    const encoder = new Encoder(clips, first, options);
    encoder.#dueMs = performance.now();
    encoder.#schedule();
    return encoder;
  }

  /** What the session description tells about the clip that now plays. */
  get stream(): ElementaryStream {
    return this.#current.stream;
  }

  /** Frames made since the camera was opened, sent to anyone or not. */
  get framesEncoded(): number {
    return this.#framesEncoded;
  }

  /** Goes on with the clip of this size, from its start, which is a keyframe. */
  use(widthPx: number, heightPx: number): void {
    const clip = this.#clips.find((one) => one.widthPx === widthPx && one.heightPx === heightPx);
    if (clip === undefined) throw new Error(`the camera has no clip of ${widthPx}x${heightPx}`);
    this.#current = clip;
    this.#position = 0;
    this.setRate(clip.fps);
  }

  /** @param fps frames per second; the clip's own rate when undefined */
  setRate(fps: number | undefined): void {
    this.#fps = fps ?? this.#current.fps;
    this.#dueMs = performance.now();
    this.#schedule();
  }

  shiftTimestamps(seconds: number): void {
    this.#timestamp += seconds * TICKS_PER_SECOND;
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#emitDue(), Math.max(0, this.#dueMs - performance.now()));
  }

  #emitDue(): void {
    const nowMs = performance.now();
    if (nowMs - this.#dueMs > MOST_LATE_MS) this.#dueMs = nowMs;
    while (this.#dueMs <= nowMs) {
      this.#emit();
      this.#dueMs += 1000 / this.#fps;
    }
    this.#schedule();
  }

  #emit(): void {
    const { accessUnits } = this.#current.stream;
    const picture = accessUnits[this.#position % accessUnits.length];
    if (picture === undefined) return;
    this.#position++;
    this.#timestamp += TICKS_PER_SECOND / this.#fps;
    this.#framesEncoded++;
    this.#onFrame({ picture, timestamp: this.#timestamp });
  }
}
