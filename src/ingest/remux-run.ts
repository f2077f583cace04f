import { pipeline, type Readable } from 'node:stream';
import { AppError, messageOf, once, type Clock, type Log } from '../base/index.js';
import {
  canCopy,
  describedVideo,
  FragmentParser,
  newParameterSet,
  remuxArguments,
  startFfmpeg,
  type Ffmpeg,
  type FfmpegChild,
  type FfmpegExit,
  type InputFormat,
  type Mp4Fragment,
  type Mp4Init,
  type PrivacyMask,
  type Source,
} from '../media/index.js';
import type { ConnectionLimits } from './connection-limits.js';
import { endingOfExit, waitingFor, type Ending } from './ending.js';
import { FrameWatch } from './frame-watch.js';
import { TimelineWatch } from './timeline-watch.js';

/** What FFmpeg says before it follows a redirect over RTSP. */
const REDIRECTING = /\bStatus 3\d\d: Redirecting to /;

/** How a run ended, and what the next one shall do otherwise. */
export interface RunEnding extends Ending {
  /** The codec wants the other way. */
  readonly transcode?: boolean;
  /** A parameter set that belongs to the stream although its init segment does not have it. */
  readonly acceptSet?: Buffer;
}

/** What one run of the remuxer needs. */
export interface RemuxRunOptions {
  readonly camera: string;
  readonly ffmpeg: Ffmpeg;
  readonly source: Source;
  readonly format: InputFormat;
  readonly transcode: boolean;
  /** See `RemuxOptions` of media/. */
  readonly privacy: readonly PrivacyMask[];
  readonly loop: boolean;
  /** What a browser sends, for a source that is a webcam. */
  readonly input: Readable | undefined;
  /** See {@link RunEnding.acceptSet}. */
  readonly acceptedSet: Buffer | undefined;
  readonly limits: ConnectionLimits;
  readonly clock: Clock;
  readonly log: Log;
  /** Called once, right before the first fragment. */
  readonly onInit: (init: Mp4Init) => void;
  readonly onFragment: (fragment: Mp4Fragment, arrivedMs: number) => void;
  /** Frames no longer come, and the process is about to be ended. */
  readonly onStalled: (message: string) => void;
}

/** One FFmpeg that remuxes one source, until it ends or has to be ended. Keeps no fragment. */
export class RemuxRun {
  readonly #options: RemuxRunOptions;
  readonly #child: FfmpegChild;
  readonly #watch: FrameWatch;
  readonly #parser: FragmentParser;
  readonly #timeline = new TimelineWatch();
  readonly #settle: (ending: RunEnding) => void;
  #init: Mp4Init | undefined;
  #codecSeen = false;
  #ending: RunEnding | undefined;

  /** Resolves when the process is gone. */
  readonly ended: Promise<RunEnding>;

