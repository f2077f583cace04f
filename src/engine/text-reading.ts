import { messageOf, once, type Log } from '../base/index.js';
import type { ReadJob, ReadResult } from '../inference/index.js';

/** The part of a thread that reads which tracks need. */
export interface TextThread {
  /** `name@sha256:…` */
  readonly version: string;
  /** Whether a picture would be read at once. */
  readonly isIdle: boolean;
  read(job: ReadJob): Promise<ReadResult>;
  close(): Promise<void>;
}

/**
 * The one thread that reads for all cameras, opened when the first of them asks. One that cannot be opened is not tried again before
 * another camera asks: its models are missing, or broken.
 */
export class TextReading {
  readonly #open: () => Promise<TextThread>;
  readonly #log: Log;
  #opening: Promise<void> | undefined;
  #thread: TextThread | undefined;
  #isClosed = false;

  constructor(open: () => Promise<TextThread>, log: Log) {
    this.#open = open;
    this.#log = log;
  }

  /** The thread; undefined while it is not there. */
  get thread(): TextThread | undefined {
    return this.#thread;
  }

  /** Sees to it that there is a thread; call it for each camera that reads. */
  want(): void {
    if (this.#isClosed || this.#thread !== undefined) return;
    this.#opening ??= this.#open()
      .then(
        async (thread) => {
          if (this.#isClosed) return thread.close();
          this.#thread = thread;
          this.#log.info({ version: thread.version }, 'text can be read');
        },
        (error: unknown) => this.#log.error({ cause: messageOf(error) }, 'text cannot be read'),
      )
      .finally(() => (this.#opening = undefined));
  }

  readonly close = once(async () => {
    this.#isClosed = true;
    await this.#opening;
    await this.#thread?.close();
  });
}
