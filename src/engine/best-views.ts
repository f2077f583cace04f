import type { FrameObject } from '../events/index.js';
import {
  addVotes,
  colourShares,
  cutOut,
  hasColours,
  mainColour,
  middleOf,
  sharpness,
  type Colour,
  type CutOut,
} from '../frames/index.js';
import {
  boxArea,
  intersection,
  maskStrips,
  scaleBox,
  sharedArea,
  widenBox,
  type Box,
  type Size,
} from '../geometry/index.js';
import { isInFront } from '../tracking/index.js';
import type { TrackChange } from './messages.js';

/** Crops kept for one camera; a view for which there is no room is not taken. */
const BYTES_MAX = 8 << 20;
/** A view must be better by so much to take another's place: a crop is copied a few times in a track's life, not in each picture. */
const GAIN_MIN = 1.1;
/** From the track's start to its first view: long enough for a choice, soon enough for who waits for a picture. */
const FIRST_AFTER_MS = 1000;
/** Of its sides, what is kept around a box on each. */
const MARGIN = 0.1;
/** Nearer to the picture's border than this share of it, a box may be cut. */
const BORDER = 0.005;
/** A box of this share of the picture is large enough. */
const LARGE = 0.1;
/** Of a mask, columns whose colours are looked at. */
const MASK_COLUMNS = 24;
/** Variance of the Laplacian of what is sharp enough. Of parts of the demo, the size of a person: 456 in the median; blurred by two pixels, 22. */
const SHARP = 100;

/** The best view of a track so far, ready to be encoded. */
export interface ChosenView {
  readonly track: number;
  readonly label: string;
  /** How good it is, 0..1. */
  readonly quality: number;
  /** In source pixels. */
  readonly box: Box;
  readonly ptsMs: number;
  readonly capturedAtMs: number;
  readonly crop: CutOut;
  /** Unit vector: the mean of how it looked; absent where no network said so yet. */
  readonly embedding?: Float32Array;
  /** What most of it is in the views that were kept so far; absent where none is clearly so. */
  readonly colour?: Colour;
}

/** A picture in which tracks may be seen well. */
export interface SeenPicture {
  /** I420, in the analysed size; read while the call lasts. */
  readonly picture: Uint8Array;
  /** The same, finer, where the stream has such pictures. */
  readonly fine?: Uint8Array;
  readonly ptsMs: number;
  readonly capturedAtMs: number;
  readonly objects: readonly FrameObject[];
  readonly changes: readonly TrackChange[];
  /** Whether the detector has looked at it. */
  readonly isDetected: boolean;
}

interface Kept {
  readonly startedMs: number;
  view?: Omit<ChosenView, 'embedding' | 'colour'>;
  /** Sum of the embeddings. */
  looks?: Float32Array;
  /** Sum of the colours of the views that were kept, each as much as it is worth. */
  colours?: Float32Array;
  isNews: boolean;
  wasTold: boolean;
}

/** What views of one stream are chosen with. */
export interface BestViewsOptions {
  /** Size of the analysed pictures, and of the source that boxes are in. */
  readonly frame: Size;
  readonly source: Size;
  /** Takes a view: once soon after the track's start, and at its end if there was a better one. */
  readonly onView: (view: ChosenView) => void;
  /** A track's view could not be kept, since crops of others fill the memory. */
  readonly onFull: () => void;
}

/** Chooses, while tracks live, the picture that shows each best: large, sure, whole, not hidden and sharp. */
export class BestViews {
  readonly #options: BestViewsOptions;
  readonly #tracks = new Map<number, Kept>();
  #bytes = 0;

  constructor(options: BestViewsOptions) {
    this.#options = options;
  }

  /** Takes a picture, in the stream's order. */
  look(seen: SeenPicture): void {
    for (const change of seen.changes) {
      const { track } = change.object;
      if (change.change === 'ended') this.#end(track);
      else if (change.change === 'merged') this.#merge(track, change.into);
    }
    if (!seen.isDetected) return;
    const shown = seen.objects.filter(({ state }) => state === 'tracked');
    for (const object of shown) this.#offer(object, shown, seen);
  }

  /** Takes how a track looks: a unit vector. Ignored for one without a view. */
  learn(track: number, embedding: Float32Array): void {
    const kept = this.#tracks.get(track);
    if (kept === undefined) return;
    if (kept.looks?.length !== embedding.length) kept.looks = new Float32Array(embedding.length);
    const { looks } = kept;
    for (let i = 0; i < looks.length; i++) looks[i]! += embedding[i]!;
    kept.isNews = true;
  }

