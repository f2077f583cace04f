import type { EventPattern, TemporalRuleConfig } from '../../config/index.js';
import type { DurableMessage, EventMessage } from '../messages.js';
import { EventBook, type EventPost, type Moment } from './event-book.js';

/** Events of one kind that a rule remembers: the oldest give way. */
const REMEMBERED_MAX = 1000;
/** Events told of one event. */
const TOLD_MAX = 50;
/** Cameras are looked at side by side: what happened earlier may be told later, by so much. */
const LATE_MS = 3000;
const OWN_TYPES: ReadonlySet<string> = new Set<TemporalRuleConfig['type']>([
  'sequence',
  'absence',
  'repeated',
]);

/** An event that a rule waits with. */
interface Noted {
  readonly message: EventMessage;
  readonly timeMs: number;
  /** Ids of its tracks, and of those that they turned out to be. */
  readonly tracks: Set<string>;
}

/** One rule about events. */
interface TemporalRunner {
  take(noted: Noted): void;
  /** @param settledMs nothing that happened before will be told any more */
  tick(settledMs: number): void;
  merged(from: string, into: string): void;
}

/**
 * Rules about events, of all cameras: one event after another, one without another, many in a time. Pure: takes the durable messages in
 * the order in which they are told, and the time from outside.
 */
export class TemporalRules {
  readonly #post: EventPost;
  readonly #runners: readonly TemporalRunner[];

