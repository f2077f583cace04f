import { AppError } from '../base/index.js';

/** What a command ends with when a signal interrupted it. */
export const INTERRUPTED = 'cli/interrupted';

/** Numbers of signals are added to it, as shells do. */
const SIGNALLED = 128;
const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;

/** Turns SIGINT and SIGTERM into an orderly end, from `begin` to `end`. A second one ends the process at once. */
export class Interruption {
  readonly #aborting = new AbortController();
  readonly #onSignal = (name: keyof typeof SIGNAL_NUMBERS): void => {
    if (this.signal.aborted) process.exit(SIGNALLED + SIGNAL_NUMBERS[name]);
    this.#aborting.abort();
  };

  /** Aborts at the first signal. */
  get signal(): AbortSignal {
    return this.#aborting.signal;
  }

  begin(): void {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, this.#onSignal);
  }

  end(): void {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, this.#onSignal);
  }

  /** @throws {AppError} `cli/interrupted` when there was a signal */
  check(): void {
    if (this.signal.aborted) throw new AppError(INTERRUPTED, 'input', 'interrupted');
  }
}
