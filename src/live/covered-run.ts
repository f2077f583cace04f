import { messageOf, once, type Clock, type Log } from '../base/index.js';
import type { Fragment, StreamInfo } from '../ingest/index.js';
import {
  FragmentParser,
  jpegPart,
  jpegsOfStreamArguments,
  markPicture,
  RawFrameReader,
  retimeFragment,
  startFfmpeg,
  streamOfJpegsArguments,
  type Ffmpeg,
  type FfmpegChild,
  type Mp4Fragment,
} from '../media/index.js';
import { CoveredSteps, type Step } from './covered-steps.js';

/** Pictures a second at most: each is looked at by the detector. */
const FPS = 5;
const PERIOD_TICKS = 90_000 / FPS;
const LONG_SIDE_PX_MAX = 1280;
/** What the encoder is given: each picture is shown on once at least. */
const ENCODED_FPS = 2 * FPS;
const KEYFRAME_EVERY = 2 * ENCODED_FPS;
/** While one is covered the next is decoded, where covering keeps up; where it does not, that would only be older when its turn comes. */
const UNDER_WAY_MAX = 2;
const KEEPS_UP_MS = 1000 / FPS;
/** Where a picture takes so long to come out of the decoder, that goes on with the next keyframe. */
const LATE_TICKS = 90_000;
/** One that has not come after so long is lost. */
const LOST_TICKS = 3 * 90_000;
/** Without a covered picture for so long, the stream begins anew. */
const GAP_TICKS_MAX = 10 * 90_000;
/** What waits for an FFmpeg; beyond it, pictures are left out. */
const BACKLOG_BYTES_MAX = 4 << 20;

/** Covers in one picture, a JPEG, what is not to be seen in it. `ptsTicks`: its presentation time, 1/90000 s. */
export type CoverPicture = (jpeg: Buffer, ptsTicks: number) => Promise<Buffer>;

/** What a covered stream is made of, and where it goes. */
export interface CoveredRunOptions {
  readonly camera: string;
  readonly source: StreamInfo;
  readonly ffmpeg: Ffmpeg;
  readonly cover: CoverPicture;
  readonly clock: Clock;
  readonly log: Log;
  /** Called once, before the first fragment. */
  readonly onStream: (stream: StreamInfo) => void;
  readonly onFragment: (fragment: Fragment) => void;
  /** A picture that would have been shown was not: they come faster than they are covered, or one could not be covered. */
  readonly onLeftOut: (reason: 'busy' | 'failed') => void;
  /** It goes on no more. Not called after {@link CoveredRun.close}. */
  readonly onEnd: (reason: string) => void;
}

/**
 * One stream of a camera, in which each picture is covered before it is encoded: five a second at most, fewer where covering takes longer. Pictures keep
 * their presentation times. Nothing plain comes out: a picture that cannot be covered is left out.
 */
export class CoveredRun {
  readonly #options: CoveredRunOptions;
  readonly #decoder: FfmpegChild;
  readonly #encoder: FfmpegChild;
  readonly #reader: RawFrameReader;
  readonly #steps = new CoveredSteps();
  /** Of what the encoder was given and has not given out. */
  readonly #due: Step[] = [];
  /** Presentation times of pictures that were asked for and have not come out of the decoder. */
  #wanted: number[] = [];
  #awaitsKeyframe = true;
  #lastPeriod = -Infinity;
  #leftOutPeriod = -Infinity;
  #target = Buffer.alloc(0);
  #waiting: { readonly jpeg: Buffer; readonly ptsTicks: number } | undefined;
  #isCovering = false;
  #coverMs = 0;
  #last: { readonly jpeg: Buffer; readonly ptsTicks: number } | undefined;
  #isFailing = false;
  #isOver = false;

