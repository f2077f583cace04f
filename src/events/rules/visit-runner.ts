import type { EventEnding } from '../messages.js';
import type { EventBook, Moment } from './event-book.js';
import { wants, type RuleOf, type RuleRunner, type RunnerOptions } from './rule-runner.js';
import type { Scene } from './scene.js';

/** Events without duration: an object came into a zone, or left it, and then for how long it was there. */
export class VisitRunner implements RuleRunner {
  readonly #rule: RuleOf<'enter' | 'leave'>;
  readonly #book: EventBook;

  constructor({ rule, book }: RunnerOptions<RuleOf<'enter' | 'leave'>>) {
    this.#rule = rule;
    this.#book = book;
  }

  step(scene: Scene, now: Moment): void {
    const wanted = this.#rule.type === 'enter' ? 'entered' : 'left';
    for (const { zone, track, change, atMs, enteredMs } of scene.visits) {
      if (zone !== this.#rule.zone || change !== wanted || !wants(this.#rule, track)) continue;
      this.#book.happened(now, {
        sinceMs: scene.wallOf(atMs),
        tracks: [track.told],
        label: track.object.label,
        ...(change === 'left' && { value: { seconds: Math.round((atMs - enteredMs) / 100) / 10 } }),
      });
    }
  }

  stop(now: Moment, ending: EventEnding): void {
    this.#book.endAll(now, ending);
  }
}
