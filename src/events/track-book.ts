import type { FrameObject, TrackMessage, TrackStartedOrEndedMessage } from './messages.js';
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
export type TrackReport =
  | { readonly change: 'started' | 'ended'; readonly object: FrameObject }
  /** `object` is the same thing as the open track numbered `into`. */
  | { readonly change: 'merged'; readonly object: FrameObject; readonly into: number }
  /** What was called `was` is `object.label`. */
  | { readonly change: 'renamed'; readonly object: FrameObject; readonly was: string };

/** An announced track that was in a zone that was not told of it yet. */
export interface ZonesOfTrack {
  readonly id: string;
  /** All that it was in so far. */
  readonly zones: readonly string[];
}

interface OpenTrack {
  object: FrameObject;
  context: FrameContext;
  readonly zones: Set<string>;
  /** So many of them have been told. */
  toldZones: number;
}

/**
 * One camera's announced tracks: turns the tracker's reports into durable messages, and ends by itself what
 * the tracker can no longer end (its stream broke off, or the engine died), so that every `track.started` has
 * one `track.ended` or `track.merged`.
 */
export class TrackBook {
  readonly #open = new Map<number, OpenTrack>();
  readonly #run: string;

  /** @param run distinguishes the track numbers of this run of this camera from all earlier ones */
  constructor(run: string) {
    this.#run = run;
  }

  /** Number of tracks announced and not ended. */
  get active(): number {
    return this.#open.size;
  }

  /** Whether a track was announced and has not ended. */
  isOpen(track: number): boolean {
    return this.#open.has(track);
  }

  /** The id of a track of this run of the camera, by its number. */
  idOf(track: number, camera: string): string {
    return `${camera}-${this.#run}-${track}`;
  }

  /** The number of a track of this run of the camera, by its id; undefined for any other id. */
  numberOf(id: string, camera: string): number | undefined {
    const prefix = `${camera}-${this.#run}-`;
    const number = id.startsWith(prefix) ? id.slice(prefix.length) : '';
    return /^\d{1,15}$/.test(number) ? Number(number) : undefined;
  }

  /** Takes a frame's reports, in order. @param objects those of the frame, with their zones */
  report(
    reports: readonly TrackReport[],
    context: FrameContext,
    objects: readonly FrameObject[] = [],
  ): TrackMessage[] {
    const messages: TrackMessage[] = [];
    for (const report of reports) messages.push(...this.#messages(report, context, objects));
    return messages;
  }

  /** Keeps the last known place of the open tracks, for {@link endAll}, and their zones; returns tracks that came into others since they were told. */
  follow(objects: readonly FrameObject[], context: FrameContext): ZonesOfTrack[] {
    for (const object of objects) {
      const open = this.#open.get(object.track);
      if (open === undefined) continue;
      open.object = object;
      open.context = context;
      if (object.zones !== undefined) for (const zone of object.zones) open.zones.add(zone);
    }
    // In nearly every frame there are none.
    const news: ZonesOfTrack[] = [];
    for (const open of this.#open.values()) {
      if (open.zones.size === open.toldZones) continue;
      open.toldZones = open.zones.size;
      news.push({ id: this.idOf(open.object.track, open.context.camera), zones: [...open.zones] });
    }
    return news;
  }

  /** Ends every open track where it was last seen. */
  endAll(): TrackMessage[] {
    const messages = [...this.#open.values()].map(({ object, context, zones }) =>
      this.#message('track.ended', object, context, zones),
    );
    this.#open.clear();
    return messages;
  }

  #messages(report: TrackReport, context: FrameContext, objects: readonly FrameObject[]): TrackMessage[] {
    const { change, object } = report;
    const open = this.#open.get(object.track);
    if (change === 'started') {
      const zones = new Set(objects.find(({ track }) => track === object.track)?.zones);
      this.#open.set(object.track, { object, context, zones, toldZones: zones.size });
      return [this.#message('track.started', object, context, zones)];
    }
    if (open === undefined) return [];
    switch (change) {
      case 'ended':
        this.#open.delete(object.track);
        return [this.#message('track.ended', object, context, open.zones)];
      case 'renamed':
        Object.assign(open, { object, context });
        return [{ ...this.#facts(object, context), type: 'track.renamed', was: { label: report.was } }];
      case 'merged': {
        this.#open.delete(object.track);
        const into = this.#open.get(report.into);
        // The older track has been ended here: there is nothing open to merge into.
        if (into === undefined) return [this.#message('track.ended', object, context, open.zones)];
        for (const zone of open.zones) into.zones.add(zone);
        return [
          {
            ...this.#facts(object, context),
            type: 'track.merged',
            into: this.idOf(report.into, context.camera),
          },
        ];
      }
    }
  }

  #message(
    type: TrackStartedOrEndedMessage['type'],
    object: FrameObject,
    context: FrameContext,
    zones: ReadonlySet<string>,
  ): TrackMessage {
    return { ...this.#facts(object, context), type, ...(zones.size > 0 && { zones: [...zones] }) };
  }

  #facts(object: FrameObject, context: FrameContext): Omit<TrackStartedOrEndedMessage, 'type' | 'zones'> {
    return {
      v: PROTOCOL_VERSION,
      camera: context.camera,
      time: new Date(context.capturedAtMs).toISOString(),
      epoch: context.epoch,
      ptsMs: context.ptsMs,
      frame: { width: context.widthPx, height: context.heightPx },
      track: {
        id: this.idOf(object.track, context.camera),
        label: object.label,
        score: object.score,
        box: object.box,
      },
      model: context.model,
    };
  }
}
