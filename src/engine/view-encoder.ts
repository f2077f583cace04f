import { messageOf, type Log } from '../base/index.js';
import { rgbOf } from '../frames/index.js';
import type { ChosenView } from './best-views.js';

/** Views that wait, over all cameras; more are dropped. */
const WAITING_MAX = 64;
/** Longer side of a picture; larger crops are scaled down. */
const SIDE_PX_MAX = 640;
const JPEG_QUALITY = 85;

interface Waiting {
  readonly view: ChosenView;
  readonly onEncoded: (view: ChosenView, jpeg: Buffer) => void;
}

/** Makes JPEGs of views, one at a time, on libvips' threads: nobody's picture waits for it. */
export class ViewEncoder {
  readonly #log: Log;
  readonly #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Encodes a view when its turn comes; false, and nothing happens, where too many wait. */
  encode(view: ChosenView, onEncoded: Waiting['onEncoded']): boolean {
    if (this.#waiting.length >= WAITING_MAX) return false;
    this.#waiting.push({ view, onEncoded });
    this.#running ??= this.#run();
    return true;
  }

  /** Waits for the views that were taken. */
  async close(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // Loaded when it is first needed: an engine has to be back soon after a crash.
    const { default: sharp } = await import('sharp');
    sharp.concurrency(1);
    sharp.cache(false);
    for (;;) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      const { crop } = next.view;
      const raw = { width: crop.size.widthPx, height: crop.size.heightPx, channels: 3 as const };
      try {
        const jpeg = await sharp(rgbOf(crop), { raw })
          .resize({ width: SIDE_PX_MAX, height: SIDE_PX_MAX, fit: 'inside', withoutEnlargement: true })
          .jpeg({ quality: JPEG_QUALITY })
          .toBuffer();
        next.onEncoded(next.view, jpeg);
      } catch (error) {
        this.#log.warn({ cause: messageOf(error) }, 'a view of a track could not be encoded');
      }
    }
    this.#running = undefined;
  }
}
