import { fork, type ChildProcess } from 'node:child_process';
import { once as nextEvent } from 'node:events';
import { AppError, decodeError, entryFile, once, type Clock, type Log, type Timer } from '../base/index.js';
import type { PictureAnswer, PictureRequest, PictureTasks, TaskName } from './messages.js';

/** A task that takes longer has hung. */
const TASK_LIMIT_MS = 120_000;
/** A process that nobody has asked for so long is ended: it holds some 150 MB. */
const IDLE_MS = 300_000;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: AppError) => void;
}

/** The process that looks at pictures, seen from control: started when it is first asked, and anew after it died. */
export class PictureProcess {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #pending = new Map<number, Pending>();
  #child: ChildProcess | undefined;
  #idle: Timer | undefined;
  #nextId = 1;
  #isClosed = false;

  constructor({ clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * Asks for something; what it takes is copied.
   * @throws {AppError} what the task throws; `classifier/process-died`, `classifier/timeout`, `classifier/closed`
   */
  async ask<Name extends TaskName>(
    task: Name,
    ...args: Parameters<PictureTasks[Name]>
  ): Promise<ReturnType<PictureTasks[Name]>> {
    if (this.#isClosed) throw closed();
    this.#idle?.cancel();
    const child = (this.#child ??= this.#start());
    const id = this.#nextId++;
    const limit = this.#clock.after(TASK_LIMIT_MS, () => this.#giveUp(child, timedOut(task)));
    try {
      return (await new Promise<unknown>((resolve, reject) => {
        this.#pending.set(id, { resolve, reject });
        // A dead process is told of by its exit.
        child.send({ id, task, args } satisfies PictureRequest, () => undefined);
      })) as ReturnType<PictureTasks[Name]>;
    } finally {
      limit.cancel();
      if (this.#pending.size === 0 && !this.#isClosed)
        this.#idle = this.#clock.after(IDLE_MS, () => void this.#end());
    }
  }

  /** Of the process, while there is one: for tests and support. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Rejects what is under way, and waits until the process has ended. */
  readonly close = once(async () => {
    this.#isClosed = true;
    this.#rejectAll(closed());
    this.#idle?.cancel();
    await this.#end();
  });

  #start(): ChildProcess {
    const child = fork(entryFile(import.meta.url, './picture-child.js'), [], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('message', (answer: PictureAnswer) => {
      const pending = this.#pending.get(answer.id);
      this.#pending.delete(answer.id);
      if ('error' in answer) pending?.reject(decodeError(answer.error));
      else pending?.resolve(answer.value);
    });
    child.on('error', (error) => this.#lost(child, error.message));
    child.on('exit', (code, signal) => this.#lost(child, signal ?? `exit code ${code}`));
    return child;
  }

  #lost(child: ChildProcess, how: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    if (this.#pending.size === 0) return;
    this.#log.error({ how }, 'the process that looks at pictures died');
    this.#rejectAll(
      new AppError(
        'classifier/process-died',
        'unavailable',
        `the process that looks at pictures died (${how}): try again`,
      ),
    );
  }

  #giveUp(child: ChildProcess, reason: AppError): void {
    this.#rejectAll(reason);
    child.kill('SIGKILL');
  }

  #rejectAll(reason: AppError): void {
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
  }

  async #end(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = nextEvent(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
}

function timedOut(task: string): AppError {
  return new AppError(
    'classifier/timeout',
    'timeout',
    `${task} took longer than ${TASK_LIMIT_MS / 1000} s: try again, with fewer examples`,
  );
}

function closed(): AppError {
  return new AppError('classifier/closed', 'unavailable', 'the server is stopping');
}
