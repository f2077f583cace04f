import { ClipOverlay } from './clip-overlay.js';
import type { ClipFacts } from './clip-source.js';
import { frameAt, timeWithin, wallTimeOf } from './clip-time.js';
import { boxesAt, type TrackedPath } from './path-boxes.js';

/** What is on the screen. */
export interface ShownPicture {
  /** Presentation time within the clip, ms. */
  readonly mediaTimeMs: number;
  /** When it was taken, ms since 1970 UTC. */
  readonly wallMs: number | undefined;
  /** Its number, from 0; undefined where the times of pictures are not known. */
  readonly frame: number | undefined;
}

export interface ClipViewOptions {
  readonly video: HTMLVideoElement;
  /** Lies over the video and shows it with its boxes. */
  readonly canvas: HTMLCanvasElement;
  readonly onPicture: (shown: ShownPicture) => void;
}

/** A clip that plays with the boxes of its tracks over it, and goes from picture to picture. */
export class ClipView {
  readonly #options: ClipViewOptions;
  readonly #overlay: ClipOverlay;
  #facts: ClipFacts | undefined;
  #paths: readonly TrackedPath[] = [];
  #shownMs = 0;
  /** Of a step that is not on the screen yet: the next one begins there. */
  #wanted: number | undefined;

  constructor(options: ClipViewOptions) {
    this.#options = options;
    const { video, canvas } = options;
    this.#overlay = new ClipOverlay({
      video,
      canvas,
      choose: (mediaTimeMs) => {
        const wallMs = this.#wallTimeOf(mediaTimeMs);
        return wallMs === undefined ? undefined : boxesAt(this.#paths, wallMs);
      },
      onPicture: (mediaTimeMs) => {
        this.#shownMs = mediaTimeMs;
        if (!video.seeking) this.#wanted = undefined;
        this.#tell();
      },
    });
  }

  /** Takes what is known of the clip by now. */
  know(facts: ClipFacts | undefined, paths: readonly TrackedPath[]): void {
    this.#facts = facts;
    this.#paths = paths;
    this.#overlay.redraw();
    this.#tell();
  }

  /** Goes so many pictures on, or back. Nothing where their times are not known. */
  step(pictures: number): void {
    const { video } = this.#options;
    const times = this.#facts?.timesMs;
    if (times === undefined || times.length === 0) return;
    video.pause();
    const from = this.#wanted ?? frameAt(times, this.#shownMs);
    this.#wanted = Math.min(times.length - 1, Math.max(0, from + pictures));
    video.currentTime = timeWithin(times, this.#wanted) / 1000;
  }

  /** Plays, from the start where it is over, or stops. */
  toggle(): void {
    const { video } = this.#options;
    if (video.paused) void video.play().catch(() => undefined);
    else video.pause();
  }

  /** Ends for good; idempotent. */
  close(): void {
    this.#overlay.close();
  }

  #wallTimeOf(mediaTimeMs: number): number | undefined {
    return this.#facts && wallTimeOf(this.#facts.ranges, mediaTimeMs);
  }

  #tell(): void {
    const times = this.#facts?.timesMs;
    this.#options.onPicture({
      mediaTimeMs: this.#shownMs,
      wallMs: this.#wallTimeOf(this.#shownMs),
      frame: times && frameAt(times, this.#shownMs),
    });
  }
}
