import { AppError, decodeError, type Clock, type EncodedError, type Timer } from '../base/index.js';

const ANSWER_LIMIT_MS = 5000;

interface Pending<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: AppError) => void;
  readonly timer: Timer;
}

/** Questions of one kind to the engine that wait for their answers. */
export class PendingRequests<Answer> {
  readonly #clock: Clock;
  readonly #pending = new Map<number, Pending<Answer>>();
  #next = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Asks, and waits for the answer.
   *
   * @param send sends the question under a number
   * @throws {AppError} `engine/no-answer` after 5 s, or when the engine ends; what the engine answers
   */
  ask(send: (request: number) => void): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = this.#next++;
      const timer = this.#clock.after(ANSWER_LIMIT_MS, () => this.#take(request)?.reject(noAnswer()));
      this.#pending.set(request, { resolve, reject, timer });
      send(request);
    });
  }

  /** Takes an answer; one that comes too late is ignored. */
  answer(request: number, answer: Answer, error: EncodedError | undefined): void {
    const pending = this.#take(request);
    if (error === undefined) pending?.resolve(answer);
    else pending?.reject(decodeError(error));
  }

  /** The engine is gone: nothing more is answered. */
  rejectAll(): void {
    for (const request of [...this.#pending.keys()]) this.#take(request)?.reject(noAnswer());
  }

  #take(request: number): Pending<Answer> | undefined {
    const pending = this.#pending.get(request);
    pending?.timer.cancel();
    this.#pending.delete(request);
    return pending;
  }
}

/** The engine does not run, or does not answer. */
export function noAnswer(): AppError {
  return new AppError(
    'engine/no-answer',
    'unavailable',
    'the engine does not answer now: try again in a few seconds',
  );
}
