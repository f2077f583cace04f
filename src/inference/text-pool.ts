import { Worker } from 'node:worker_threads';
import {
  AppError,
  decodeError,
  entryFile,
  messageOf,
  once,
  systemClock,
  type Clock,
  type Closable,
  type Log,
  type Timer,
} from '../base/index.js';
import { defaultTextModels, type TextModelFiles } from './load-text-models.js';
import type { FromTextWorker, ReadJob, ReadResult, TextWorkerSetup, ToTextWorker } from './text-messages.js';
import { poolClosed } from './worker-channel.js';

const OPEN_TIMEOUT_MS = 60_000;
/** A page full of text takes seconds; nothing that is read takes longer. */
const JOB_TIMEOUT_MS = 60_000;

/** What a text pool runs. */
export interface TextPoolOptions {
  /** {@link defaultTextModels} by default. */
  readonly files?: TextModelFiles;
  /** Where optimised graphs are kept; nowhere when absent. */
  readonly graphCacheDir?: string;
  readonly jobTimeoutMs?: number;
  readonly log: Log;
  readonly clock?: Clock;
}

interface Pending {
  readonly resolve: (result: ReadResult) => void;
  readonly reject: (error: AppError) => void;
  readonly deadline: Timer;
}

/**
 * The thread that reads text, one picture at a time, beside the threads that detect. Pictures do not queue here: who has one asks only
 * while it {@link isIdle}. A thread that dies or is late is given up, and another opened for the next picture.
 */
export class TextPool implements Closable {
  readonly #options: TextPoolOptions;
  readonly #clock: Clock;
  #worker: Promise<Worker> | undefined;
  /** The thread that is in use; one that was given up may go on for a while. */
  #current: Worker | undefined;
  #version = '';
  #nextId = 1;
  readonly #pending = new Map<number, Pending>();
  #isClosed = false;

  private constructor(options: TextPoolOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** @throws {AppError} `model/*`, naming the file; `inference/worker-died`, `inference/open-timeout` */
  static async open(options: TextPoolOptions): Promise<TextPool> {
    const pool = new TextPool(options);
    await (pool.#worker = pool.#start());
    return pool;
  }

  /** `name@sha256:…` of all files together. */
  get version(): string {
    return this.#version;
  }

  /** Whether a picture would be read at once. */
  get isIdle(): boolean {
    return !this.#isClosed && this.#pending.size === 0;
  }

  /**
   * Reads a picture, which is copied.
   * @throws {AppError} as {@link TextReader.read}; `inference/timeout`, `inference/worker-died`, `inference/closed`
   */
  async read(job: ReadJob): Promise<ReadResult> {
    if (this.#isClosed) throw poolClosed();
    const worker = await (this.#worker ??= this.#start());
    const id = this.#nextId++;
    const timeoutMs = this.#options.jobTimeoutMs ?? JOB_TIMEOUT_MS;
    return new Promise((resolve, reject) => {
      const deadline = this.#clock.after(timeoutMs, () =>
        this.#giveUp(
          worker,
          new AppError(
            'inference/timeout',
            'timeout',
            `A picture was not read within ${timeoutMs} ms; the thread is replaced.`,
          ),
        ),
      );
      this.#pending.set(id, { resolve, reject, deadline });
      const message: ToTextWorker = { type: 'read', id, job };
      worker.postMessage(message);
    });
  }

  /** Asks the thread to end and waits for it. */
  readonly close = once(async () => {
    this.#isClosed = true;
    this.#rejectAll(poolClosed());
    const worker = await this.#worker?.catch(() => undefined);
    if (worker !== undefined) await ended(worker);
  });

  async #start(): Promise<Worker> {
    const { files = defaultTextModels(), graphCacheDir } = this.#options;
    const workerData: TextWorkerSetup = { files, ...(graphCacheDir !== undefined && { graphCacheDir }) };
    const worker = new Worker(entryFile(import.meta.url, './text-worker.js'), { workerData });
    this.#current = worker;
    worker.on('message', (message: FromTextWorker) => this.#onMessage(message));
    worker.on('error', (error) => this.#giveUp(worker, died(messageOf(error))));
    worker.on('exit', (code) => this.#giveUp(worker, died(`exit code ${code}`)));
    let timer: Timer | undefined;
    try {
      this.#version = await new Promise<string>((resolve, reject) => {
        worker.once('message', (message: FromTextWorker) => {
          if (message.type === 'ready') resolve(message.version);
          else if (message.type === 'refused') reject(decodeError(message.error));
        });
        worker.once('error', (error) => reject(died(messageOf(error))));
        worker.once('exit', (code) => reject(died(`exit code ${code}`)));
        timer = this.#clock.after(OPEN_TIMEOUT_MS, () =>
          reject(
            new AppError('inference/open-timeout', 'timeout', `No text reader after ${OPEN_TIMEOUT_MS} ms.`),
          ),
        );
      });
      return worker;
    } catch (error) {
      this.#worker = undefined;
      worker.unref();
      throw error;
    } finally {
      timer?.cancel();
    }
  }

  #onMessage(message: FromTextWorker): void {
    if (message.type === 'ready' || message.type === 'refused') return;
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    this.#pending.delete(message.id);
    pending.deadline.cancel();
    if (message.type === 'read') pending.resolve(message.result);
    else pending.reject(decodeError(message.error));
  }

  /** The next picture gets another thread. This one ends when it comes back: ended within native code it would take the process along. */
  #giveUp(worker: Worker, reason: AppError): void {
    if (worker !== this.#current) return;
    this.#current = undefined;
    if (!this.#isClosed && this.#pending.size > 0)
      this.#options.log.warn({ cause: reason.message }, 'a thread that reads text is given up');
    this.#worker = undefined;
    this.#rejectAll(reason);
    const message: ToTextWorker = { type: 'close' };
    worker.postMessage(message);
    worker.unref();
  }

  #rejectAll(reason: AppError): void {
    for (const { reject, deadline } of this.#pending.values()) {
      deadline.cancel();
      reject(reason);
    }
    this.#pending.clear();
  }
}

function ended(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.once('exit', () => resolve());
    const message: ToTextWorker = { type: 'close' };
    worker.postMessage(message);
  });
}

function died(how: string): AppError {
  return new AppError(
    'inference/worker-died',
    'unavailable',
    `The thread that reads text ended (${how}); it is replaced.`,
  );
}
