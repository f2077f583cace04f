import { Worker } from 'node:worker_threads';
import { AppError, decodeError, messageOf, once, type Clock, type Timer } from '../base/index.js';
import { BatchSize } from './batch-size.js';
import type { LoadedFollower } from './load-follower.js';
import type { LoadedModel } from './load-model.js';
import type {
  DetectJob,
  DetectResult,
  FollowJob,
  FollowResult,
  FromWorker,
  SegmentJob,
  SegmentResult,
  ToWorker,
  WorkerSetup,
} from './messages.js';
import { PictureGatherer } from './picture-gatherer.js';
import type { Fallback, Provider } from './provider.js';

/** Opening reads and optimises the model, which a loaded machine may take long over. */
const OPEN_TIMEOUT_MS = 60_000;
/** A worker that was late for its job is taken for stuck when it is not back after so long. */
const LATE_MS = 1000;
/** Any other worker may first finish what it is at, opening a session included. */
const FINISH_MS = 15_000;

/** How a worker is started, and how long it may take. */
export interface WorkerChannelOptions {
  readonly entry: URL;
  readonly setup: WorkerSetup;
  readonly jobTimeoutMs: number;
  readonly clock: Clock;
  /** Ends the worker, also while it opens. */
  readonly signal: AbortSignal;
  /** The thread does not end, and goes on holding a core: only killing the process helps. */
  readonly onStuck: () => void;
}

/** What a worker runs, and where. */
export interface WorkerPlace {
  readonly model: LoadedModel;
  /** Where one was asked for. */
  readonly follower?: LoadedFollower;
  readonly provider: Provider;
  readonly fallbacks: readonly Fallback[];
  /** Whether it can look at several pictures in one run. */
  readonly canBatch: boolean;
}

/** What a worker can be asked to do. */
export type JobKind = 'detect' | 'follow' | 'segment';

/** What comes back of a run. */
type RunResult = readonly (DetectResult | AppError)[] | FollowResult | SegmentResult;

interface Pending {
  readonly kind: JobKind;
  readonly startedMs: number;
  readonly resolve: (result: RunResult) => void;
  readonly reject: (error: AppError) => void;
  readonly deadline: Timer;
}

/**
 * The way to one worker thread: knows which runs are under way and until when, and rejects all of them when the thread ends.
 * A thread that is late gets no other; it ends when it comes back.
 */
export class WorkerChannel {
  /** Resolves with the reason once the worker takes no more jobs. */
  readonly ended: Promise<AppError>;
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  readonly #options: WorkerChannelOptions;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #place: WorkerPlace | undefined;
  #pictures: PictureGatherer;
  #isOver = false;
  #end!: (reason: AppError) => void;

