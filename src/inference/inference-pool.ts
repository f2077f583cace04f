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
import { loadModel, ofModel, type LoadedModel, type ModelInfo } from './load-model.js';
import type { DetectJob, DetectResult } from './messages.js';
import { WorkerChannel } from './worker-channel.js';

const JOB_TIMEOUT_MS = 5000;

/** What a pool runs, and on how many threads. */
export interface InferencePoolOptions {
  readonly modelPath: string;
  /** Worker threads, each with a session; one per core is best. */
  readonly workers: number;
  /** A job that takes longer is given up, and its worker replaced; default 5000. */
  readonly jobTimeoutMs?: number;
  readonly log: Log;
  readonly clock?: Clock;
  /** A worker is stuck and cannot be ended: the process should kill itself, to be started again. `process.exit` would wait for it. */
  readonly onStuck?: () => void;
}

/** Worker threads that detect objects in pictures. Holds no queue: who calls waits for {@link idle}, and so decides what is worth it. */
export class InferencePool implements Closable {
  readonly model: ModelInfo;
  readonly #model: LoadedModel;
  readonly #options: InferencePoolOptions;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  readonly #channels = new Set<WorkerChannel>();
  /** One per worker: ends when the pool is closed. */
  readonly #keepers: Promise<void>[] = [];

  private constructor(model: LoadedModel, options: InferencePoolOptions) {
    this.model = model.info;
    this.#model = model;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Reads the model and opens all workers.
   *
   * @throws {AppError} `model/*`, naming the file
   */
  static async open(options: InferencePoolOptions): Promise<InferencePool> {
    const pool = new InferencePool(await loadModel(options.modelPath), options);
    const opening = Array.from({ length: options.workers }, () => pool.#openChannel());
    try {
      const channels = await Promise.all(opening);
      for (const channel of channels) pool.#keepers.push(pool.#keepWorker(channel));
    } catch (error) {
      pool.#closing.abort();
      await Promise.allSettled(opening);
      const isOfModel = error instanceof AppError && error.code.startsWith('model/');
      throw isOfModel ? ofModel(options.modelPath, error) : error;
    }
    return pool;
  }

  /** Workers, those that are being replaced included. */
  get size(): number {
    return this.#options.workers;
  }

  /** Workers that would begin a job at once. */
  get idle(): number {
    let count = 0;
    for (const channel of this.#channels) if (channel.isIdle) count++;
    return count;
  }

  /**
   * Detects objects in one picture.
   *
   * @throws {AppError} at once `inference/busy` when no worker is idle, `inference/closed`. Rejects with `inference/bad-job`,
   *   `inference/failed`, `model/output-shape` for this picture alone; with `inference/timeout`, `inference/worker-died` when its
   *   worker was lost
   */
  detect(job: DetectJob): Promise<DetectResult> {
    for (const channel of this.#channels) if (channel.isIdle) return channel.detect(job);
    if (this.#closing.signal.aborted)
      throw new AppError('inference/closed', 'unavailable', 'The inference pool is closed.');
    throw new AppError(
      'inference/busy',
      'unavailable',
      `All ${this.size} inference workers are busy; wait for one.`,
    );
  }

  /** Rejects what is under way with `inference/closed`, and waits until the workers have ended. */
  readonly close = once(async () => {
    this.#closing.abort();
    await Promise.all(this.#keepers);
  });

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
      channel = await this.#openChannel().catch((error: unknown) => {
        if (!signal.aborted)
          this.#options.log.error({ error: messageOf(error) }, 'no new inference worker; trying again');
        return undefined;
      });
    }
  }

  #openChannel(): Promise<WorkerChannel> {
    return WorkerChannel.open({
      entry: entryFile(import.meta.url, './worker.js'),
      setup: { modelBytes: this.#model.bytes, description: this.#model.description },
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
