import { toAppError } from '../base/index.js';
import type { Config, Environment } from '../config/index.js';
import { findFfmpeg, type Ffmpeg } from '../media/index.js';

/** The FFmpeg that all cameras use; looked for again as long as there is none. */
export class FfmpegInUse {
  readonly #options: { readonly config: () => Config; readonly env: Environment };
  #found: Ffmpeg | undefined;
  #reason: string | undefined;

  constructor(options: { readonly config: () => Config; readonly env: Environment }) {
    this.#options = options;
  }

  /** Undefined until it was found. */
  get found(): Ffmpeg | undefined {
    return this.#found;
  }

  /** Why it was not, the last time. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** @throws {AppError} what `findFfmpeg` throws */
  readonly find = async (): Promise<Ffmpeg> => {
    if (this.#found !== undefined) return this.#found;
    const { path: configuredPath } = this.#options.config().ffmpeg;
    try {
      this.#found = await findFfmpeg({
        env: this.#options.env,
        ...(configuredPath === undefined ? {} : { configuredPath }),
      });
      this.#reason = undefined;
      return this.#found;
    } catch (error) {
      this.#reason = toAppError(error).message;
      throw error;
    }
  };
}
