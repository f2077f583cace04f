import type { CameraRules } from '../../config/index.js';
import {
  boxCentre,
  boxShareIn,
  footPoint,
  maskFoot,
  homographyOf,
  isInPolygon,
  maskShareIn,
  type Box,
  type Homography,
  type MaskRle,
  type Point,
  type Polygon,
} from '../../geometry/index.js';
import type { PictureHealth } from '../../frames/index.js';
import type { FrameObject, Light } from '../messages.js';
import type { FrameContext, TrackReport } from '../track-book.js';
import type { Moment } from './event-book.js';
import { Motion } from './motion.js';
import { SceneTrack } from './scene-track.js';
import { Visit, type VisitChange } from './visit.js';

/** A track that is neither seen nor ended for so long is forgotten; an unconfirmed one sooner. */
const FORGOTTEN_MS = 180_000;
const TENTATIVE_FORGOTTEN_MS = 5000;
/** A box leaves a zone by shares once less than this part of the share it needs is within. */
const SHARE_KEPT = 0.8;
/** More tracks than any picture has: the oldest are forgotten first. */
const TRACKS_MAX = 2000;

/** What one analysed frame showed. */
export interface RuleFrame extends FrameContext {
  readonly light: Light;
  /** How the camera is; absent where nobody knows, as of frames of before. */
  readonly health?: PictureHealth;
  readonly objects: readonly FrameObject[];
  readonly changes: readonly TrackReport[];
}

/** A visit that began or ended. */
export interface VisitTold extends VisitChange {
  readonly zone: string;
  readonly track: SceneTrack;
}

/** Tracks that were one object. `from` is over. */
export interface Merger {
  readonly from: SceneTrack;
  readonly into: SceneTrack;
}

/**
 * What one camera's frames show, as its rules need it: who is there, in which zones, how each moves. Its time is that of the stream
 * (ms, from an arbitrary beginning), so that durations do not depend on when packets arrived.
 */
export class Scene {
  readonly zones: CameraRules['zones'];
  readonly tracks = new Map<number, SceneTrack>();
  readonly #run: string;
  readonly #toGround: Homography | undefined;
  #frame: RuleFrame | undefined;
  #epochBaseMs = 0;

  /** What happened in this frame. */
  visits: VisitTold[] = [];
  mergers: Merger[] = [];
  ended: SceneTrack[] = [];
  /** Tracks that are called otherwise than before. */
  renamed: { readonly track: SceneTrack; readonly was: string }[] = [];

  /** @param run as in the ids of the tracks */
  constructor({ zones, calibration }: CameraRules, run: string) {
    this.zones = zones;
    this.#run = run;
    this.#toGround = calibration && homographyOf(calibration.picture, calibration.metres);
  }

  /** ms, on the time of the stream. */
  get nowMs(): number {
    return this.#epochBaseMs + (this.#frame?.ptsMs ?? 0);
  }

  get frame(): RuleFrame | undefined {
    return this.#frame;
  }

  /** The last frame, as the moment of what is told. */
  get moment(): Moment | undefined {
    const frame = this.#frame;
    if (frame === undefined) return undefined;
    return { camera: frame.camera, wallMs: frame.capturedAtMs, frame };
  }

  /** A time of the stream, in ms since 1970 UTC. */
  wallOf(ms: number): number {
    return (this.#frame?.capturedAtMs ?? 0) - (this.nowMs - ms);
  }

  /** Takes a frame. A new epoch must begin with {@link clear}. */
  take(frame: RuleFrame): void {
    if (this.#frame === undefined || frame.epoch !== this.#frame.epoch)
      this.#epochBaseMs = frame.capturedAtMs - frame.ptsMs;
    this.#frame = frame;
    [this.visits, this.mergers, this.ended, this.renamed] = [[], [], [], []];
    for (const change of frame.changes) this.#change(change);
    const shown = new Map(frame.objects.map((object) => [object.track, object]));
    for (const object of shown.values()) this.#see(object);
    for (const track of this.tracks.values()) {
      const object = shown.get(track.number);
      if (object === undefined) [track.isSeen, track.isHidden] = [false, false];
      if (!track.isSeen) this.#miss(track);
    }
    this.#forget();
  }

  /** Forgets all tracks: what follows has nothing to do with what was. */
  clear(): void {
    this.tracks.clear();
  }

  /** The zones that a track is in. */
  zonesOf(track: SceneTrack): string[] {
    return [...track.visits].flatMap(([zone, { isInside }]) => (isInside ? [zone] : []));
  }

  #change(change: TrackReport): void {
    const track = this.tracks.get(change.object.track);
    if (change.change === 'started') {
      const started = track ?? this.#add(change.object);
      this.#confirm(started);
      return;
    }
    if (track === undefined) return;
    if (change.change === 'renamed') {
      this.#rename(track, change.object);
      return;
    }
    this.tracks.delete(track.number);
    // What is written on it may become known with its end.
    const { text } = change.object;
    if (text !== undefined) track.object = { ...track.object, text };
    const into = change.change === 'merged' ? this.tracks.get(change.into) : undefined;
    if (into === undefined) this.#end(track);
    else this.#merge(track, into);
  }

  #rename(track: SceneTrack, object: FrameObject): void {
    const was = track.object.label;
    track.object = { ...track.object, label: object.label };
    if (was !== object.label) this.renamed.push({ track, was });
  }