  /**
   * Starts FFmpeg at once.
   * @throws {AppError} `media/ffmpeg-unusable` when it lacks what is needed
   */
  constructor(options: RemuxRunOptions) {
    const { ffmpeg, clock, limits, log, camera, input } = options;
    this.#options = options;
    let settle: (ending: RunEnding) => void = () => undefined;
    this.ended = new Promise((resolve) => (settle = resolve));
    this.#settle = settle;
    this.#parser = new FragmentParser({
      onInit: (init) => (this.#init = init),
      onFragment: (fragment) => this.#takeFragment(fragment),
    });
    this.#child = startFfmpeg({
      ffmpeg,
      args: remuxArguments(ffmpeg, options),
      stdin: input === undefined ? 'ignore' : 'pipe',
      log,
      name: camera,
      onStderrLine: (line) => this.#takeLine(line),
    });
    if (input !== undefined && this.#child.stdin !== null)
      pipeline(input, this.#child.stdin, (error) => {
        // Either end may go first; the run ends with FFmpeg.
        if (error) log.debug({ camera, cause: messageOf(error) }, 'what is sent is taken no more');
      });
    this.#watch = new FrameWatch({ clock, ...limits, onStalled: (silentMs) => this.#stall(silentMs) });
    const stdout = this.#child.stdout;
    stdout.on('data', (chunk: Buffer) => this.#takeOutput(chunk));
    // What FFmpeg wrote before its end still counts, so its exit is looked at after its output.
    const drained = new Promise<void>((resolve) => stdout.once('close', resolve));
    void Promise.all([this.#child.exited, drained]).then(([exit]) => this.#end(this.#endingOf(exit)));
  }

  /** Of FFmpeg's process group. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Ends FFmpeg; resolves when it is gone. Idempotent. */
  readonly close = once(async () => {
    this.#end({ state: 'stopped', reason: undefined, message: 'stopped', pace: 'at-once' });
    await this.ended;
  });

  #takeOutput(chunk: Buffer): void {
    if (this.#ending !== undefined) return;
    try {
      this.#parser.push(chunk);
    } catch (error) {
      const message = messageOf(error);
      // The copy was there before FFmpeg's line that names the codec: they come through two pipes.
      const isCopied =
        error instanceof AppError && error.code === 'media/codec-not-playable' && !this.#options.transcode;
      if (isCopied)
        this.#end({
          state: 'connecting',
          reason: undefined,
          message: `${message}: it is encoded anew`,
          pace: 'at-once',
          transcode: true,
        });
      else this.#end({ state: 'reconnecting', reason: 'error', message, pace: 'reconnect' });
    }
  }

  #takeFragment(fragment: Mp4Fragment): void {
    const init = this.#init;
    // One chunk can hold fragments from before and after what ended the run.
    if (this.#ending !== undefined || init === undefined) return;
    const { clock, onInit, onFragment, acceptedSet } = this.#options;
    const arrivedMs = clock.monotonicMs();
    const isFirst = this.#watch.frames === 0;
    const set = newParameterSet(fragment, init);
    if (set !== undefined && acceptedSet?.equals(set) !== true) return this.#change(set, isFirst);
    const jump = this.#timeline.check(fragment.dtsTicks, arrivedMs);
    if (jump !== undefined) return this.#end(changed(jump));
    this.#watch.onFrame(arrivedMs, fragment.isKeyframe);
    if (isFirst) onInit(init);
    onFragment(fragment, arrivedMs);
  }

  /** The init segment is out of date, or, at the first frame, was never right: a camera may describe its stream wrongly. */
  #change(set: Buffer, isFirst: boolean): void {
    const ending = changed("the camera changed its picture's size or coding");
    this.#end(isFirst ? { ...ending, acceptSet: Buffer.from(set) } : ending);
  }

  #takeLine(line: string): void {
    if (this.#codecSeen) return;
    // The source did not redirect when it was asked before, but it can tell FFmpeg from us.
    if (REDIRECTING.test(line)) {
      const message = 'the source redirects, which is not followed: configure the address that it leads to';
      return this.#end({ state: 'redirect_refused', reason: 'redirect', message, pace: 'refused' });
    }
    // The first video stream that is named is the input's, and the one that is mapped.
    const codec = describedVideo(line)?.codec;
    if (codec === undefined) return;
    this.#codecSeen = true;
    const transcode = !canCopy(codec) || this.#options.privacy.length > 0;
    if (transcode === this.#options.transcode) return this.#watch.onStreamSeen();
    const message = `the codec is ${codec}: ${transcode ? 'it is encoded anew' : 'it is copied'}`;
    this.#end({ state: 'connecting', reason: undefined, message, pace: 'at-once', transcode });
  }

  #stall(silentMs: number): void {
    const seconds = (silentMs / 1000).toFixed(1);
    const isFirst = this.#watch.frames === 0;
    const message = !isFirst
      ? `no frame for ${seconds} s`
      : this.#codecSeen
        ? `no keyframe within ${seconds} s of connecting: set a shorter keyframe interval in the camera`
        : `no frame within ${seconds} s of connecting`;
    this.#options.onStalled(message);
    this.#end({ state: 'reconnecting', reason: isFirst ? 'timeout' : 'stalled', message, pace: 'reconnect' });
  }

  #endingOf(exit: FfmpegExit): RunEnding {
    const { camera, source, loop } = this.#options;
    const frames = this.#watch.frames;
    if (source.kind === 'webcam' && exit.code === 0 && frames > 0)
      return { state: 'waiting', reason: undefined, message: waitingFor(camera), pace: 'at-once' };
    if (source.kind === 'file' && !loop && exit.code === 0 && frames > 0) {
      return {
        state: 'ended',
        reason: undefined,
        message: 'the file was played to its end',
        pace: 'at-once',
      };
    }
    return endingOfExit(exit, { frames, isChecked: source.kind === 'rtsp' });
  }

  #end(ending: RunEnding): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    this.#watch.close();
    void this.#child.stop().then(() => this.#settle(ending));
  }
}

function changed(message: string): RunEnding {
  return { state: 'reconnecting', reason: 'changed', message, pace: 'at-once' };
}
