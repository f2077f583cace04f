import { AppError, messageOf, type Clock, type Log } from '../base/index.js';
import type { ReadConfig } from '../config/index.js';
import type { FrameObject } from '../events/index.js';
import { cutOut, rgbOf, type CutOut } from '../frames/index.js';
import { scaleBox, widenBox, type Box, type Size } from '../geometry/index.js';
import type { ReadOptions, ReadResult } from '../inference/index.js';
import { fitsPatterns, lineOf, platePatterns, type PlatePatterns } from '../reading/index.js';
import { sharpShare, viewQuality, type SeenPicture } from './best-views.js';
import type { TrackChange, TrackReading } from './messages.js';
import { cornersIn, oneText } from './read-view.js';
import { NO_TEXTS, type TextCounts, type TextSkip } from './text-counts.js';
import { rounded, TrackText, type TextAnswer } from './text-answer.js';
import type { TextReading } from './text-reading.js';

/** A view must be so good, measured by the best one that was read, to be read too: another look, not a worse one. */
const ANOTHER = 0.8;
/** Once enough is known, or nothing can be read, only a view that is better by so much is read. */
const BETTER = 1.3;
/** Views of one track that are read, unless a better one comes; and those in a row in which nothing is found. */
const VIEWS_MAX = 12;
const EMPTY_MAX = 3;
/** What is known after so long is told, settled or not: who waits at a gate cannot wait for more. */
const TELL_AFTER_MS = 2000;
/** Of one core's time, what reading may take for one camera, and how much of it is saved up, ms: who comes by is there for seconds. */
const BUDGET_SHARE = 0.25;
const BUDGET_MS_MAX = 3000;
/** Of a box's sides, what is read around it on each. */
const MARGIN = 0.03;
/** In which size text is looked for in a crop: its own, within these, longer side. */
const LOOK_MIN_PX = 320;
const LOOK_MAX_PX = 480;
/** Single views may be less sure than what is told: the vote decides. */
const VIEW_CONFIDENCE_MIN = 0.3;
/** Tracks whose texts are kept. */
const TRACKS_MAX = 256;

/** What reading of one stream's tracks is made with. */
export interface TrackTextsOptions {
  readonly read: ReadConfig;
  readonly reading: Pick<TextReading, 'thread'>;
  /** Size of the analysed pictures, of the finer ones if there are any, and of the source that boxes are in. */
  readonly frame: Size;
  readonly fine?: Size | undefined;
  readonly source: Size;
  /** Takes what is written on a track: once for each, and again where it turns out otherwise. */
  readonly onText: (reading: TrackReading) => void;
  /** Whether a view is read whatever it takes, as of a file: {@link TrackTexts.look} then says when it was. */
  readonly waits?: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

interface Kept {
  readonly text: TrackText;
  bestWorth: number;
  readonly firstMs: number;
  readMs: number;
  reads: number;
  emptyInRow: number;
  object: FrameObject;
}

interface Due {
  readonly object: FrameObject;
  readonly worth: number;
}

/**
 * Reads what is written on a stream's confirmed tracks: one view at a time, of those that show a track best, while the detector has all
 * that it wants; and tells what the views of a track say together.
 */
export class TrackTexts {
  readonly #options: TrackTextsOptions;
  readonly #labels: ReadonlySet<string>;
  readonly #patterns: PlatePatterns | undefined;
  readonly #tracks = new Map<number, Kept>();
  #budgetMs = BUDGET_MS_MAX;
  #budgetAtMs: number;
  #seen: { readonly ptsMs: number; readonly capturedAtMs: number } = { ptsMs: 0, capturedAtMs: 0 };
  #counts: TextCounts = NO_TEXTS;

  /** @throws {AppError} `reading/bad-pattern` */
  constructor(options: TrackTextsOptions) {
    this.#options = options;
    const { read, clock } = options;
    this.#labels = new Set(read.labels);
    if (read.mode === 'plate') this.#patterns = platePatterns(read.patterns);
    this.#budgetAtMs = clock.monotonicMs();
  }