  #merge(from: SceneTrack, into: SceneTrack): void {
    into.motion.become(from.motion);
    for (const [zone, visit] of from.visits) {
      const older = into.visits.get(zone);
      if (older === undefined) into.visits.set(zone, visit);
      else older.become(visit);
    }
    into.seenMs = Math.max(into.seenMs, from.seenMs);
    this.mergers.push({ from, into });
  }

  #end(track: SceneTrack): void {
    for (const [zone, visit] of track.visits) this.#visited(zone, track, visit.over());
    if (track.isConfirmed) this.ended.push(track);
  }

  #add(object: FrameObject): SceneTrack {
    const id = `${this.#frame!.camera}-${this.#run}-${object.track}`;
    const track = new SceneTrack(id, object, new Motion(this.#toGround), this.nowMs);
    this.tracks.set(track.number, track);
    return track;
  }

  #see(object: FrameObject): void {
    const track = this.tracks.get(object.track) ?? this.#add(object);
    if (track.object.label !== object.label && track.isConfirmed) this.#rename(track, object);
    track.object = object;
    if (object.state !== 'tentative') this.#confirm(track);
    track.isHidden = object.state === 'occluded';
    // Where motion alone carries it, its place is a guess: that changes nothing.
    track.isSeen = !track.isHidden && (object.state !== 'predicted' || object.confidence !== undefined);
    if (!track.isSeen) return;
    track.seenMs = this.nowMs;
    track.motion.see(object.box, this.#frame!, this.nowMs);
    for (const [zone, { debounceSeconds }] of Object.entries(this.zones)) {
      let visit = track.visits.get(zone);
      const isWithin = this.#isWithin(object, zone, visit?.isInside === true);
      if (visit === undefined && !isWithin) continue;
      if (visit === undefined) track.visits.set(zone, (visit = new Visit()));
      this.#visited(zone, track, visit.see(isWithin, this.nowMs, debounceSeconds * 1000));
    }
  }

  #miss(track: SceneTrack): void {
    if (track.isHidden) return;
    for (const [zone, visit] of track.visits) this.#visited(zone, track, visit.miss(this.nowMs));
  }

  /** What an unconfirmed track did counts once it is confirmed. */
  #confirm(track: SceneTrack): void {
    if (track.isConfirmed) return;
    track.isConfirmed = true;
    for (const [zone, { isInside, enteredMs }] of track.visits)
      if (isInside)
        this.#visited(zone, track, { change: 'entered', atMs: enteredMs, enteredMs, isLost: false });
  }

  #visited(zone: string, track: SceneTrack, change: VisitChange | undefined): void {
    if (change !== undefined && track.isConfirmed) this.visits.push({ ...change, zone, track });
  }

  #isWithin({ box, mask }: FrameObject, zone: string, wasInside: boolean): boolean {
    const { polygon, by, share } = this.zones[zone]!;
    const { widthPx, heightPx } = this.#frame!;
    if (by === 'foot') {
      return isInPolygon(asShare(footOf({ box, mask }), widthPx, heightPx), polygon);
    }
    const needed = wasInside ? share * SHARE_KEPT : share;
    const inPixels: Polygon = polygon.map(([x, y]) => [x * widthPx, y * heightPx]);
    const within =
      by === 'mask' && mask !== undefined ? maskShareIn(mask, inPixels) : boxShareIn(box, inPixels);
    return within >= needed;
  }

  /** Nothing here grows for ever, whatever the tracker says or leaves unsaid. */
  #forget(): void {
    for (const track of this.tracks.values()) {
      const unseenMs = this.nowMs - track.seenMs;
      const limitMs = track.isConfirmed ? FORGOTTEN_MS : TENTATIVE_FORGOTTEN_MS;
      if (unseenMs <= limitMs && this.tracks.size <= TRACKS_MAX) continue;
      this.tracks.delete(track.number);
      this.#end(track);
    }
  }
}

/** Where an object stands: what of its mask touches the ground, or where none is known the middle of its box's lower side; in pixels. */
function footOf({ box, mask }: { readonly box: Box; readonly mask?: MaskRle | undefined }): Point {
  return (mask && maskFoot(mask)) ?? footPoint(box);
}

/** Where a track is in shares of the picture: its foot, or the middle of its box. */
export function placeOf({ object }: SceneTrack, by: 'foot' | 'centre', frame: FrameContext): Point {
  const point = by === 'foot' ? footOf(object) : boxCentre(object.box);
  return asShare(point, frame.widthPx, frame.heightPx);
}

function asShare([x, y]: Point, widthPx: number, heightPx: number): Point {
  return [x / widthPx, y / heightPx];
}