  /** @param run tells the ids of this run's events from all others */
  constructor({ rules, run }: { rules: readonly TemporalRuleConfig[]; run: string }) {
    // No camera's id begins so.
    this.#post = { prefix: `_rules-${run}`, nextNumber: 1, messages: [] };
    this.#runners = rules.map((rule) => {
      const book = new EventBook({ rule, made: rule }, this.#post);
      return rule.type === 'repeated' ? new Repeated(rule, book) : new Pairs(rule, book);
    });
  }

  /** Takes a message; returns what it led to. */
  observe(message: DurableMessage): EventMessage[] {
    if (message.type === 'track.merged')
      for (const runner of this.#runners) runner.merged(message.track.id, message.into);
    const isEvent = message.type === 'event.started' || message.type === 'event.ended';
    if (!isEvent || OWN_TYPES.has(message.event.rule.type)) return [];
    const noted = {
      message,
      timeMs: Date.parse(message.time),
      tracks: new Set(message.event.tracks.map(({ id }) => id)),
    };
    for (const runner of this.#runners) runner.take(noted);
    return this.#post.messages.splice(0);
  }

  /** Takes the time, ms since 1970 UTC; returns what did not happen until then. */
  tick(wallMs: number): EventMessage[] {
    for (const runner of this.#runners) runner.tick(wallMs - LATE_MS);
    return this.#post.messages.splice(0);
  }
}

/** One event after another, or without it. */
class Pairs implements TemporalRunner {
  readonly #rule: Extract<TemporalRuleConfig, { type: 'sequence' | 'absence' }>;
  readonly #book: EventBook;
  readonly #second: EventPattern;
  readonly #withinMs: number;
  #firsts: Noted[] = [];
  /** Kept for firsts that are told late. */
  #seconds: Noted[] = [];

  constructor(rule: Extract<TemporalRuleConfig, { type: 'sequence' | 'absence' }>, book: EventBook) {
    this.#rule = rule;
    this.#book = book;
    this.#second = rule.type === 'sequence' ? rule.then : rule.without;
    this.#withinMs = rule.withinSeconds * 1000;
  }

  take(noted: Noted): void {
    const isFirst = isMeant(this.#rule.first, noted.message);
    // First as the second: no event follows itself.
    if (isMeant(this.#second, noted.message)) this.#takeSecond(noted);
    if (isFirst) this.#takeFirst(noted);
  }

  tick(settledMs: number): void {
    this.#seconds = this.#seconds.filter(({ timeMs }) => timeMs >= settledMs);
    const isDue = ({ timeMs }: Noted) => timeMs + this.#withinMs < settledMs;
    const due = this.#firsts.filter(isDue);
    this.#firsts = this.#firsts.filter((first) => !isDue(first));
    if (this.#rule.type !== 'absence') return;
    for (const { message, timeMs } of due) {
      const now = { camera: message.camera, wallMs: timeMs + this.#withinMs };
      this.#book.happened(
        now,
        { ...aboutOne(message), sinceMs: timeMs, events: [message.event.id] },
        now.wallMs,
      );
    }
  }

  merged(from: string, into: string): void {
    for (const { tracks } of [...this.#firsts, ...this.#seconds]) if (tracks.has(from)) tracks.add(into);
  }

  #takeFirst(first: Noted): void {
    const second = this.#seconds.find((one) => this.#isPair(first, one));
    if (second !== undefined) {
      if (this.#rule.type === 'sequence') this.#seconds = this.#seconds.filter((one) => one !== second);
      this.#paired(first, second);
    } else remember(this.#firsts, first);
  }

  #takeSecond(second: Noted): void {
    const firsts = this.#firsts.filter((first) => this.#isPair(first, second));
    // A sequence takes the latest of them; for an absence, none of them is without.
    const used = this.#rule.type === 'sequence' ? firsts.slice(-1) : firsts;
    this.#firsts = this.#firsts.filter((first) => !used.includes(first));
    for (const first of used) this.#paired(first, second);
    if (used.length === 0 || this.#rule.type === 'absence') remember(this.#seconds, second);
  }

  #isPair(first: Noted, second: Noted): boolean {
    const afterMs = second.timeMs - first.timeMs;
    const isInTime = afterMs >= 0 && afterMs <= this.#withinMs && first.message !== second.message;
    return isInTime && (!this.#rule.sameTrack || [...first.tracks].some((track) => second.tracks.has(track)));
  }

  #paired(first: Noted, second: Noted): void {
    if (this.#rule.type !== 'sequence') return;
    const { message } = second;
    const events = [first.message.event.id, message.event.id];
    this.#book.happened(
      momentOf(message, Math.max(first.timeMs, second.timeMs)),
      { ...aboutOne(message), sinceMs: first.timeMs, events },
      second.timeMs,
    );
  }
}

/** The same event again and again. */
class Repeated implements TemporalRunner {
  readonly #rule: Extract<TemporalRuleConfig, { type: 'repeated' }>;
  readonly #book: EventBook;
  #seen: Noted[] = [];

  constructor(rule: Extract<TemporalRuleConfig, { type: 'repeated' }>, book: EventBook) {
    this.#rule = rule;
    this.#book = book;
  }

  take(noted: Noted): void {
    if (!isMeant(this.#rule.event, noted.message)) return;
    remember(this.#seen, noted);
    const latestMs = Math.max(...this.#seen.map(({ timeMs }) => timeMs));
    this.#seen = this.#seen.filter(({ timeMs }) => latestMs - timeMs <= this.#rule.withinSeconds * 1000);
    if (this.#seen.length < this.#rule.times) return;
    const sinceMs = Math.min(...this.#seen.map(({ timeMs }) => timeMs));
    const events = this.#seen.map(({ message }) => message.event.id).slice(-TOLD_MAX);
    const value = { count: this.#seen.length };
    this.#seen = [];
    const now = momentOf(noted.message, latestMs);
    this.#book.happened(now, { ...aboutOne(noted.message), sinceMs, events, value }, latestMs);
  }

  tick(): void {
    // What is too old is dropped when the next comes.
  }

  merged(): void {
    // It counts events, whoever made them.
  }
}

function isMeant(
  { rule, camera, on, label }: EventPattern,
  { type, camera: of, event }: EventMessage,
): boolean {
  return (
    type === `event.${on}` &&
    event.rule.name === rule &&
    (camera === undefined || camera === of) &&
    (label === undefined || label === event.label)
  );
}

function aboutOne({ event }: EventMessage) {
  return { tracks: event.tracks, label: event.label };
}

function momentOf({ camera, epoch, ptsMs, frame, model }: EventMessage, wallMs: number): Moment {
  if (epoch === undefined || ptsMs === undefined || frame === undefined) return { camera, wallMs };
  return {
    camera,
    wallMs,
    frame: { epoch, ptsMs, widthPx: frame.width, heightPx: frame.height, model: model ?? '' },
  };
}

function remember(list: Noted[], noted: Noted): void {
  list.push(noted);
  if (list.length > REMEMBERED_MAX) list.shift();
}
