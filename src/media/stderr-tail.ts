import { redact, type Log } from '../base/index.js';

const TAIL_BYTES = 64 * 1024;
const LINE_LENGTH_MAX = 1024;
const LOG_LINES_PER_SECOND = 10;

/**
 * Takes a child's stderr: keeps its end, hands on its lines and logs a few of them, however much comes.
 */
export class StderrTail {
  readonly #log: Log;
  readonly #onLine: (line: string) => void;
  readonly #monotonicMs: () => number;
  /** Two halves, so that dropping the oldest costs nothing per line. */
  #older = '';
  #newer = '';
  #unfinished = '';
  #windowStartMs = -Infinity;
  #logged = 0;
  #suppressed = 0;

  constructor(options: { log: Log; onLine: (line: string) => void; monotonicMs: () => number }) {
    this.#log = options.log;
    this.#onLine = options.onLine;
    this.#monotonicMs = options.monotonicMs;
  }

  /** The last 32 to 64 KiB, without secrets. */
  get text(): string {
    return redact(this.#older + this.#newer + this.#unfinished);
  }

  push(chunk: string): void {
    const lines = (this.#unfinished + chunk).split(/[\r\n]+/);
    this.#unfinished = (lines.pop() ?? '').slice(0, LINE_LENGTH_MAX);
    for (const line of lines) if (line !== '') this.#take(line.slice(0, LINE_LENGTH_MAX));
  }

  #take(line: string): void {
    this.#newer += `${line}\n`;
    if (this.#newer.length > TAIL_BYTES / 2) {
      this.#older = this.#newer;
      this.#newer = '';
    }
    this.#onLine(line);
    this.#logSome(line);
  }

  #logSome(line: string): void {
    const nowMs = this.#monotonicMs();
    if (nowMs - this.#windowStartMs >= 1000) {
      this.#windowStartMs = nowMs;
      this.#logged = 0;
    }
    if (this.#logged >= LOG_LINES_PER_SECOND) {
      this.#suppressed++;
      return;
    }
    this.#logged++;
    const fields = this.#suppressed === 0 ? {} : { suppressedBefore: this.#suppressed };
    this.#suppressed = 0;
    this.#log.debug(fields, `ffmpeg: ${line}`);
  }
}
