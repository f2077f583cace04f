import type { AppError } from '../base/index.js';
import type { JobKind, WorkerChannel } from './worker-channel.js';

interface WaitingJob {
  readonly kind: JobKind;
  readonly begin: (channel: WorkerChannel) => void;
  readonly reject: (error: AppError) => void;
}

/** Jobs for the next worker that is free, first come, first served. */
export class WaitingJobs {
  readonly #freeChannel: (kind: JobKind) => WorkerChannel | undefined;
  readonly #jobs: WaitingJob[] = [];

  /** @param freeChannel a worker that could begin a job of a kind now */
  constructor(freeChannel: (kind: JobKind) => WorkerChannel | undefined) {
    this.#freeChannel = freeChannel;
  }

  get length(): number {
    return this.#jobs.length;
  }

  /** Begins a job when its turn has come. */
  add<Result>(kind: JobKind, run: (channel: WorkerChannel) => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#jobs.push({ kind, begin: (channel) => void run(channel).then(resolve, reject), reject });
    });
  }

  /** Gives free workers to the jobs that wait. Call it when a worker has become free, before anyone else gets it. */
  serve(): void {
    for (;;) {
      const [job] = this.#jobs;
      const channel = job && this.#freeChannel(job.kind);
      if (job === undefined || channel === undefined) return;
      this.#jobs.shift();
      job.begin(channel);
    }
  }

  rejectAll(reason: AppError): void {
    for (const { reject } of this.#jobs.splice(0)) reject(reason);
  }
}
