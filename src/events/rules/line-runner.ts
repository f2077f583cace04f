import type { LineConfig } from '../../config/index.js';
import { crossingOf, type Point } from '../../geometry/index.js';
import type { EventEnding, EventValue, LineCounts } from '../messages.js';
import type { EventBook, Moment, OpenEvent } from './event-book.js';
import { wantsLabel, type RuleOf, type RuleRunner, type RunnerOptions } from './rule-runner.js';
import { placeOf, type Merger, type Scene } from './scene.js';
import type { SceneTrack } from './scene-track.js';

/** Crossings of one track that can still be put right; the earlier ones stay as they are. */
const CROSSINGS_MAX = 100;
/** Two tracks of one object cross in the same direction within so long. */
const DOUBLE_MS = 2000;

interface Crossing {
  readonly direction: 'in' | 'out';
  readonly atMs: number;
  /** Whether its score was high enough when it was made. */
  readonly isSure: boolean;
  /** The label under which it is counted; undefined while it is not. */
  countedAs?: string | undefined;
  event?: OpenEvent | undefined;
}

/** How one track stands to the line. */
interface Walk {
  firstPlace: Point;
  firstMs: number;
  place: Point;
  seenMs: number;
  /** A crossing that is nothing if the track comes back at once. */
  pending: Crossing | undefined;
  /** Those made before the track was confirmed are told once it is. */
  crossings: Crossing[];
}

/**
 * Counts who crosses a line. Each counted crossing is an event, which ends with its track: until then the count is put right when the
 * track turns out to be another (`merged`), or something else (`renamed`), so that it is what it would be had all been known at once.
 */
export class LineRunner implements RuleRunner {
  readonly #rule: RuleOf<'line'>;
  readonly #book: EventBook;
  readonly #line: LineConfig;
  readonly #debounceMs: number;
  readonly #walks = new Map<number, Walk>();
  readonly #counts = { in: new Map<string, number>(), out: new Map<string, number>() };
  #since: string | undefined;

  constructor({ rule, book, line }: RunnerOptions<RuleOf<'line'>> & { line: LineConfig }) {
    this.#rule = rule;
    this.#book = book;
    this.#line = line;
    this.#debounceMs = line.debounceSeconds * 1000;
  }

  step(scene: Scene, now: Moment): void {
    this.#since ??= new Date(now.wallMs).toISOString();
    for (const { track } of scene.renamed) this.#recount(track, scene, now);
    for (const merger of scene.mergers) this.#merge(merger, scene, now);
    for (const track of scene.ended) this.#end(track, scene, now);
    for (const track of scene.tracks.values()) {
      if (track.isSeen) this.#walk(track, scene);
      this.#settle(track, scene, now, this.#debounceMs);
    }
    // Tracks that never were confirmed are gone without a word.
    for (const number of this.#walks.keys()) if (!scene.tracks.has(number)) this.#walks.delete(number);
  }

  stop(now: Moment, ending: EventEnding, scene: Scene): void {
    for (const track of scene.tracks.values()) this.#settle(track, scene, now, 0);
    for (const { crossings } of this.#walks.values())
      for (const crossing of crossings) this.#close(crossing, now, ending);
    this.#walks.clear();
  }

  #walk(track: SceneTrack, scene: Scene): void {
    const place = placeOf(track, this.#line.by, scene.frame!);
    const { nowMs } = scene;
    const walk = this.#walks.get(track.number);
    if (walk === undefined) {
      const begun = { firstPlace: place, firstMs: nowMs, place, seenMs: nowMs };
      this.#walks.set(track.number, { ...begun, pending: undefined, crossings: [] });
      return;
    }
    this.#cross(walk, walk.place, place, nowMs, track.object.score >= this.#rule.scoreMin);
    walk.place = place;
    walk.seenMs = nowMs;
  }

  #cross(walk: Walk, from: Point, to: Point, atMs: number, isSure: boolean): void {
    const crossing = crossingOf(from, to, ...this.#line.points);
    if (crossing === 0) return;
    const direction = crossing > 0 ? 'in' : 'out';
    const { pending } = walk;
    const isBack =
      pending !== undefined && pending.direction !== direction && atMs - pending.atMs < this.#debounceMs;
    if (pending !== undefined && !isBack) walk.crossings.push(pending);
    walk.pending = isBack ? undefined : { direction, atMs, isSure };
  }

  /** Takes for good what has been so for long enough, and tells it. */
  #settle(track: SceneTrack, scene: Scene, now: Moment, debounceMs: number): void {
    const walk = this.#walks.get(track.number);
    if (walk === undefined) return;
    if (walk.pending !== undefined && scene.nowMs - walk.pending.atMs >= debounceMs) {
      walk.crossings.push(walk.pending);
      walk.pending = undefined;
    }
    if (!track.isConfirmed) return;
    for (const crossing of walk.crossings) this.#count(crossing, track, scene, now);
    while (walk.crossings.length > CROSSINGS_MAX) this.#close(walk.crossings.shift()!, now, 'over');
  }

  /** Counts a crossing as what its track is called, and tells that, unless it has been. */
  #count(crossing: Crossing, track: SceneTrack, scene: Scene, now: Moment): void {
    const { direction, isSure } = crossing;
    const { label } = track.object;
    const isWanted = isSure && wantsLabel(this.#rule, label);
    const isMeant = this.#rule.direction === 'both' || this.#rule.direction === direction;
    if (!isWanted || crossing.countedAs === label) return;
    const was = crossing.countedAs;
    if (was === undefined && !this.#book.isOn(now)) return;
    if (was !== undefined) this.#add(direction, was, -1);
    this.#add(direction, label, 1);
    crossing.countedAs = label;
    const value = this.#value(direction, true);
    if (crossing.event !== undefined)
      this.#book.update(crossing.event, now, { label, tracks: [track.told], value });
    else if (isMeant)
      crossing.event = this.#book.begin(now, {
        sinceMs: scene.wallOf(crossing.atMs),
        tracks: [track.told],
        label,
        value,
      });
  }