  /** Starts two FFmpegs at once. @throws {AppError} `media/ffmpeg-unusable` */
  constructor(options: CoveredRunOptions) {
    this.#options = options;
    const { ffmpeg, log, camera } = options;
    const shared = { ffmpeg, stdin: 'pipe', log, name: `${camera}, covered` } as const;
    this.#decoder = startFfmpeg({
      ...shared,
      args: jpegsOfStreamArguments(ffmpeg, { longSidePxMax: LONG_SIDE_PX_MAX }),
    });
    this.#encoder = startFfmpeg({
      ...shared,
      args: streamOfJpegsArguments({ fps: ENCODED_FPS, keyframeEvery: KEYFRAME_EVERY }),
    });
    this.#reader = new RawFrameReader({
      frameBytes: undefined,
      nextTarget: (bytes) => (this.#target = Buffer.allocUnsafeSlow(bytes)),
      onFrame: (ptsTicks) => this.#decoded(this.#target, ptsTicks),
    });
    const parser = new FragmentParser({
      onInit: ({ bytes, codec, widthPx, heightPx }) =>
        options.onStream({ epoch: options.source.epoch, codec, widthPx, heightPx, initSegment: bytes }),
      onFragment: (fragment) => this.#encoded(fragment),
    });
    for (const { stdin } of [this.#decoder, this.#encoder])
      stdin!.on('error', (error) => log.debug({ camera, cause: messageOf(error) }, 'covered input closed'));
    this.#read(this.#decoder, 'decoder', (bytes) => void this.#reader.push(bytes));
    this.#read(this.#encoder, 'encoder', (bytes) => parser.push(bytes));
    this.#decoder.stdin!.write(options.source.initSegment);
  }

  /** Of the process groups of its FFmpegs. */
  get pids(): readonly number[] {
    return [this.#decoder.pid, this.#encoder.pid].filter((pid) => pid !== undefined);
  }

  /** The next fragment of the stream; only read. The first is a keyframe. */
  push({ bytes, ptsTicks, isKeyframe }: Fragment, isWanted = true): void {
    const stdin = this.#decoder.stdin!;
    if (this.#isOver) return;
    if (stdin.writableLength > BACKLOG_BYTES_MAX || this.#isDecoderLate(ptsTicks))
      this.#awaitsKeyframe = true;
    else if (isKeyframe) this.#awaitsKeyframe = false;
    if (this.#awaitsKeyframe) return;
    // Others are shown the same bytes.
    const headBytes = bytes.readUInt32BE(0);
    const head = Buffer.from(bytes.subarray(0, headBytes));
    markPicture(head, ptsTicks, isWanted && this.#wants(ptsTicks));
    stdin.write(head);
    stdin.write(bytes.subarray(headBytes));
  }

  /** Ends both FFmpegs; resolves when they are gone. Idempotent. */
  readonly close = once(async () => {
    this.#isOver = true;
    await Promise.all([this.#decoder.stop(), this.#encoder.stop()]);
  });

  /** Whether a picture is still in the decoder that was asked for long before one of this time; those that never come are forgotten. */
  #isDecoderLate(ptsTicks: number): boolean {
    const oldest = this.#wanted[0];
    if (oldest === undefined || ptsTicks - oldest < LATE_TICKS) return false;
    if (ptsTicks - oldest <= LOST_TICKS) return true;
    this.#wanted = [];
    return false;
  }

  /** Whether the picture of a time is to be covered: the first of each fifth of a second, while there is time for it. */
  #wants(ptsTicks: number): boolean {
    const period = Math.floor(ptsTicks / PERIOD_TICKS);
    if (period <= this.#lastPeriod) return false;
    const underWay = this.#wanted.length + (this.#waiting === undefined ? 0 : 1) + (this.#isCovering ? 1 : 0);
    const mayBeUnderWay = this.#coverMs > KEEPS_UP_MS ? 1 : UNDER_WAY_MAX;
    if (underWay >= mayBeUnderWay || this.#encoder.stdin!.writableLength > BACKLOG_BYTES_MAX) {
      if (period > this.#leftOutPeriod) this.#options.onLeftOut('busy');
      this.#leftOutPeriod = period;
      return false;
    }
    this.#lastPeriod = period;
    this.#wanted.push(ptsTicks);
    return true;
  }

  #decoded(jpeg: Buffer, markedTicks: number): void {
    // Its mark has moved it by a tick at most.
    const ptsTicks = this.#wanted.find((wanted) => Math.abs(wanted - markedTicks) <= 1) ?? markedTicks;
    this.#wanted = this.#wanted.filter((wanted) => wanted > ptsTicks);
    this.#waiting = { jpeg, ptsTicks };
    void this.#coverNext();
  }

  async #coverNext(): Promise<void> {
    const next = this.#waiting;
    if (this.#isCovering || next === undefined || this.#isOver) return;
    this.#waiting = undefined;
    this.#isCovering = true;
    const { clock } = this.#options;
    const startedMs = clock.monotonicMs();
    try {
      const jpeg = await this.#options.cover(next.jpeg, next.ptsTicks);
      this.#isFailing = false;
      if (!this.#isOver) this.#encode(jpeg, next.ptsTicks);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isCovering = false;
      this.#coverMs = clock.monotonicMs() - startedMs;
    }
    void this.#coverNext();
  }

  #failed(error: unknown): void {
    const { camera, log, onLeftOut } = this.#options;
    onLeftOut('failed');
    if (!this.#isFailing) log.warn({ camera, cause: messageOf(error) }, 'live pictures cannot be covered');
    this.#isFailing = true;
  }

  #encode(jpeg: Buffer, ptsTicks: number): void {
    const last = this.#last;
    if (last !== undefined && ptsTicks - last.ptsTicks > GAP_TICKS_MAX)
      return this.#end('no picture could be covered for ten seconds');
    const { repeats, steps } = this.#steps.next(ptsTicks);
    this.#due.push(...steps);
    for (let n = 0; n < repeats; n++) this.#write(last!.jpeg);
    this.#write(jpeg);
    this.#write(jpeg);
    this.#last = { jpeg, ptsTicks };
  }

  #write(jpeg: Buffer): void {
    const stdin = this.#encoder.stdin!;
    const [before, behind] = jpegPart(jpeg);
    stdin.write(before);
    stdin.write(jpeg);
    stdin.write(behind);
  }

  #encoded({ bytes, isKeyframe }: Mp4Fragment): void {
    const step = this.#due.shift();
    if (step === undefined || this.#isOver) return;
    const { ptsTicks, durationTicks } = step;
    retimeFragment(bytes, { dtsTicks: ptsTicks, durationTicks });
    const { clock, source, onFragment } = this.#options;
    const times = { arrivedMs: clock.monotonicMs(), capturedAtMs: clock.wallMs() };
    onFragment({ epoch: source.epoch, ptsTicks, isKeyframe, bytes, ...times });
  }

  #read(child: FfmpegChild, name: string, take: (bytes: Buffer) => void): void {
    child.stdout.on('data', (bytes: Buffer) => {
      if (this.#isOver) return;
      try {
        take(bytes);
      } catch (error) {
        this.#end(messageOf(error));
      }
    });
    void child.exited.then(({ code, signal, stderrTail }) => {
      const said = stderrTail.trim().split('\n').at(-1) ?? '';
      this.#end(`the ${name} ended with ${signal ?? `status ${code}`}: ${said}`);
    });
  }

  #end(reason: string): void {
    if (this.#isOver) return;
    void this.close();
    this.#options.onEnd(reason);
  }
}
