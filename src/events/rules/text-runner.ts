import { nearestText } from '../../reading/index.js';
import type { EventEnding, EventValue } from '../messages.js';
import type { EventBook, Moment } from './event-book.js';
import { wants, type RuleOf, type RuleRunner, type RunnerOptions } from './rule-runner.js';
import type { Scene } from './scene.js';
import type { SceneTrack } from './scene-track.js';

/** An event for each text that is read and is on a list, or is on none: over when it is told, and another where the reading is corrected. */
export class TextRunner implements RuleRunner {
  readonly #rule: RuleOf<'text'>;
  readonly #book: EventBook;
  /** The text of each track that was told, by number. */
  readonly #told = new Map<number, string>();
  /** What there is to tell of each track's text, by number: lists are long, and it is asked for with each picture. */
  readonly #judged = new Map<number, { readonly text: string; readonly value: EventValue | undefined }>();

  constructor({ rule, book }: RunnerOptions<RuleOf<'text'>>) {
    this.#rule = rule;
    this.#book = book;
  }

  step(scene: Scene, now: Moment): void {
    for (const { from, into } of scene.mergers) {
      const told = this.#told.get(from.number);
      if (told !== undefined) this.#told.set(into.number, told);
      this.#told.delete(from.number);
      this.#judged.delete(from.number);
    }
    for (const track of scene.tracks.values()) this.#judge(track, now);
    for (const track of scene.ended) {
      // What is written on a track may become known with its end.
      this.#judge(track, now);
      this.#told.delete(track.number);
      this.#judged.delete(track.number);
    }
  }

  stop(now: Moment, ending: EventEnding): void {
    this.#book.endAll(now, ending);
    this.#told.clear();
    this.#judged.clear();
  }

  #judge(track: SceneTrack, now: Moment): void {
    const { text } = track.object;
    const { zone, confidenceMin } = this.#rule;
    if (text === undefined || this.#told.get(track.number) === text.value) return;
    if (text.confidence < confidenceMin || !wants(this.#rule, track)) return;
    if (zone !== undefined && !hasBeenIn(zone, track)) return;
    const value = this.#judgement(track.number, text.value);
    if (value === undefined) return;
    const { label } = track.object;
    const event = this.#book.begin(now, { sinceMs: now.wallMs, tracks: [track.told], label, value });
    // Where schedule or cool-down are against it, it is looked at again.
    if (event === undefined) return;
    this.#told.set(track.number, text.value);
    this.#book.end(event, now, 'over');
  }

  #judgement(track: number, text: string): EventValue | undefined {
    let judged = this.#judged.get(track);
    if (judged?.text !== text) this.#judged.set(track, (judged = { text, value: this.#value(text) }));
    return judged.value;
  }

  /** What there is to tell of a text; undefined where there is nothing. */
  #value(text: string): EventValue | undefined {
    const { list, is, distance } = this.#rule;
    const found = nearestText(text, list, distance);
    if (is === 'off-list') return found === undefined ? { text } : undefined;
    return found && { text, entry: found.text, distance: found.distance };
  }
}

/** It is read now and then on its way: not just while it is in the zone. */
function hasBeenIn(zone: string, { visits }: SceneTrack): boolean {
  const visit = visits.get(zone);
  return visit !== undefined && (visit.isInside || visit.leftMs > 0);
}
