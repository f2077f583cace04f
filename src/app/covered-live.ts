import type { Clock, Log } from '../base/index.js';
import type { CameraConfig } from '../config/index.js';
import type { EngineClient, Observation } from '../engine/index.js';
import { scaleBox, SHARES_OF_PICTURE, type Box } from '../geometry/index.js';
import { CoveredFeed, type LiveFeed } from '../live/index.js';
import type { Ffmpeg } from '../media/index.js';
import type { Metrics } from '../metrics/index.js';

/** Where objects were in frames so long before and after a picture is covered in it. */
const AROUND_MS = 300;
const KEPT_MS = 3000;
const TICKS_PER_MS = 90;

/** What covered live pictures of one camera are made of. */
export interface CoveredLiveOptions {
  readonly config: CameraConfig & { readonly redact: NonNullable<CameraConfig['redact']> };
  readonly plain: LiveFeed;
  readonly engine: Pick<EngineClient, 'redact'>;
  readonly ffmpeg: () => Promise<Ffmpeg>;
  readonly metrics: Pick<Metrics, 'framesDropped'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What was seen in a frame of what is to be covered. */
interface Seen {
  readonly ptsMs: number;
  /** Shares of the picture. */
  readonly boxes: readonly Box[];
}

/** A camera's live pictures for those who see people covered: where the detector finds them in a picture, and where they were tracked around it. */
export class CoveredLive {
  readonly feed: CoveredFeed;
  readonly #labels: readonly string[];
  #seen: Seen[] = [];

  constructor(options: CoveredLiveOptions) {
    const { config, engine, metrics, ...parts } = options;
    const { id: camera, analyse } = config;
    const { labels, fill, shape } = config.redact;
    this.#labels = labels;
    this.feed = new CoveredFeed({
      ...{ camera, ...parts },
      cover: (jpeg, ptsTicks) => {
        const known = this.#knownAround(ptsTicks / TICKS_PER_MS);
        return engine.redact(analyse.model, jpeg, { labels, fill, shape, known });
      },
      onLeftOut: (why) => metrics.framesDropped.inc({ camera, stage: 'live', reason: `cover-${why}` }),
      onDropped: () => metrics.framesDropped.inc({ camera, stage: 'live', reason: 'slow-viewer' }),
    });
  }

  /** The plain stream begins anew: its times have nothing to do with the last one's. */
  startStream(): void {
    this.#seen = [];
    this.feed.startStream();
  }

  /** Takes what the engine saw in one frame of the stream. */
  see({ ptsMs, objects, widthPx, heightPx }: Observation): void {
    if (this.feed.viewers === 0) return;
    const found = objects.filter(({ label }) => this.#labels.includes(label));
    const boxes = found.map(({ box }) => scaleBox(box, { widthPx, heightPx }, SHARES_OF_PICTURE));
    this.#seen = this.#seen.filter((earlier) => ptsMs - earlier.ptsMs < KEPT_MS);
    this.#seen.push({ ptsMs, boxes });
  }

  #knownAround(ptsMs: number): Box[] {
    return this.#seen
      .filter((seen) => Math.abs(seen.ptsMs - ptsMs) <= AROUND_MS)
      .flatMap(({ boxes }) => boxes);
  }
}
