import type { CameraFault, PictureHealth } from '../../frames/index.js';
import type { EventEnding } from '../messages.js';
import type { EventBook, Moment, OpenEvent } from './event-book.js';
import type { RuleOf, RuleRunner, RunnerOptions } from './rule-runner.js';
import type { Scene } from './scene.js';
import { Sustained } from './sustained.js';

/** One fault, and its event while there is one. */
interface Watched {
  readonly fault: CameraFault;
  lasting: Sustained;
  open: { readonly event: OpenEvent; readonly sinceMs: number } | undefined;
}

/** An event for as long as a camera has a fault, of each fault its own. */
export class HealthRunner implements RuleRunner {
  readonly #rule: RuleOf<'health'>;
  readonly #book: EventBook;
  /** Of pictures, in the stream's time; and of the connection, in that of the clock. */
  readonly #ofPictures: readonly Watched[];
  readonly #signal: Watched | undefined;

  constructor({ rule, book }: RunnerOptions<RuleOf<'health'>>) {
    this.#rule = rule;
    this.#book = book;
    const watched = [...new Set(rule.faults)].map((fault) => ({
      ...{ fault, lasting: this.#sustained(), open: undefined },
    }));
    this.#ofPictures = watched.filter(({ fault }) => fault !== 'signal-lost');
    this.#signal = watched.find(({ fault }) => fault === 'signal-lost');
  }

  step(scene: Scene, now: Moment): void {
    const health = scene.frame?.health;
    if (health === undefined) return;
    for (const watched of this.#ofPictures)
      this.#take(watched, has(health, watched.fault), scene.nowMs, now, (ms) => scene.wallOf(ms));
  }

  cameraState(isLive: boolean, now: Moment): void {
    if (this.#signal !== undefined) this.#take(this.#signal, !isLive, now.wallMs, now, (ms) => ms);
  }

  stop(now: Moment, ending: EventEnding): void {
    for (const watched of this.#ofPictures) this.#forget(watched, now, ending);
    // That the stream broke off is what this one is about.
    if (ending !== 'stream' && this.#signal !== undefined) this.#forget(this.#signal, now, ending);
  }

  #take(watched: Watched, isSo: boolean, nowMs: number, now: Moment, wallOf: (ms: number) => number): void {
    const { fault, open } = watched;
    const sinceMs = watched.lasting.take(isSo, nowMs);
    if (open !== undefined && (sinceMs === undefined || !this.#book.isOn(now))) {
      const seconds = Math.round((nowMs - open.sinceMs) / 100) / 10;
      const ending = sinceMs === undefined ? 'over' : 'schedule';
      this.#book.end(open.event, now, ending, { value: { fault, seconds } });
      watched.open = undefined;
    }
    if (watched.open !== undefined || sinceMs === undefined) return;
    const event = this.#book.begin(now, { sinceMs: wallOf(sinceMs), tracks: [], value: { fault } });
    if (event !== undefined) watched.open = { event, sinceMs };
  }

  #forget(watched: Watched, now: Moment, ending: EventEnding): void {
    if (watched.open !== undefined) this.#book.end(watched.open.event, now, ending);
    [watched.open, watched.lasting] = [undefined, this.#sustained()];
  }

  /** What is over, is over at once: the watch has made sure of it. */
  #sustained(): Sustained {
    return new Sustained(this.#rule.seconds * 1000, 0);
  }
}

function has({ faults }: PictureHealth, fault: CameraFault): boolean {
  return (faults as readonly CameraFault[]).includes(fault);
}
