import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../base/index.js';
import { isSameSecret, newSetupCode } from './secret-value.js';

const LIFE_MS = 60 * 60_000;

/** The one-time code with which the first administrator is made: who can read the console, or the data folder, owns the server. */
export class SetupCode {
  readonly value = newSetupCode();
  readonly path: string;
  readonly #clock: Clock;
  readonly #madeMs: number;
  #isUsed = false;

  private constructor(file: string, clock: Clock) {
    this.path = file;
    this.#clock = clock;
    this.#madeMs = clock.monotonicMs();
  }

  /** Makes a code and writes it to `setup-code` in the data directory, readable for its owner only. */
  static async create(options: { dataDir: string; clock: Clock }): Promise<SetupCode> {
    const code = new SetupCode(path.join(options.dataDir, 'setup-code'), options.clock);
    await rm(code.path, { force: true });
    await writeFile(code.path, `${code.value}\n`, { mode: 0o600, flag: 'wx' });
    return code;
  }

  /** True for the right code within 60 minutes, in any case, with or without dashes; it is not used up by asking. */
  accepts(given: string): boolean {
    const plain = (text: string) => text.toUpperCase().replace(/[^A-Z0-9]/g, '');
    const isRight = isSameSecret(plain(given), plain(this.value));
    return isRight && !this.#isUsed && this.#clock.monotonicMs() - this.#madeMs < LIFE_MS;
  }

  /** Ends the code: it has been used, or the server stops. */
  async end(): Promise<void> {
    this.#isUsed = true;
    await rm(this.path, { force: true });
  }
}
