import type { FrameObject, TrackMessage } from './messages.js';
import { PROTOCOL_VERSION } from './messages.js';

/** What must be known of the frame in which tracks changed. */
export interface FrameContext {
  readonly camera: string;
  readonly epoch: number;
  readonly ptsMs: number;
  /** ms since 1970 UTC. */
  readonly capturedAtMs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Detector and its version. */
  readonly model: string;
}

/** A change that the tracker reports. */
export interface TrackReport {
  readonly change: 'started' | 'ended';
  readonly object: FrameObject;
}

/**
 * One camera's announced tracks: turns the tracker's reports into durable messages, and ends by itself what
 * the tracker can no longer end (its stream broke off, or the engine died), so that every `track.started` has
 * one `track.ended`.
 */
export class TrackBook {
  readonly #open = new Map<number, { object: FrameObject; context: FrameContext }>();
  readonly #run: string;

  /** @param run distinguishes the track numbers of this run of this camera from all earlier ones */
  constructor(run: string) {
    this.#run = run;
  }

  /** Number of tracks announced and not ended. */
  get active(): number {
    return this.#open.size;
  }

  /** Takes a frame's reports, in order. */
  report(reports: readonly TrackReport[], context: FrameContext): TrackMessage[] {
    const messages: TrackMessage[] = [];
    for (const { change, object } of reports) {
      if (change === 'started') {
        this.#open.set(object.track, { object, context });
        messages.push(this.#message('track.started', object, context));
      } else if (this.#open.delete(object.track)) {
        messages.push(this.#message('track.ended', object, context));
      }
    }
    return messages;
  }

  /** Keeps the last known place of the open tracks, for {@link endAll}. */
  follow(objects: readonly FrameObject[], context: FrameContext): void {
    for (const object of objects)
      if (this.#open.has(object.track)) this.#open.set(object.track, { object, context });
  }

  /** Ends every open track where it was last seen. */
  endAll(): TrackMessage[] {
    const messages = [...this.#open.values()].map(({ object, context }) =>
      this.#message('track.ended', object, context),
    );
    this.#open.clear();
    return messages;
  }

  #message(type: TrackMessage['type'], object: FrameObject, context: FrameContext): TrackMessage {
    return {
      v: PROTOCOL_VERSION,
      type,
      camera: context.camera,
      time: new Date(context.capturedAtMs).toISOString(),
      epoch: context.epoch,
      ptsMs: context.ptsMs,
      frame: { width: context.widthPx, height: context.heightPx },
      track: {
        id: `${context.camera}-${this.#run}-${object.track}`,
        label: object.label,
        score: object.score,
        box: object.box,
      },
      model: context.model,
    };
  }
}
