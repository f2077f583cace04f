import {
  AppError,
  Backoff,
  entryFile,
  messageOf,
  once,
  sleep,
  systemClock,
  type Clock,
  type Closable,
  type Log,
} from '../base/index.js';
import { BATCH_MAX } from './batch-size.js';
import type { Batches } from './detector.js';
import { KernelStore } from './kernel-store.js';
import type { FollowerSource, LoadedFollower } from './load-follower.js';
import type { MaskHeadSource } from './load-mask-head.js';
import type { LoadedModel, ModelFacts } from './load-model.js';
import type {
  DetectJob,
  DetectResult,
  FollowJob,
  FollowResult,
  ModelSource,
  SegmentJob,
  SegmentResult,
} from './messages.js';
import { AUTO_PROVIDER, type Fallback, type Provider, type ProviderPlan } from './provider.js';
import { WaitingJobs } from './waiting-jobs.js';
import { poolClosed, WorkerChannel, type JobKind, type WorkerPlace } from './worker-channel.js';

const JOB_TIMEOUT_MS = 5000;
/** Share of the newest job in the average length of jobs. */
const NEWEST_SHARE = 0.1;

/** What is known of the model that a pool runs. */
export interface ModelInfo extends ModelFacts {
  /** Execution provider of ONNX Runtime. */
  readonly provider: Provider;
  /** Providers that were tried before, and why they could not be used. */
  readonly fallbacks: readonly Fallback[];
}

/** What is known of the follower that a pool runs. */
export interface FollowerInfo {
  /** `name@sha256:` and the first 12 hex digits of the hash of both files. */
  readonly version: string;
  /** Numbers of an embedding; 0 where it makes none. */
  readonly embeddingLength: number;
}

/** What a pool runs, and on how many threads. */
export interface InferencePoolOptions {
  readonly modelPath: string;
  /** The detector's family, where it is not to be found out. */
  readonly family?: string;
  /** What finds objects again between detections; {@link InferencePool.follow} needs it. */
  readonly follower?: FollowerSource;
  /** What finds the pixels of an object; {@link InferencePool.segment} needs it, and opens it when it is first called. */
  readonly maskHead?: MaskHeadSource;
  /** Worker threads, each with a session; one per core is best. On anything but the processor there is one. */
  readonly workers: number;
  /** `auto` by default. */
  readonly plan?: ProviderPlan;
  /** Where optimised graphs are kept; nowhere when absent. */
  readonly graphCacheDir?: string;
  /** A job that takes longer is given up, and its worker replaced; default 5000. */
  readonly jobTimeoutMs?: number;
  /** `always`: one worker that takes several pictures in a run, on the processor too, where that gains nothing: for tests and measurements. */
  readonly batches?: Batches;
  readonly log: Log;
  readonly clock?: Clock;
  /** A worker is stuck and cannot be ended: the process should kill itself, to be started again. `process.exit` would wait for it. */
  readonly onStuck?: () => void;
}

/**
 * Worker threads that detect objects in pictures, and follow them. Pictures do not queue here: who has one waits for {@link idle}, and so
 * decides which is worth it. Only what a picture that is in work needs next waits for a worker, before new ones. On the processor each
 * worker takes a picture at a time; elsewhere there is one, which takes as many in a run as gain by it.
 */
export class InferencePool implements Closable {
  readonly #options: InferencePoolOptions;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  readonly #channels = new Set<WorkerChannel>();
  #place: WorkerPlace | undefined;
  #workers = 1;
  /** Jobs for the next worker that is free. */
  readonly #waiting = new WaitingJobs((kind) => this.#freeChannel(kind));
  /** Average length of a job, ms. */
  readonly #jobMs: Record<JobKind, number> = { detect: 0, follow: 0, segment: 0 };
  #allOpened: Promise<void> = Promise.resolve();
  #whenFree: Promise<void> | undefined;
  #tellFree: (() => void) | undefined;
  /** One per worker: ends when the pool is closed. */
  readonly #keepers: Promise<void>[] = [];

