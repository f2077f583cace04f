import { createHash } from 'node:crypto';
import { AppError } from '../base/index.js';
import type { Config } from '../config/index.js';
import type { EngineClient } from '../engine/index.js';
import type { Box } from '../geometry/index.js';
import type { CameraRedaction } from '../server/index.js';

/** Of a camera that the configuration does not have: nobody says any more who may see its pictures. */
const FOR_ADMINISTRATORS: CameraRedaction = { plainFor: 'admin', labels: [], fill: 'black', shape: 'box' };
/** Covered pictures that are kept in memory, those asked for last: a wall of pictures is covered once for all who look at it. */
const KEPT_MAX = 64;

/** What is covered in a camera's pictures, for whom; undefined: nothing. */
export function redactionOf({ cameras }: Pick<Config, 'cameras'>, id: string): CameraRedaction | undefined {
  const camera = cameras.find((each) => each.id === id);
  return camera === undefined ? FOR_ADMINISTRATORS : camera.redact;
}

/** Who covers pictures, and what is to be covered now. */
export interface RedactedPicturesOptions {
  readonly engine: Pick<EngineClient, 'redact'>;
  readonly config: () => Pick<Config, 'cameras'>;
}

/** Pictures as the engine has covered them: each once, for all who ask. */
export class RedactedPictures {
  readonly #options: RedactedPicturesOptions;
  /** By everything that they depend on; the one asked for last is the last. */
  readonly #kept = new Map<string, Promise<Buffer>>();

  constructor(options: RedactedPicturesOptions) {
    this.#options = options;
  }

  /**
   * A camera's picture, a JPEG, in which what is to be covered is. The buffer is shared: do not change it.
   *
   * @param known where that is known to be, as shares of the picture
   * @throws {AppError} as {@link EngineClient.redact}
   */
  async redact(id: string, jpeg: Buffer, known: readonly Box[]): Promise<Buffer> {
    const { model, wish } = this.#wishOf(id, known);
    const key = createHash('sha256')
      .update(JSON.stringify([model, wish]))
      .update(jpeg)
      .digest('base64');
    const redacted = this.#kept.get(key) ?? this.#options.engine.redact(model, jpeg, wish);
    this.#kept.delete(key);
    this.#kept.set(key, redacted);
    // A failure is not kept: the next who asks may have more luck.
    redacted.catch(() => this.#kept.delete(key));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT_MAX) break;
      this.#kept.delete(oldest);
    }
    return redacted;
  }

  /**
   * The same for a picture that nobody will ask for again, such as one of a clip: it is not kept, and nothing that is kept goes for it.
   *
   * @throws {AppError} as {@link EngineClient.redact}
   */
  async redactOnce(id: string, jpeg: Buffer, known: readonly Box[]): Promise<Buffer> {
    const { model, wish } = this.#wishOf(id, known);
    return this.#options.engine.redact(model, jpeg, wish);
  }

  /** What is to be covered in a camera's pictures, by its configuration now. */
  #wishOf(id: string, known: readonly Box[]) {
    const camera = this.#options.config().cameras.find((each) => each.id === id);
    if (camera?.redact === undefined)
      throw new AppError('engine/cannot-redact', 'unavailable', `camera ${id}: it is not said what to cover`);
    const { labels, fill, shape } = camera.redact;
    return { model: camera.analyse.model, wish: { labels, fill, shape, known } };
  }
}