  /** Takes a crossing back. */
  #discount(crossing: Crossing, now: Moment, ending: EventEnding): void {
    if (crossing.countedAs === undefined) return;
    this.#add(crossing.direction, crossing.countedAs, -1);
    crossing.countedAs = undefined;
    if (crossing.event !== undefined)
      this.#book.update(crossing.event, now, { value: this.#value(crossing.direction, false) });
    this.#close(crossing, now, ending);
  }

  #close(crossing: Crossing, now: Moment, ending: EventEnding): void {
    const { event, direction, countedAs } = crossing;
    if (event !== undefined)
      this.#book.end(event, now, ending, { value: this.#value(direction, countedAs !== undefined) });
    crossing.event = undefined;
  }

  #recount(track: SceneTrack, scene: Scene, now: Moment): void {
    for (const crossing of this.#walks.get(track.number)?.crossings ?? []) {
      if (wantsLabel(this.#rule, track.object.label)) this.#count(crossing, track, scene, now);
      else this.#discount(crossing, now, 'renamed');
    }
  }

  #end(track: SceneTrack, scene: Scene, now: Moment): void {
    // Who is gone right behind the line has crossed it.
    this.#settle(track, scene, now, 0);
    for (const crossing of this.#walks.get(track.number)?.crossings ?? []) this.#close(crossing, now, 'lost');
    this.#walks.delete(track.number);
  }

  /** Makes one walk of two: the younger track was the older all along. */
  #merge({ from, into }: Merger, scene: Scene, now: Moment): void {
    const younger = this.#walks.get(from.number);
    const older = this.#walks.get(into.number);
    this.#walks.delete(from.number);
    if (younger === undefined) return;
    if (older === undefined) this.#walks.set(into.number, younger);
    else {
      if (younger.firstMs <= older.seenMs) this.#dropDoubles(older, younger, now);
      else this.#closeGap(older, younger, now);
      older.crossings.push(...younger.crossings);
      if (younger.seenMs >= older.seenMs) {
        if (older.pending !== undefined && younger.pending !== undefined) older.crossings.push(older.pending);
        older.pending = younger.pending ?? older.pending;
        [older.place, older.seenMs] = [younger.place, younger.seenMs];
      } else if (younger.pending !== undefined) older.crossings.push(younger.pending);
    }
    for (const { event, direction } of younger.crossings)
      if (event !== undefined)
        this.#book.update(event, now, { tracks: [into.told], value: this.#value(direction, true) });
    this.#settle(into, scene, now, this.#debounceMs);
  }

  /** Both were seen at the same time: what both did was done once. */
  #dropDoubles(older: Walk, younger: Walk, now: Moment): void {
    const unmatched = [...older.crossings, ...(older.pending ? [older.pending] : [])];
    const isDouble = (crossing: Crossing) => {
      const at = unmatched.findIndex(
        ({ direction, atMs }) =>
          direction === crossing.direction && Math.abs(atMs - crossing.atMs) <= DOUBLE_MS,
      );
      if (at >= 0) unmatched.splice(at, 1);
      return at >= 0;
    };
    const doubles = younger.crossings.filter(isDouble);
    younger.crossings = younger.crossings.filter((crossing) => !doubles.includes(crossing));
    for (const double of doubles) this.#discount(double, now, 'merged');
    if (younger.pending !== undefined && isDouble(younger.pending)) younger.pending = undefined;
  }

  /** From where the older was lost to where the younger appeared, the object went unseen. */
  #closeGap(older: Walk, younger: Walk, now: Moment): void {
    const before = older.pending;
    this.#cross(older, older.place, younger.firstPlace, younger.firstMs, true);
    if (before !== undefined && older.pending === before) return;
    // What the younger took back at once was no crossing, and neither was the gap's.
    const back = younger.crossings[0] ?? younger.pending;
    const gap = older.pending;
    if (gap === undefined || back === undefined || back.direction === gap.direction) return;
    if (back.atMs - gap.atMs >= this.#debounceMs) return;
    older.pending = undefined;
    if (back === younger.pending) younger.pending = undefined;
    else {
      younger.crossings.shift();
      this.#discount(back, now, 'merged');
    }
  }

  #add(direction: 'in' | 'out', label: string, by: number): void {
    const counts = this.#counts[direction];
    counts.set(label, (counts.get(label) ?? 0) + by);
  }

  #value(direction: 'in' | 'out', isCounted: boolean): EventValue {
    const counts: LineCounts = {
      in: Object.fromEntries(this.#counts.in),
      out: Object.fromEntries(this.#counts.out),
      since: this.#since!,
    };
    return { direction, ...(isCounted ? {} : { isCounted }), counts };
  }
}
