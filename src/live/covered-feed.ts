import { messageOf, once, type Clock, type Log, type Timer } from '../base/index.js';
import type { Fragment, StreamInfo } from '../ingest/index.js';
import type { Ffmpeg } from '../media/index.js';
import { CoveredRun, type CoveredRunOptions, type CoverPicture } from './covered-run.js';
import { LiveFeed, type LiveView, type LiveViewer } from './live-feed.js';

/** Somebody who looks again soon, as after a reload, finds it running. */
const LINGER_MS = 5000;
/** After it could not go on, it is tried again with the first keyframe after so long. */
const RETRY_MS = 5000;

/** What a covered feed is made of. */
export interface CoveredFeedOptions {
  /** Its id, for the log. */
  readonly camera: string;
  /** The camera's plain pictures. */
  readonly plain: LiveFeed;
  readonly cover: CoverPicture;
  readonly ffmpeg: () => Promise<Ffmpeg>;
  readonly clock: Clock;
  readonly log: Log;
  /** See `CoveredRunOptions.onLeftOut`. */
  readonly onLeftOut: CoveredRunOptions['onLeftOut'];
  /** A fragment that a slow viewer did not get. */
  readonly onDropped: () => void;
}

/**
 * One camera's live pictures with people covered, for those who may not see them as they are, on the same wire as {@link LiveFeed}. Made once for all who
 * look, and only while somebody does.
 */
export class CoveredFeed {
  readonly #options: CoveredFeedOptions;
  readonly #feed: LiveFeed;
  #run: CoveredRun | undefined;
  #isStarting = false;
  #notBeforeMs = 0;
  #lingering: Timer | undefined;
  #isClosed = false;

  constructor(options: CoveredFeedOptions) {
    this.#options = options;
    this.#feed = new LiveFeed({ onDropped: options.onDropped });
  }

  /** Number of viewers now. */
  get viewers(): number {
    return this.#feed.viewers;
  }

  /** Of the process groups of FFmpegs that run for it. */
  get pids(): readonly number[] {
    return this.#run?.pids ?? [];
  }

  /** The plain stream begins, or begins anew; told after the plain feed. */
  startStream(): void {
    void this.#stop();
    this.#notBeforeMs = 0;
  }

  /** The next plain fragment; told after the plain feed. */
  push(fragment: Fragment): void {
    if (this.#run !== undefined) this.#run.push(fragment);
    else if (this.#feed.viewers > 0 && fragment.isKeyframe) void this.#start();
  }

  /** Adds a viewer, as {@link LiveFeed.addViewer} does. */
  addViewer(viewer: LiveViewer): LiveView {
    this.#lingering?.cancel();
    const view = this.#feed.addViewer(viewer);
    void this.#start();
    return {
      close: () => {
        view.close();
        if (this.#feed.viewers > 0 || this.#isClosed) return;
        this.#lingering?.cancel();
        this.#lingering = this.#options.clock.after(LINGER_MS, () => void this.#stop());
      },
    };
  }

  /** Ends all viewers, for a camera that was removed; resolves when its FFmpegs are gone. */
  readonly close = once(async () => {
    this.#isClosed = true;
    this.#lingering?.cancel();
    const stopped = this.#stop();
    this.#feed.close();
    await stopped;
  });

  async #start(): Promise<void> {
    const { camera, plain, ffmpeg: findFfmpeg, clock, log, cover, onLeftOut } = this.#options;
    if (this.#run !== undefined || this.#isStarting || clock.monotonicMs() < this.#notBeforeMs) return;
    this.#isStarting = true;
    try {
      const ffmpeg = await findFfmpeg();
      const { group } = plain;
      if (group === undefined || this.#isClosed || this.#feed.viewers === 0) return;
      if (!ffmpeg.capabilities.encodesH264)
        return this.#failed(
          `the ${ffmpeg.origin} FFmpeg ${ffmpeg.version} has no encoder libx264: install another FFmpeg`,
        );
      const run = new CoveredRun({
        ...{ camera, source: group.stream, ffmpeg, cover, clock, log, onLeftOut },
        onStream: (stream: StreamInfo) => this.#feed.startStream(stream),
        onFragment: (fragment) => this.#feed.push(fragment),
        onEnd: (reason) => {
          void this.#stop();
          this.#failed(reason);
        },
      });
      this.#run = run;
      const newest = group.fragments.length - 1;
      group.fragments.forEach((fragment, at) => run.push(fragment, at === newest));
    } catch (error) {
      this.#failed(messageOf(error));
    } finally {
      this.#isStarting = false;
    }
  }

  async #stop(): Promise<void> {
    const run = this.#run;
    this.#run = undefined;
    // Who comes later must not begin with what was seen then.
    this.#feed.endStream();
    await run?.close();
  }

  #failed(reason: string): void {
    const { camera, clock, log } = this.#options;
    this.#notBeforeMs = clock.monotonicMs() + RETRY_MS;
    log.warn({ camera, reason }, 'there is no covered live picture');
  }
}