  /**
   * Takes a picture in the stream's order: tells what is known by then, and begins to read the view that is due first, if there is time.
   *
   * @param isWaited whether another picture waits for a detector
   * @returns when that has been read; never rejects
   */
  look(seen: SeenPicture, isWaited: boolean): Promise<void> | undefined {
    const { ptsMs, capturedAtMs } = seen;
    this.#seen = { ptsMs, capturedAtMs };
    for (const change of seen.changes) this.#change(change);
    for (const object of seen.objects) {
      const kept = this.#tracks.get(object.track);
      if (kept === undefined) continue;
      if (object.state === 'tracked') kept.object = object;
      const { text, firstMs } = kept;
      if (text.isSettled || (text.told === undefined && ptsMs - firstMs >= TELL_AFTER_MS)) this.#tell(kept);
    }
    if (!seen.isDetected) return undefined;
    const due = this.#due(seen);
    const first = due[0];
    if (first === undefined) return undefined;
    const skip = this.#options.waits === true ? undefined : this.#skipFor(isWaited);
    if (skip === undefined) return this.#begin(first, seen);
    this.#count({ skipped: { ...this.#counts.skipped, [skip]: this.#counts.skipped[skip] + due.length } });
    return undefined;
  }

  /** Objects with what was told of their texts. */
  marked<Object extends FrameObject>(objects: readonly Object[]): readonly Object[] {
    if (this.#tracks.size === 0) return objects;
    return objects.map((object) => {
      const told = this.#tracks.get(object.track)?.text.told;
      return told === undefined ? object : { ...object, text: told };
    });
  }

  /** Changes with what was told of the texts of their tracks; those that are over are then forgotten. */
  markedChanges(changes: readonly TrackChange[]): readonly TrackChange[] {
    return changes.map((change) => {
      const [object] = this.marked([change.object]);
      if (change.change === 'ended') this.#tracks.delete(change.object.track);
      return { ...change, object: object! };
    });
  }

  /** Counts since the last call. */
  takeCounts(): TextCounts {
    const counts = this.#counts;
    this.#counts = NO_TEXTS;
    return counts;
  }

  /** The stream is over: tells what was not told. */
  close(): void {
    for (const kept of this.#tracks.values()) this.#tell(kept);
    this.#tracks.clear();
  }

  #change(change: TrackChange): void {
    const { track } = change.object;
    const kept = this.#tracks.get(track);
    if (kept === undefined) return;
    if (change.change === 'ended') this.#tell(kept);
    else if (change.change === 'renamed') kept.object = change.object;
    else if (change.change === 'merged') {
      this.#tracks.delete(track);
      const into = this.#tracks.get(change.into);
      // What is known best of the two; the other's votes are of other views, but not many.
      if (into !== undefined && into.text.views >= kept.text.views) return;
      kept.text.become(into?.text.told);
      kept.object = { ...(into?.object ?? kept.object), track: change.into };
      this.#tracks.set(change.into, kept);
    }
  }

  /** Views to read, of the least known tracks first. */
  #due({ picture, ptsMs, objects }: SeenPicture): readonly Due[] {
    const { frame, fine = frame, source, read } = this.#options;
    const shown = objects.filter(({ state }) => state === 'tracked');
    const due: (Due & { readonly views: number })[] = [];
    for (const object of shown) {
      const { box, label, track } = object;
      if (!this.#labels.has(label) || heightIn(box, source, fine) < read.heightMinPx) continue;
      const kept = this.#tracks.get(track);
      if (kept !== undefined && ptsMs - kept.readMs < read.everyMs) continue;
      const worth =
        viewQuality(object, shown, source, Infinity) *
        sharpShare(picture, frame, scaleBox(box, source, frame));
      if (worth > 0 && worth >= neededOf(kept)) due.push({ object, worth, views: kept?.text.views ?? 0 });
    }
    return due.sort((a, b) => a.views - b.views || b.worth - a.worth);
  }

  #skipFor(isWaited: boolean): TextSkip | undefined {
    const { thread } = this.#options.reading;
    if (thread === undefined) return 'loading';
    if (isWaited) return 'detection';
    if (!thread.isIdle) return 'busy';
    return this.#canSpend() ? undefined : 'budget';
  }

