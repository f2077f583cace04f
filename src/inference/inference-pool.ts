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
import type { LoadedModel, ModelFacts } from './load-model.js';
import type { DetectJob, DetectResult, ModelSource } from './messages.js';
import { AUTO_PROVIDER, type Fallback, type Provider, type ProviderPlan } from './provider.js';
import { WorkerChannel, type WorkerPlace } from './worker-channel.js';

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

/** What a pool runs, and on how many threads. */
export interface InferencePoolOptions {
  readonly modelPath: string;
  /** The detector's family, where it is not to be found out. */
  readonly family?: string;
  /** Worker threads, each with a session; one per core is best. On anything but the processor there is one. */
  readonly workers: number;
  /** `auto` by default. */
  readonly plan?: ProviderPlan;
  /** Where optimised graphs are kept; nowhere when absent. */
  readonly graphCacheDir?: string;
  /** `always`: one worker that takes several pictures in a run, on the processor too, where that gains nothing: for tests and measurements. */
  readonly batches?: Batches;
  /** A run that takes longer is given up, and its worker replaced; default 5000. */
  readonly jobTimeoutMs?: number;
  readonly log: Log;
  readonly clock?: Clock;
  /** A worker is stuck and cannot be ended: the process should kill itself, to be started again. `process.exit` would wait for it. */
  readonly onStuck?: () => void;
}

/**
 * Worker threads that detect objects in pictures. Holds no queue: who calls waits for {@link idle}, and so decides what is worth it.
 * On the processor each worker takes a picture at a time; elsewhere there is one, which takes as many in a run as gain by it.
 */
export class InferencePool implements Closable {
  readonly #options: InferencePoolOptions;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  readonly #channels = new Set<WorkerChannel>();
  #place: WorkerPlace | undefined;
  #workers = 1;
  /** Average length of a job, ms. */
  #jobMs = 0;
  /** One per worker: ends when the pool is closed. */
  readonly #keepers: Promise<void>[] = [];

  private constructor(options: InferencePoolOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Reads the model and opens all workers.
   *
   * @throws {AppError} `model/*`, naming the file; `inference/provider-missing`
   */
  static async open(options: InferencePoolOptions): Promise<InferencePool> {
    const { modelPath, family } = options;
    const pool = new InferencePool(options);
    const channels: WorkerChannel[] = [];
    try {
      // The first worker reads the model (a large or hostile file keeps nobody else waiting), finds out where it runs, and leaves
      // its optimised graph to the others.
      const first = await pool.#openChannel({ modelPath, ...(family !== undefined && { family }) });
      channels.push(first);
      pool.#place = first.place;
      const isOne = first.place.provider !== 'cpu' || options.batches === 'always';
      pool.#workers = isOne ? 1 : options.workers;
      const opening = Array.from({ length: pool.#workers - 1 }, () => pool.#openChannel(first.place.model));
      for (const opened of await Promise.allSettled(opening))
        if (opened.status === 'fulfilled') channels.push(opened.value);
      await Promise.all(opening);
    } catch (error) {
      pool.#closing.abort();
      await Promise.all(channels.map((channel) => channel.close()));
      throw error;
    }
    for (const channel of channels) pool.#keepers.push(pool.#keepWorker(channel));
    return pool;
  }

  get model(): ModelInfo {
    const { model, provider, fallbacks } = this.#place!;
    return { ...model.facts, provider, fallbacks };
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
    let count = 0;
    for (const channel of this.#channels) count += channel.room;
    return count;
  }

  /** Pictures that workers would take now, or within `soonMs` if their runs take as long as others did. */
  freeWithin(soonMs: number): number {
    let count = 0;
    for (const channel of this.#channels)
      count += channel.busyForMs >= Math.max(this.#jobMs - soonMs, 1) ? channel.limit : channel.room;
    return count;
  }

  /** No picture is on its way to this pool: a worker that waits for more of them need not. */
  expectNone(): void {
    for (const channel of this.#channels) channel.expectNone();
  }

  /**
   * Detects objects in one picture.
   *
   * @throws {AppError} at once `inference/busy` when no worker is idle, `inference/closed`. Rejects with `inference/bad-job`,
   *   `inference/failed`, `model/output-shape` for this picture alone; with `inference/timeout`, `inference/worker-died` when its
   *   worker was lost
   */
  detect(job: DetectJob): Promise<DetectResult> {
    for (const channel of this.#channels) if (channel.room > 0) return this.#detectOn(channel, job);
    if (this.#closing.signal.aborted)
      throw new AppError('inference/closed', 'unavailable', 'The inference pool is closed.');
    throw new AppError(
      'inference/busy',
      'unavailable',
      `All ${this.#workers} inference workers are busy; wait for one.`,
    );
  }

  /** Rejects what is under way with `inference/closed`, and waits until the workers have ended. */
  readonly close = once(async () => {
    this.#closing.abort();
    await Promise.all(this.#keepers);
  });

  async #detectOn(channel: WorkerChannel, job: DetectJob): Promise<DetectResult> {
    const startedMs = this.#clock.monotonicMs();
    const result = await channel.detect(job);
    const tookMs = this.#clock.monotonicMs() - startedMs;
    this.#jobMs += (tookMs - this.#jobMs) * (this.#jobMs === 0 ? 1 : NEWEST_SHARE);
    return result;
  }

  /** Keeps one worker: when it is lost, opens another, until the pool is closed. */
  async #keepWorker(first: WorkerChannel): Promise<void> {
    const { signal } = this.#closing;
    const backoff = new Backoff({ firstMs: 100, lastMs: 5000 });
    let channel: WorkerChannel | undefined = first;
    for (;;) {
      if (channel === undefined) {
        await sleep(this.#clock, backoff.nextMs(), signal);
      } else {
        backoff.reset();
        this.#channels.add(channel);
        const reason = await channel.ended;
        this.#channels.delete(channel);
        await channel.close();
        if (!signal.aborted) this.#options.log.warn({ code: reason.code }, reason.message);
      }
      if (signal.aborted) return;
      channel = await this.#openChannel(this.#place!.model).catch((error: unknown) => {
        if (!signal.aborted)
          this.#options.log.error({ error: messageOf(error) }, 'no new inference worker; trying again');
        return undefined;
      });
    }
  }

  #openChannel(model: ModelSource | LoadedModel): Promise<WorkerChannel> {
    return WorkerChannel.open({
      entry: entryFile(import.meta.url, './worker.js'),
      setup: {
        model,
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
