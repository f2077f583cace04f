import { Worker } from 'node:worker_threads';
import { AppError, decodeError, entryFile, once, type Clock, type Log } from '../base/index.js';
import type { FromStore, StoreThreadData, ToStore } from './messages.js';

const OPEN_TIMEOUT_MS = 30_000;
const CLOSE_TIMEOUT_MS = 20_000;

interface Request {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: AppError) => void;
}

/** One of the store's threads, seen from the control thread. */
export class StoreThread {
  readonly #worker: Worker;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #requests = new Map<number, Request>();
  #nextId = 1;
  /** Why nothing more can be asked of it. */
  #ended: AppError | undefined;

  private constructor(worker: Worker, { clock, log }: { clock: Clock; log: Log }) {
    this.#worker = worker;
    this.#clock = clock;
    this.#log = log;
    worker.on('message', (answer: FromStore) => this.#onAnswer(answer));
    worker.on('error', (error) => this.#end(workerDied(error.message)));
    worker.on('exit', (code) => this.#end(workerDied(`exit code ${code}`)));
  }

  /** @throws {AppError} what {@link StoreDatabase.open} throws; `store/worker-died`, `store/open-timeout` */
  static async open(options: { data: StoreThreadData; clock: Clock; log: Log }): Promise<StoreThread> {
    const worker = new Worker(entryFile(import.meta.url, './store-worker.js'), { workerData: options.data });
    try {
      await ready(worker, options.clock);
      return new StoreThread(worker, options);
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  /**
   * Runs a method of a table in the thread; calls are answered in their order.
   *
   * @throws {AppError} `store/write-failed`, `store/read-failed`, `store/worker-died`, `store/closed`, and what the method throws
   */
  call(table: string, method: string, args: readonly unknown[]): Promise<unknown> {
    return this.#ask((id) => ({ type: 'call', id, table, method, args }));
  }

  /** Answers what was asked, then closes the connection. */
  readonly close = once(async () => {
    const exited = new Promise<void>((resolve) => {
      if (this.#ended !== undefined) resolve();
      else this.#worker.once('exit', () => resolve());
    });
    const deadline = this.#clock.after(CLOSE_TIMEOUT_MS, () => void this.#worker.terminate());
    const closing = this.#ask((id) => ({ type: 'close', id }));
    this.#ended ??= new AppError('store/closed', 'unavailable', 'the store is closed');
    try {
      await closing;
    } catch (error) {
      this.#log.warn({ err: error }, 'the store did not close cleanly; what was committed is kept');
    }
    await exited;
    deadline.cancel();
    await this.#worker.terminate();
  });

  #ask(request: (id: number) => ToStore): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended);
      const id = this.#nextId++;
      this.#requests.set(id, { resolve, reject });
      this.#worker.postMessage(request(id));
    });
  }

  #onAnswer(answer: FromStore): void {
    if (answer.type === 'ready' || answer.type === 'refused') return;
    const request = this.#requests.get(answer.id);
    this.#requests.delete(answer.id);
    if (answer.type === 'failed') request?.reject(decodeError(answer.error));
    else request?.resolve(answer.type === 'result' ? answer.value : undefined);
  }

  #end(reason: AppError): void {
    if (this.#ended === undefined) this.#log.error({ err: reason }, 'the store stopped');
    this.#ended ??= reason;
    for (const { reject } of this.#requests.values()) reject(this.#ended);
    this.#requests.clear();
  }
}

function ready(worker: Worker, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const deadline = clock.after(OPEN_TIMEOUT_MS, () =>
      settle(() =>
        reject(
          new AppError(
            'store/open-timeout',
            'timeout',
            `the store did not open within ${OPEN_TIMEOUT_MS / 1000} s: look at the disk of data.dir`,
          ),
        ),
      ),
    );
    const onMessage = (answer: FromStore) =>
      settle(() => (answer.type === 'refused' ? reject(decodeError(answer.error)) : resolve()));
    const onError = (error: Error) => settle(() => reject(workerDied(error.message)));
    const onExit = (code: number) => settle(() => reject(workerDied(`exit code ${code}`)));
    function settle(finish: () => void): void {
      deadline.cancel();
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      finish();
    }
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
  });
}

function workerDied(why: string): AppError {
  return new AppError(
    'store/worker-died',
    'unavailable',
    `the store's thread ended unexpectedly (${why}): restart the server`,
  );
}
