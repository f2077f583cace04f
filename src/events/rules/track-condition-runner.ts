import type { EventEnding, EventValue } from '../messages.js';
import type { Condition } from './conditions.js';
import type { EventBook, Moment, OpenEvent } from './event-book.js';
import { wants, wantsLabel, type RuleOf, type RuleRunner } from './rule-runner.js';
import type { Scene } from './scene.js';
import type { SceneTrack } from './scene-track.js';

/** Types of rules whose events are about one track, and last as long as a condition holds. */
type ConditionRule = RuleOf<
  'inside' | 'loiter' | 'wrong-way' | 'stopped' | 'abandoned' | 'speed' | 'classifier'
>;

interface Open {
  readonly event: OpenEvent;
  /** Since when the condition holds, ms of the scene. */
  readonly sinceMs: number;
  readonly track: SceneTrack;
}

/** Events that are each about one track, and last as long as a condition holds for it. */
export class TrackConditionRunner implements RuleRunner {
  readonly #rule: ConditionRule;
  readonly #book: EventBook;
  readonly #condition: Condition;
  readonly #open = new Map<number, Open>();

  constructor({ rule, book, condition }: { rule: ConditionRule; book: EventBook; condition: Condition }) {
    this.#rule = rule;
    this.#book = book;
    this.#condition = condition;
  }

  step(scene: Scene, now: Moment): void {
    for (const { from, into } of scene.mergers) this.#merge(from, into, scene, now);
    for (const { track, was } of scene.renamed) this.#rename(track, was, scene, now);
    for (const track of scene.ended) this.#end(track, scene, now, 'lost');
    const isOn = this.#book.isOn(now);
    for (const track of scene.tracks.values()) this.#judge(track, isOn, scene, now);
  }

  stop(now: Moment, ending: EventEnding): void {
    this.#book.endAll(now, ending);
    this.#open.clear();
  }

  #judge(track: SceneTrack, isOn: boolean, scene: Scene, now: Moment): void {
    const open = this.#open.get(track.number);
    if (open === undefined && !wants(this.#rule, track)) return;
    const sinceMs = this.#condition.holds(track, scene);
    if (sinceMs === 'unknown') return;
    if (open !== undefined && !isOn) this.#end(track, scene, now, 'schedule');
    else if (open !== undefined && sinceMs === undefined)
      this.#end(track, scene, now, track.isSeen ? 'over' : 'lost');
    if (open !== undefined || sinceMs === undefined) return;
    const event = this.#book.begin(now, {
      sinceMs: scene.wallOf(sinceMs),
      tracks: [track.told],
      label: track.object.label,
      value: this.#value(track, sinceMs, scene.nowMs),
    });
    if (event !== undefined) this.#open.set(track.number, { event, sinceMs, track });
  }

  #end(track: SceneTrack, scene: Scene, now: Moment, ending: EventEnding): void {
    const open = this.#open.get(track.number);
    if (open === undefined) return;
    this.#open.delete(track.number);
    const isOwnEnd = ending === 'over' || ending === 'lost';
    const ownMs = this.#condition.endedMs?.(track) ?? (track.isSeen ? scene.nowMs : track.seenMs);
    const endedMs = isOwnEnd ? ownMs : scene.nowMs;
    const change = { tracks: [track.told], value: this.#value(track, open.sinceMs, endedMs) };
    this.#book.end(open.event, now, ending, change, scene.wallOf(endedMs));
  }

  /** What was the younger's is the older's. */
  #merge(from: SceneTrack, into: SceneTrack, scene: Scene, now: Moment): void {
    const open = this.#open.get(from.number);
    if (open === undefined) return;
    if (this.#open.has(into.number)) return this.#end(from, scene, now, 'merged');
    this.#open.delete(from.number);
    this.#open.set(into.number, { ...open, track: into });
    this.#book.update(open.event, now, { tracks: [into.told] });
  }

  #rename(track: SceneTrack, was: string, scene: Scene, now: Moment): void {
    const open = this.#open.get(track.number);
    const { label } = track.object;
    if (open === undefined || was === label) return;
    if (!wantsLabel(this.#rule, label)) this.#end(track, scene, now, 'renamed');
    else this.#book.update(open.event, now, { label, tracks: [track.told] });
  }

  #value(track: SceneTrack, sinceMs: number, untilMs: number): EventValue {
    const seconds = Math.round(Math.max(0, untilMs - sinceMs) / 100) / 10;
    return { seconds, ...this.#condition.measured?.(track) };
  }
}
