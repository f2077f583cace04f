import { RequestFault, request } from '../request.js';
import { fitContain } from './picture-fit.js';
import type { StillStatus } from './picture-status.js';

export interface StillFeedOptions {
  readonly camera: string;
  readonly canvas: HTMLCanvasElement;
  readonly onStatus: (status: StillStatus) => void;
}

const EVERY_MS = 1000;
/** The server needs up to 5 s for a picture where many ask. */
const STALE_AFTER_MS = 6000;
/** Too many ask now; one picture less is no news. */
const BUSY_STATUS = 503;
/** What the server takes as a width, px. */
const WIDTH_MIN_PX = 16;
const WIDTH_MAX_PX = 4096;

/**
 * A still picture each second, where the browser cannot play the camera's video. It has no boxes: nobody knows to the millisecond when it
 * was taken.
 */
export class StillFeed {
  readonly #options: StillFeedOptions;
  readonly #stop = new AbortController();
  #shownMs = Date.now();
  #status: StillStatus = { kind: 'waiting' };
  #timer: number | undefined;

  constructor(options: StillFeedOptions) {
    this.#options = options;
    void this.#next();
  }

  /** Ends for good, and leaves the canvas empty; idempotent. */
  close(): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    window.clearTimeout(this.#timer);
    const { canvas } = this.#options;
    canvas.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height);
    canvas.style.visibility = 'hidden';
  }

  async #next(): Promise<void> {
    const askedMs = performance.now();
    try {
      await this.#show();
      this.#shownMs = Date.now();
      this.#setStatus({ kind: 'shown' });
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      if (!(error instanceof RequestFault)) console.warn('a still picture:', error);
      const isPassing = !(error instanceof RequestFault) || error.status === BUSY_STATUS;
      if (!isPassing || Date.now() - this.#shownMs > STALE_AFTER_MS)
        this.#setStatus({
          kind: 'stale',
          sinceMs: this.#shownMs,
          reason: error instanceof Error ? error.message : String(error),
        });
    }
    if (this.#stop.signal.aborted) return;
    const restMs = Math.max(0, EVERY_MS - (performance.now() - askedMs));
    this.#timer = window.setTimeout(() => void this.#next(), restMs);
  }

  async #show(): Promise<void> {
    const { camera, canvas } = this.#options;
    const scale = window.devicePixelRatio;
    const wanted = Math.round(canvas.clientWidth * scale);
    const width = Math.min(WIDTH_MAX_PX, Math.max(WIDTH_MIN_PX, wanted));
    const address = `/api/v1/cameras/${encodeURIComponent(camera)}/snapshot.jpg?width=${width}`;
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(STALE_AFTER_MS)]);
    const response = await request(address, { signal });
    const picture = await createImageBitmap(await response.blob());
    // The feed may have been closed while the picture was on its way.
    if (!this.#stop.signal.aborted) draw(canvas, picture);
    picture.close();
  }

  #setStatus(status: StillStatus): void {
    if (status.kind === this.#status.kind) return;
    this.#status = status;
    this.#options.onStatus(status);
  }
}

function draw(canvas: HTMLCanvasElement, picture: ImageBitmap): void {
  const scale = window.devicePixelRatio;
  canvas.width = Math.round(canvas.clientWidth * scale);
  canvas.height = Math.round(canvas.clientHeight * scale);
  const { x, y, width, height } = fitContain(canvas, picture);
  canvas.getContext('2d')?.drawImage(picture, x, y, width, height);
  canvas.style.visibility = '';
}