  /** The stream is over: tells what was not told. */
  close(): void {
    for (const track of [...this.#tracks.keys()]) this.#end(track);
  }

  #offer(object: FrameObject, shown: readonly FrameObject[], { picture, ptsMs, capturedAtMs }: SeenPicture) {
    const { frame, source } = this.#options;
    let kept = this.#tracks.get(object.track);
    if (kept === undefined)
      this.#tracks.set(object.track, (kept = { startedMs: ptsMs, isNews: false, wasTold: false }));
    const target = GAIN_MIN * (kept.view?.quality ?? 0);
    const inSource = viewQuality(object, shown, source);
    if (inSource > target) {
      const box = scaleBox(object.box, source, frame);
      const quality = inSource * sharpShare(picture, frame, box);
      const facts = { quality, ptsMs, capturedAtMs };
      if (quality > target && this.#keep(object, kept, cutOut(picture, frame, widenBox(box, MARGIN)), facts))
        this.#lookAtColour(object, kept, picture, quality);
    }
    if (!kept.wasTold && ptsMs - kept.startedMs >= FIRST_AFTER_MS) this.#tell(kept);
  }

  #keep(
    { track, label, box }: FrameObject,
    kept: Kept,
    crop: CutOut | undefined,
    facts: { readonly quality: number; readonly ptsMs: number; readonly capturedAtMs: number },
  ): boolean {
    if (crop === undefined) return false;
    const more = crop.i420.length - (kept.view?.crop.i420.length ?? 0);
    if (this.#bytes + more > BYTES_MAX) {
      this.#options.onFull();
      return false;
    }
    this.#bytes += more;
    kept.view = { ...facts, track, label, box, crop };
    kept.isNews = true;
    return true;
  }

  /** Counts the colours of the middle of its box; of that, what its mask covers, where there is one. */
  #lookAtColour({ box, mask }: FrameObject, kept: Kept, picture: Uint8Array, quality: number): void {
    const { frame, source } = this.#options;
    if (!hasColours(picture, frame)) return;
    const middle = middleOf(box);
    const parts =
      mask === undefined
        ? [middle]
        : maskStrips(mask, MASK_COLUMNS)
            .map(({ x1, y1, x2, y2 }) => intersection(middle, [x1, y1, x2, y2]))
            .filter((part) => part !== undefined);
    const shares = colourShares(
      picture,
      frame,
      parts.map((part) => scaleBox(part, source, frame)),
    );
    kept.colours = addVotes(kept.colours, shares, quality);
  }

  #merge(track: number, into: number): void {
    const from = this.#tracks.get(track);
    const to = this.#tracks.get(into);
    this.#tracks.delete(track);
    this.#bytes -= from?.view?.crop.i420.length ?? 0;
    if (from?.view === undefined || to === undefined) return;
    const { view } = from;
    if (view.quality > GAIN_MIN * (to.view?.quality ?? 0))
      this.#keep({ ...view, track: into, score: 0, state: 'tracked' }, to, view.crop, view);
    if (from.colours !== undefined) to.colours = addVotes(to.colours, from.colours, 1);
    if (from.looks !== undefined) this.learn(into, from.looks);
  }

  #end(track: number): void {
    const kept = this.#tracks.get(track);
    if (kept === undefined) return;
    this.#tracks.delete(track);
    this.#bytes -= kept.view?.crop.i420.length ?? 0;
    if (kept.isNews) this.#tell(kept);
  }

  #tell(kept: Kept): void {
    if (kept.view === undefined) return;
    kept.wasTold = true;
    kept.isNews = false;
    const embedding = kept.looks && unit(kept.looks);
    const colour = kept.colours && mainColour(kept.colours);
    this.#options.onView({
      ...kept.view,
      ...(embedding !== undefined && { embedding }),
      ...(colour !== undefined && { colour }),
    });
  }
}

/** How well an object is seen, sharpness aside, 0..1. @param largeMax above 1, still larger is still better */
export function viewQuality(
  object: FrameObject,
  shown: readonly FrameObject[],
  source: Size,
  largeMax = 1,
): number {
  const { box, score } = object;
  const area = boxArea(box);
  const large = Math.min(largeMax, Math.sqrt(area / (LARGE * source.widthPx * source.heightPx)));
  const [x, y] = [BORDER * source.widthPx, BORDER * source.heightPx];
  const isCut = box[0] <= x || box[1] <= y || box[2] >= source.widthPx - x || box[3] >= source.heightPx - y;
  let hidden = 0;
  for (const { box: other } of shown)
    if (isInFront(other, box)) hidden += sharedArea(box, other) / Math.max(1, area);
  return large * score * (isCut ? 0.5 : 1) * (1 - Math.min(1, hidden)) ** 2;
}

/** What the sharpness of a box makes of how well it is seen, 0.5..1; `picture` and `box` of the analysed size. */
export function sharpShare(picture: Uint8Array, frame: Size, box: Box): number {
  const sharp = sharpness(picture, frame, box);
  return 0.5 + (0.5 * sharp) / (sharp + SHARP);
}

/** Of length 1; undefined where it has none. */
function unit(sum: Float32Array): Float32Array | undefined {
  const length = Math.hypot(...sum);
  return length > 0 && Number.isFinite(length) ? sum.map((value) => value / length) : undefined;
}
