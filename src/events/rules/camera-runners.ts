import type { LightRegime } from '../../frames/index.js';
import type { EventEnding } from '../messages.js';
import type { EventBook, Moment, OpenEvent } from './event-book.js';
import type { RuleOf, RuleRunner, RunnerOptions } from './rule-runner.js';
import type { Scene } from './scene.js';
import { Sustained } from './sustained.js';

/** An event for as long as the light is of one kind. */
export class LightRunner implements RuleRunner {
  readonly #rule: RuleOf<'light'>;
  readonly #book: EventBook;
  #lasting: Sustained;
  #open: { readonly event: OpenEvent; readonly sinceMs: number } | undefined;

  constructor({ rule, book }: RunnerOptions<RuleOf<'light'>>) {
    this.#rule = rule;
    this.#book = book;
    this.#lasting = this.#sustained();
  }

  step(scene: Scene, now: Moment): void {
    // Lightning makes no day.
    if (scene.frame?.light.regime === 'flash') return;
    const isSo = scene.frame?.light.regime === this.#rule.regime;
    const sinceMs = this.#lasting.take(isSo, scene.nowMs);
    if (this.#open !== undefined && (sinceMs === undefined || !this.#book.isOn(now))) {
      const seconds = Math.round((scene.nowMs - this.#open.sinceMs) / 100) / 10;
      const ending = sinceMs === undefined ? 'over' : 'schedule';
      this.#book.end(this.#open.event, now, ending, { value: { seconds } });
      this.#open = undefined;
    }
    if (this.#open !== undefined || sinceMs === undefined) return;
    const event = this.#book.begin(now, { sinceMs: scene.wallOf(sinceMs), tracks: [] });
    if (event !== undefined) this.#open = { event, sinceMs };
  }

  stop(now: Moment, ending: EventEnding): void {
    this.#book.endAll(now, ending);
    this.#open = undefined;
    this.#lasting = this.#sustained();
  }

  /** It must be otherwise for as long as it had to be so: dusk goes to and fro. */
  #sustained(): Sustained {
    return new Sustained(this.#rule.seconds * 1000, this.#rule.seconds * 1000);
  }
}

/** An event for each flash, told when the light is again what it was: if it is not, somebody has switched it on. */
export class FlashRunner implements RuleRunner {
  readonly #book: EventBook;
  #before: LightRegime | undefined;
  #sinceMs: number | undefined;

  constructor({ book }: RunnerOptions<RuleOf<'light'>>) {
    this.#book = book;
  }

  step(scene: Scene, now: Moment): void {
    const regime = scene.frame?.light.regime;
    if (regime === 'flash') {
      this.#sinceMs ??= scene.nowMs;
      return;
    }
    const sinceMs = this.#sinceMs;
    if (sinceMs !== undefined && regime === this.#before) {
      const value = { seconds: Math.round((scene.nowMs - sinceMs) / 100) / 10 };
      this.#book.happened(now, { sinceMs: scene.wallOf(sinceMs), tracks: [], value }, now.wallMs);
    }
    [this.#before, this.#sinceMs] = [regime, undefined];
  }

  stop(now: Moment, ending: EventEnding): void {
    this.#book.endAll(now, ending);
    [this.#before, this.#sinceMs] = [undefined, undefined];
  }
}

/** An event for as long as a camera sends no pictures. */
export class OfflineRunner implements RuleRunner {
  readonly #rule: RuleOf<'offline'>;
  readonly #book: EventBook;
  #sinceMs: number | undefined;
  #open: OpenEvent | undefined;

  constructor({ rule, book }: RunnerOptions<RuleOf<'offline'>>) {
    this.#rule = rule;
    this.#book = book;
  }

  step(): void {
    // What pictures show says nothing of when there are none.
  }

  cameraState(isLive: boolean, now: Moment): void {
    if (isLive) {
      if (this.#open !== undefined && this.#sinceMs !== undefined) {
        const seconds = Math.round((now.wallMs - this.#sinceMs) / 100) / 10;
        this.#book.end(this.#open, now, 'over', { value: { seconds } });
      }
      [this.#sinceMs, this.#open] = [undefined, undefined];
      return;
    }
    this.#sinceMs ??= now.wallMs;
    if (this.#open !== undefined || now.wallMs - this.#sinceMs < this.#rule.seconds * 1000) return;
    this.#open = this.#book.begin(now, { sinceMs: this.#sinceMs, tracks: [] });
  }

  stop(now: Moment, ending: EventEnding): void {
    // That the stream broke off is what this rule is about.
    if (ending === 'stream') return;
    this.#book.endAll(now, ending);
    this.#open = undefined;
  }
}
