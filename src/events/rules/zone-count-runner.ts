import type { EventEnding } from '../messages.js';
import type { EventBook, Moment, OpenEvent } from './event-book.js';
import { wants, type RuleOf, type RuleRunner, type RunnerOptions } from './rule-runner.js';
import type { Scene } from './scene.js';
import type { SceneTrack } from './scene-track.js';
import { Sustained } from './sustained.js';

/** A count is told anew after so long at the earliest: a crowd flickers. */
const UPDATE_MS = 1000;
/** Fewer objects for so long, and the crowd is over. */
const DISPERSED_MS = 2000;

/** One event for all objects in a zone: while there are any (`occupancy`), or too many (`crowding`). */
export class ZoneCountRunner implements RuleRunner {
  readonly #rule: RuleOf<'occupancy' | 'crowding'>;
  readonly #book: EventBook;
  #enough: Sustained;
  #open: { readonly event: OpenEvent; count: number; peak: number; toldMs: number } | undefined;

  constructor({ rule, book }: RunnerOptions<RuleOf<'occupancy' | 'crowding'>>) {
    this.#rule = rule;
    this.#book = book;
    this.#enough = this.#sustained();
  }

  step(scene: Scene, now: Moment): void {
    const inside = [...scene.tracks.values()].filter(
      (track) => track.visits.get(this.#rule.zone)?.isInside === true && wants(this.#rule, track),
    );
    const count = inside.length;
    const least = this.#rule.type === 'crowding' ? this.#rule.countMin : 1;
    const sinceMs = this.#enough.take(count >= least, scene.nowMs);
    if (this.#open === undefined && sinceMs !== undefined) this.#begin(inside, sinceMs, scene, now);
    else if (this.#open !== undefined && sinceMs === undefined) this.#end(count, now, 'over');
    else if (this.#open !== undefined && !this.#book.isOn(now)) this.#end(count, now, 'schedule');
    else this.#follow(inside, scene, now);
  }

  stop(now: Moment, ending: EventEnding): void {
    this.#book.endAll(now, ending);
    this.#open = undefined;
    this.#enough = this.#sustained();
  }

  #sustained(): Sustained {
    return this.#rule.type === 'crowding'
      ? new Sustained(this.#rule.seconds * 1000, DISPERSED_MS)
      : new Sustained(0, 0);
  }

  #begin(inside: readonly SceneTrack[], sinceMs: number, scene: Scene, now: Moment): void {
    const count = inside.length;
    const event = this.#book.begin(now, {
      sinceMs: scene.wallOf(sinceMs),
      tracks: inside.map(({ told }) => told),
      value: { count, peak: count },
    });
    if (event !== undefined) this.#open = { event, count, peak: count, toldMs: scene.nowMs };
  }

  #follow(inside: readonly SceneTrack[], scene: Scene, now: Moment): void {
    const open = this.#open;
    if (open === undefined) return;
    const count = inside.length;
    open.peak = Math.max(open.peak, count);
    if (count === open.count || scene.nowMs - open.toldMs < UPDATE_MS) return;
    [open.count, open.toldMs] = [count, scene.nowMs];
    this.#book.update(open.event, now, {
      tracks: inside.map(({ told }) => told),
      value: { count, peak: open.peak },
    });
  }

  #end(count: number, now: Moment, ending: EventEnding): void {
    if (this.#open === undefined) return;
    this.#book.end(this.#open.event, now, ending, { value: { count, peak: this.#open.peak } });
    this.#open = undefined;
  }
}