  private constructor(options: InferencePoolOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Reads the model and opens the first worker; the others follow by themselves.
   *
   * @throws {AppError} `model/*`, naming the file; `inference/provider-missing`
   */
  static async open(options: InferencePoolOptions): Promise<InferencePool> {
    const { modelPath, family } = options;
    const pool = new InferencePool(options);
    // The first worker reads the model (a large or hostile file keeps nobody else waiting), finds out where it runs, and leaves
    // its optimised graph to the others.
    const first = await pool.#openChannel({
      model: { modelPath, ...(family !== undefined && { family }) },
      ...(options.follower !== undefined && { follower: options.follower }),
    });
    pool.#place = first.place;
    const isOne = first.place.provider !== 'cpu' || options.batches === 'always';
    pool.#workers = isOne ? 1 : options.workers;
    // Whoever has a picture need not wait until there is a worker for each core.
    const others = Array.from({ length: pool.#workers - 1 }, () => pool.#openAnother());
    for (const one of [first, ...others]) pool.#keepers.push(pool.#keepWorker(one));
    pool.#allOpened = Promise.all(others).then(() => undefined);
    return pool;
  }

  /** Resolves when all workers are there, but those that could not be opened at the first try. */
  get allOpened(): Promise<void> {
    return this.#allOpened;
  }

  get model(): ModelInfo {
    const { model, provider, fallbacks } = this.#place!;
    return { ...model.facts, provider, fallbacks };
  }

  /** Undefined where none was asked for. */
  get follower(): FollowerInfo | undefined {
    const { follower } = this.#place!;
    if (follower === undefined) return undefined;
    return { version: follower.version, embeddingLength: follower.description.embeddingLength };
  }

  /**
   * Makes room for the templates of a camera, for {@link follow}.
   * @throws {AppError} `inference/no-follower`
   */
  createKernelStore(slots: number): KernelStore {
    const { follower } = this.#place!;
    if (follower === undefined) throw noFollower();
    const [channels, height, width] = follower.description.kernel;
    return new KernelStore(channels * height * width, slots);
  }

  /** Pictures that may be under way at once, workers that are being replaced included. */
  get size(): number {
    let size = this.#workers - this.#channels.size;
    for (const channel of this.#channels) size += channel.limit;
    return size;
  }

  /** The most that {@link size} may become. */
  get sizeMax(): number {
    return this.#place!.canBatch ? this.#workers * BATCH_MAX : this.#workers;
  }

  /** Pictures that workers would take at once. */
  get idle(): number {
    let count = -this.#waiting.length;
    for (const channel of this.#channels) count += channel.room;
    return Math.max(0, count);
  }

  /** Pictures that workers would take now, or within `soonMs` if their runs take as long as others did. */
  freeWithin(soonMs: number): number {
    let count = -this.#waiting.length;
    for (const channel of this.#channels) {
      const typicalMs = this.#jobMs[channel.kind ?? 'detect'];
      count += channel.busyForMs >= Math.max(typicalMs - soonMs, 1) ? channel.limit : channel.room;
    }
    return Math.max(0, count);
  }

  /** Resolves when a worker has next become free for what comes, whatever it did before; never once the pool is closed. */
  whenFree(): Promise<void> {
    return (this.#whenFree ??= new Promise((resolve) => (this.#tellFree = resolve)));
  }

  /** No picture is on its way to this pool: a worker that waits for more of them need not. */
  expectNone(): void {
    for (const channel of this.#channels) channel.expectNone();
  }

  /**
   * Detects objects in one picture.
   *
   * @param waits for a worker, rather than to throw when none is idle
   * @throws {AppError} at once `inference/busy` when no worker is idle, `inference/closed`. Rejects with `inference/bad-job`,
   *   `inference/failed`, `model/output-shape` for this picture alone; with `inference/timeout`, `inference/worker-died` when its
   *   worker was lost
   */
  detect(job: DetectJob, waits = false): Promise<DetectResult> {
    return this.#run('detect', (channel) => channel.detect(job), waits);
  }

  /**
   * Searches one picture for objects whose templates are in a store, and makes templates of others. One worker does all of it: about a
   * millisecond or two for each box, so that a caller with many boxes and several idle workers may share them out.
   *
   * It waits until a worker is idle.
   *
   * @throws {AppError} as {@link detect}; at once `inference/no-follower` where the pool was opened without one
   */
  follow(job: FollowJob): Promise<FollowResult> {
    if (this.#place!.follower === undefined) throw noFollower();
    const { memory, slots, kernelLength } = job.kernels;
    // The store itself stays here: a worker gets its memory alone.
    const sent = { ...job, kernels: { memory, slots, kernelLength } };
    return this.#run('follow', (channel) => channel.follow(sent), true);
  }

  /**
   * Finds the pixels of objects in one picture, on one worker: one or two milliseconds for each. It waits until a worker is idle.
   *
   * @throws {AppError} as {@link detect}; at once `inference/no-mask-head` where the pool was opened without one
   */
  segment(job: SegmentJob): Promise<SegmentResult> {
    if (this.#options.maskHead === undefined)
      throw new AppError('inference/no-mask-head', 'internal', 'No masks can be made: the pool was opened without a mask head.'); // prettier-ignore
    return this.#run('segment', (channel) => channel.segment(job), true);
  }

  /** Rejects what is under way with `inference/closed`, and waits until the workers have ended. */
  readonly close = once(async () => {
    this.#closing.abort();
    this.#waiting.rejectAll(poolClosed());
    await Promise.all(this.#keepers);
  });

  #run<Result>(
    kind: JobKind,
    begin: (channel: WorkerChannel) => Promise<Result>,
    waits: boolean,
  ): Promise<Result> {
    if (this.#closing.signal.aborted) throw poolClosed();
    // A worker may have ended a run of which nobody has been told yet: what waits comes first then, too.
    this.#waiting.serve();
    const channel = this.#waiting.length > 0 ? undefined : this.#freeChannel(kind);
    if (channel !== undefined) return this.#runOn(channel, kind, begin);
    if (waits) return this.#waiting.add(kind, (free) => this.#runOn(free, kind, begin));
    throw new AppError(
      'inference/busy',
      'unavailable',
      `All ${this.#workers} inference workers are busy; wait for one.`,
    );
  }

  #becameFree(): void {
    this.#waiting.serve();
    if (this.#tellFree === undefined || this.idle === 0) return;
    this.#whenFree = undefined;
    this.#tellFree();
    this.#tellFree = undefined;
  }

  #freeChannel(kind: JobKind): WorkerChannel | undefined {
    for (const channel of this.#channels)
      if (kind === 'detect' ? channel.room > 0 : channel.isIdle) return channel;
    return undefined;
  }

  async #runOn<Result>(
    channel: WorkerChannel,
    kind: JobKind,
    begin: (channel: WorkerChannel) => Promise<Result>,
  ): Promise<Result> {
    const startedMs = this.#clock.monotonicMs();
    const result = await begin(channel).finally(() => this.#becameFree());
    const tookMs = this.#clock.monotonicMs() - startedMs;
    this.#jobMs[kind] += (tookMs - this.#jobMs[kind]) * (this.#jobMs[kind] === 0 ? 1 : NEWEST_SHARE);
    return result;
  }

  /** Keeps one worker: when it is lost, or could not be opened, opens another, until the pool is closed. */
  async #keepWorker(first: WorkerChannel | Promise<WorkerChannel | undefined>): Promise<void> {
    const { signal } = this.#closing;
    const backoff = new Backoff({ firstMs: 100, lastMs: 5000 });
    let channel = await first;
    for (;;) {
      if (channel === undefined) {
        await sleep(this.#clock, backoff.nextMs(), signal);
      } else {
        backoff.reset();
        this.#channels.add(channel);
        this.#becameFree();
        const reason = await channel.ended;
        this.#channels.delete(channel);
        await channel.close();
        if (!signal.aborted) this.#options.log.warn({ code: reason.code }, reason.message);
      }
      if (signal.aborted) return;
      channel = await this.#openAnother();
    }
  }

  /** Undefined when that did not work, which is told. */
  #openAnother(): Promise<WorkerChannel | undefined> {
    return this.#openChannel(this.#place!).catch((error: unknown) => {
      if (!this.#closing.signal.aborted)
        this.#options.log.error({ error: messageOf(error) }, 'no new inference worker; trying again');
      return undefined;
    });
  }

  #openChannel({
    model,
    follower,
  }: {
    readonly model: ModelSource | LoadedModel;
    readonly follower?: FollowerSource | LoadedFollower;
  }): Promise<WorkerChannel> {
    return WorkerChannel.open({
      entry: entryFile(import.meta.url, './worker.js'),
      setup: {
        model,
        ...(follower !== undefined && { follower }),
        ...(this.#options.maskHead !== undefined && { maskHead: this.#options.maskHead }),
        plan: this.#options.plan ?? AUTO_PROVIDER,
        ...(this.#options.graphCacheDir !== undefined && { graphCacheDir: this.#options.graphCacheDir }),
        ...(this.#options.batches !== undefined && { batches: this.#options.batches }),
      },
      jobTimeoutMs: this.#options.jobTimeoutMs ?? JOB_TIMEOUT_MS,
      clock: this.#clock,
      signal: this.#closing.signal,
      onStuck: () => {
        this.#options.log.error({}, 'an inference worker hangs and cannot be ended');
        this.#options.onStuck?.();
      },
    });
  }
}

function noFollower(): AppError {
  const message = 'Nothing can be followed: the pool was opened without a follower.';
  return new AppError('inference/no-follower', 'internal', message);
}