  private constructor(worker: Worker, options: WorkerChannelOptions) {
    this.#worker = worker;
    this.#options = options;
    this.#pictures = this.#gatherer(new BatchSize(1));
    this.ended = new Promise((resolve) => {
      this.#end = (reason) => {
        this.#isOver = true;
        for (const { reject, deadline } of this.#pending.values()) {
          deadline.cancel();
          reject(reason);
        }
        this.#pending.clear();
        this.#pictures.expectNone();
        resolve(reason);
      };
    });
    worker.on('message', (message: FromWorker) => this.#onMessage(message));
    worker.on('error', (error) => this.#end(workerDied(messageOf(error))));
    this.#exited = new Promise((resolve) => {
      worker.on('exit', (code) => {
        this.#end(workerDied(`exit code ${code}`));
        resolve();
      });
    });
    options.signal.addEventListener('abort', () => void this.close(), { once: true });
  }

  /** @throws {AppError} `model/*` from the worker; `inference/worker-died`, `inference/open-timeout`, `inference/closed` */
  static async open(options: WorkerChannelOptions): Promise<WorkerChannel> {
    if (options.signal.aborted) throw poolClosed();
    const channel = new WorkerChannel(new Worker(options.entry, { workerData: options.setup }), options);
    try {
      channel.#place = await channel.#ready();
      if (channel.#place.canBatch) channel.#pictures = channel.#gatherer(new BatchSize());
      return channel;
    } catch (error) {
      await channel.close();
      throw error;
    }
  }

  /** Of a worker that is open. */
  get place(): WorkerPlace {
    return this.#place!;
  }

  /** Pictures that the next run may take. */
  get limit(): number {
    return this.#pictures.limit;
  }

  /** Pictures that the worker would take now. */
  get room(): number {
    return this.#isOver || (this.kind ?? 'detect') !== 'detect' ? 0 : this.#pictures.room;
  }

  /** Whether the worker has nothing to do, nor waits for more to do at once. */
  get isIdle(): boolean {
    return !this.#isOver && this.#pending.size === 0 && this.#pictures.room === this.#pictures.limit;
  }

  /** What the worker is at; undefined for an idle one. */
  get kind(): JobKind | undefined {
    const [pending] = this.#pending.values();
    return pending?.kind;
  }

  /** For how long the worker has been at its run, ms; 0 for an idle one, and for one that takes no more. */
  get busyForMs(): number {
    const [pending] = this.#pending.values();
    return this.#isOver || pending === undefined ? 0 : this.#options.clock.monotonicMs() - pending.startedMs;
  }

  /**
   * Only while there is {@link room}.
   * @throws {AppError} the job's own error; `inference/timeout`, `inference/worker-died`, `inference/closed`
   */
  detect(job: DetectJob): Promise<DetectResult> {
    return this.#pictures.add(job);
  }

  /**
   * Only while the worker {@link isIdle}.
   * @throws {AppError} as {@link detect}
   */
  async follow(job: FollowJob): Promise<FollowResult> {
    return (await this.#ask('follow', (id) => ({ type: 'follow', id, job }))) as FollowResult;
  }

  /**
   * Only while the worker {@link isIdle}.
   * @throws {AppError} as {@link detect}; `model/*` when the mask head cannot be opened
   */
  async segment(job: SegmentJob): Promise<SegmentResult> {
    return (await this.#ask('segment', (id) => ({ type: 'segment', id, job }))) as SegmentResult;
  }

  /** No picture is on its way: those that wait for company need not. */
  expectNone(): void {
    this.#pictures.expectNone();
  }

  /**
   * Asks the thread to end and waits for it, but not for one that is stuck. It is never terminated from outside: ended within
   * native code, ONNX Runtime's binding throws where nobody catches, and aborts the whole process.
   */
  readonly close = once(async () => {
    this.#end(poolClosed());
    const { code } = await this.ended;
    this.#send({ type: 'close' });
    let timer: Timer | undefined;
    const stuck = new Promise<'stuck'>((resolve) => {
      const patienceMs = code === 'inference/timeout' ? LATE_MS : FINISH_MS;
      timer = this.#options.clock.after(patienceMs, () => resolve('stuck'));
    });
    const outcome = await Promise.race([this.#exited, stuck]);
    timer?.cancel();
    if (outcome !== 'stuck') return;
    this.#worker.unref();
    this.#options.onStuck();
  });

  #gatherer(size: BatchSize): PictureGatherer {
    return new PictureGatherer({ size, clock: this.#options.clock, run: (jobs) => this.#run(jobs) });
  }

  async #run(jobs: readonly DetectJob[]): Promise<readonly (DetectResult | AppError)[]> {
    const results = await this.#ask('detect', (id) => ({ type: 'detect', id, jobs }));
    return results as readonly (DetectResult | AppError)[];
  }

  async #ask(kind: JobKind, message: (id: number) => ToWorker): Promise<RunResult> {
    if (this.#isOver) throw await this.ended;
    const { clock, jobTimeoutMs } = this.#options;
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const deadline = clock.after(jobTimeoutMs, () => {
        this.#end(
          new AppError(
            'inference/timeout',
            'timeout',
            `No answer from an inference worker within ${jobTimeoutMs} ms; it is replaced.`,
          ),
        );
        void this.close();
      });
      this.#pending.set(id, { kind, startedMs: clock.monotonicMs(), resolve, reject, deadline });
      this.#send(message(id));
    });
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  async #ready(): Promise<WorkerPlace> {
    let timer: Timer | undefined;
    const answered = new Promise<WorkerPlace>((resolve, reject) => {
      this.#worker.once('message', (message: FromWorker) => {
        if (message.type === 'ready') resolve(message);
        else if (message.type === 'refused') reject(decodeError(message.error));
      });
      void this.ended.then(reject);
      timer = this.#options.clock.after(OPEN_TIMEOUT_MS, () =>
        reject(
          new AppError(
            'inference/open-timeout',
            'timeout',
            `No inference worker after ${OPEN_TIMEOUT_MS} ms.`,
          ),
        ),
      );
    });
    return answered.finally(() => timer?.cancel());
  }

  #onMessage(message: FromWorker): void {
    if (message.type === 'ready' || message.type === 'refused') return;
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    this.#pending.delete(message.id);
    pending.deadline.cancel();
    if (message.type === 'detected')
      pending.resolve(
        message.answers.map((answer) => ('result' in answer ? answer.result : decodeError(answer.error))),
      );
    else if (message.type === 'followed' || message.type === 'segmented') pending.resolve(message.result);
    else pending.reject(decodeError(message.error));
  }
}

function workerDied(how: string): AppError {
  return new AppError(
    'inference/worker-died',
    'unavailable',
    `An inference worker ended (${how}); it is replaced.`,
  );
}

/** Of what is asked of a pool that is closed, or under way in it. */
export function poolClosed(): AppError {
  return new AppError('inference/closed', 'unavailable', 'The inference pool is closed.');
}
