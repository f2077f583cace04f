import {
  boxIou,
  moveBox,
  type Box,
  type Detection,
  type MaskRle,
  type Similarity,
} from '../geometry/index.js';
import { BoxFilter } from './box-filter.js';
import { Gallery } from './gallery.js';
import { LabelVote } from './label-vote.js';
import { ScoreHistory } from './score-history.js';
import type { TrackedBox } from './tracked-box.js';
import type { TrackerTuning } from './tuning.js';

/** Observations that a direction is taken over. */
const DIRECTION_SPAN = 3;
/** An object stands still while its box overlaps by this with where it was… */
const STILL_IOU = 0.6;
/** …for as long. */
const STILL_MS = 10_000;
/** Below this share hidden, a view is good enough for the gallery. */
const HIDDEN_MAX = 0.2;

/** One object under way: where it is, what it is, when it was seen. */
export class Track {
  readonly number: number;
  readonly gallery = new Gallery();
  readonly scores = new ScoreHistory();
  readonly vote: LabelVote;
  filter: BoxFilter;
  /** The filter's box, as of the last advance or correction. */
  box: Box;
  /** The box of the last detection. */
  lastBox: Box;
  hits = 0;
  /** Detections in a row that did not show it. */
  misses = 0;
  readonly firstMs: number;
  /** When a detection, and when a detection or a search, last showed it. */
  seenMs: number;
  shownMs: number;
  /** When a search last did not find it, and how many did not since it was shown. */
  notFoundMs = -Infinity;
  failedSearches = 0;
  /** When a detection last showed it that could have started it. */
  strongMs: number;
  /** Set once it was announced: the label that it was announced with. */
  announced: string | undefined;
  /** As reported when it was last seen. */
  last: TrackedBox | undefined;
  mask: MaskRle | undefined;
  /** Of the search that showed it at `shownMs`, unless a detection did. */
  confidence: number | undefined;
  /** Whether the last picture's report had it: what is lost does not come back as a guess. */
  isReported = false;
  /** Share hidden by others, 0..1. */
  hidden = 0;
  readonly #tuning: TrackerTuning;
  /** Centres of the last observations, oldest first. */
  readonly #centres: { readonly x: number; readonly y: number }[] = [];
  #anchor: Box;
  #anchorMs: number;

  constructor(number: number, detection: Detection, timeMs: number, tuning: TrackerTuning) {
    this.number = number;
    this.vote = new LabelVote(detection.label, detection.score);
    this.filter = new BoxFilter(detection.box, tuning);
    this.box = detection.box;
    this.lastBox = detection.box;
    this.#anchor = detection.box;
    this.#anchorMs = timeMs;
    this.firstMs = timeMs;
    this.seenMs = timeMs;
    this.shownMs = timeMs;
    this.strongMs = timeMs;
    this.#tuning = tuning;
    this.#note(detection, timeMs);
  }

  get label(): string {
    return this.vote.label;
  }

  get isConfirmed(): boolean {
    return this.announced !== undefined;
  }

  /** Whether it has stood still for so long that it is taken for parked. */
  get isStationary(): boolean {
    return this.seenMs - this.#anchorMs >= STILL_MS;
  }

  /** How long it is kept unseen. */
  get rememberedMs(): number {
    const { tentativeMs, rememberedMs, stationaryMs } = this.#tuning;
    if (!this.isConfirmed) return tentativeMs;
    if (this.isStationary) return stationaryMs;
    return rememberedMs;
  }

  /** Moves on in time, and with the camera. */
  advance(seconds: number, isSeen: boolean, cameraMotion: Similarity | undefined): void {
    if (cameraMotion !== undefined) {
      this.filter.move(cameraMotion);
      const { a, b, dx, dy } = cameraMotion;
      for (const [i, { x, y }] of this.#centres.entries())
        this.#centres[i] = { x: a * x - b * y + dx, y: b * x + a * y + dy };
      this.#anchor = moveBox(this.#anchor, cameraMotion);
      this.lastBox = moveBox(this.lastBox, cameraMotion);
    }
    if (!isSeen && this.isStationary) this.filter.rest();
    this.filter.predict(seconds, isSeen);
    this.box = this.filter.box();
  }

  /** Takes a detection as this object's. */
  see(detection: Detection, timeMs: number): void {
    this.filter.correct(detection.box, detection.score);
    this.vote.vote(detection.label, detection.score);
    this.box = this.filter.box();
    this.lastBox = detection.box;
    this.#note(detection, timeMs);
  }

  /** Takes a search's result as this object's. */
  follow(box: Box, confidence: number, timeMs: number): void {
    this.filter.correct(box, confidence);
    this.box = this.filter.box();
    this.shownMs = timeMs;
    this.failedSearches = 0;
    this.confidence = confidence;
  }

  /** Takes over what another track, the same object, has become. */
  become(other: Track): void {
    this.filter = other.filter;
    this.box = other.box;
    this.lastBox = other.lastBox;
    this.hits += other.hits;
    this.misses = other.misses;
    this.seenMs = other.seenMs;
    this.shownMs = other.shownMs;
    this.strongMs = other.strongMs;
    this.notFoundMs = other.notFoundMs;
    this.failedSearches = other.failedSearches;
    this.confidence = other.confidence;
    this.mask = other.mask;
    this.hidden = other.hidden;
    this.scores.add(other.scores.median);
    this.gallery.take(other.gallery);
    this.#centres.splice(0, Infinity, ...other.#centres);
    this.#anchor = other.#anchor;
    this.#anchorMs = other.#anchorMs;
  }

  /** Keeps how it looks, unless something hides it: a gallery must not learn what stands in front. */
  remember(embedding: Float32Array, score: number): void {
    if (this.hidden <= HIDDEN_MAX) this.gallery.add(embedding, score);
  }

  /** Cosine between its direction of late and the way to `box`'s centre; 0 while it hardly moves. */
  directionTo(box: Box): number {
    const from = this.#centres[0]!;
    const to = this.#centres[this.#centres.length - 1]!;
    const x = to.x - from.x;
    const y = to.y - from.y;
    const wayX = (box[0] + box[2]) / 2 - from.x;
    const wayY = (box[1] + box[3]) / 2 - from.y;
    const lengths = (x * x + y * y) * (wayX * wayX + wayY * wayY);
    return x * x + y * y > 1 && lengths > 1 ? (x * wayX + y * wayY) / Math.sqrt(lengths) : 0;
  }

  #note({ box, score, mask }: Detection, timeMs: number): void {
    this.hits++;
    this.seenMs = timeMs;
    this.shownMs = timeMs;
    this.failedSearches = 0;
    this.confidence = undefined;
    this.mask = mask;
    this.scores.add(score);
    this.#centres.push({ x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 });
    if (this.#centres.length > DIRECTION_SPAN + 1) this.#centres.shift();
    if (boxIou(this.#anchor, this.box) < STILL_IOU) {
      this.#anchor = this.box;
      this.#anchorMs = timeMs;
    }
  }
}