  async #begin({ object, worth }: Due, { picture, fine: finer, ptsMs }: SeenPicture): Promise<void> {
    const { frame, fine = frame, source, reading } = this.#options;
    const crop = cutOut(finer ?? picture, fine, widenBox(scaleBox(object.box, source, fine), MARGIN));
    if (crop === undefined) return;
    const kept = this.#tracks.get(object.track) ?? this.#keep(object, ptsMs);
    kept.bestWorth = Math.max(kept.bestWorth, worth);
    kept.readMs = ptsMs;
    kept.reads++;
    const job = { picture: { rgb: rgbOf(crop), size: crop.size }, options: this.#readOptions(crop) };
    try {
      this.#take(kept, await reading.thread!.read(job), crop, object.box, ptsMs);
    } catch (error) {
      this.#count({ failed: this.#counts.failed + 1 });
      const isOver = error instanceof AppError && error.code === 'inference/closed';
      if (!isOver) this.#options.log.warn({ cause: messageOf(error) }, 'a track could not be read');
    }
  }

  #readOptions({ size: { widthPx, heightPx } }: CutOut): ReadOptions {
    const { mode, patterns } = this.#options.read;
    const longSidePx = Math.min(LOOK_MAX_PX, Math.max(LOOK_MIN_PX, widthPx, heightPx));
    return { longSidePx, confidenceMin: VIEW_CONFIDENCE_MIN, ...(mode === 'plate' && { plates: patterns }) };
  }

  #take(kept: Kept, result: ReadResult, crop: CutOut, box: Box, ptsMs: number): void {
    const { frame, fine = frame, source } = this.#options;
    const spentMs = result.detectMs + result.recogniseMs;
    this.#budgetMs -= spentMs;
    const isRead = result.texts.length > 0;
    const key = isRead ? 'read' : 'nothing';
    this.#count({ [key]: this.#counts[key] + 1, readMs: [...this.#counts.readMs, spentMs] });
    kept.emptyInRow = isRead ? 0 : kept.emptyInRow + 1;
    if (!isRead) return;
    const found = this.#patterns === undefined ? oneText(result.texts) : result.texts[0]!;
    const line = lineOf(found.characters);
    const polygon = cornersIn(found.polygon, crop, fine, source);
    kept.text.take({ line, ptsMs, box, polygon });
  }

  #tell(kept: Kept): void {
    const was = kept.text.told;
    const answer = kept.text.tell(this.#options.read.confidenceMin);
    if (answer === undefined) return;
    this.#count({ told: this.#counts.told + 1 });
    this.#options.onText({ ...this.#seen, ...this.#reading(kept.object, answer, was?.value) });
  }

  #reading({ track, label, score, box }: FrameObject, { line, views, seen }: TextAnswer, was?: string) {
    const fitsPattern = this.#patterns && fitsPatterns(line.text, this.#patterns);
    return {
      ...{ track, label, score, box },
      model: this.#options.reading.thread?.version ?? '',
      text: {
        value: line.text,
        confidence: rounded(line.confidence),
        characters: line.characters.map(({ value, confidence }) => ({
          value,
          confidence: rounded(confidence),
        })),
        views,
        ...(fitsPattern !== undefined && { fitsPattern }),
        seen: { ptsMs: seen.ptsMs, box: seen.box, polygon: seen.polygon },
      },
      ...(was !== undefined && { was }),
    };
  }

  #keep(object: FrameObject, ptsMs: number): Kept {
    const kept: Kept = {
      ...{ text: new TrackText(), bestWorth: 0, firstMs: ptsMs, readMs: ptsMs },
      ...{ reads: 0, emptyInRow: 0, object },
    };
    this.#tracks.set(object.track, kept);
    // The oldest goes: whoever is there longest has been told.
    if (this.#tracks.size > TRACKS_MAX) this.#tracks.delete(this.#tracks.keys().next().value!);
    return kept;
  }

  #canSpend(): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    this.#budgetMs = Math.min(BUDGET_MS_MAX, this.#budgetMs + BUDGET_SHARE * (nowMs - this.#budgetAtMs));
    this.#budgetAtMs = nowMs;
    return this.#budgetMs > 0;
  }

  #count(change: Partial<TextCounts>): void {
    this.#counts = { ...this.#counts, ...change };
  }
}

/** How good a view must be to be read. */
function neededOf(kept: Kept | undefined): number {
  if (kept === undefined) return 0;
  const { text, reads, emptyInRow, bestWorth } = kept;
  const isEnough = text.isSettled || reads >= VIEWS_MAX || emptyInRow >= EMPTY_MAX;
  return (isEnough ? BETTER : ANOTHER) * bestWorth;
}

function heightIn([, y1, , y2]: Box, source: Size, fine: Size): number {
  return ((y2 - y1) * fine.heightPx) / source.heightPx;
}
