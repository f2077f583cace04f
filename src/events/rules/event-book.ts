import { createHash } from 'node:crypto';
import type { RuleConfig, TemporalRuleConfig } from '../../config/index.js';
import {
  PROTOCOL_VERSION,
  type EventEnding,
  type EventFacts,
  type EventMessage,
  type EventTrack,
  type EventValue,
} from '../messages.js';
import { Schedule } from './schedule.js';

/** Objects told of one event. */
const TRACKS_MAX = 50;

/** When something is told, and of which frame; without one, only the time is known. */
export interface Moment {
  readonly camera: string;
  /** ms since 1970 UTC. */
  readonly wallMs: number;
  readonly frame?: {
    readonly epoch: number;
    readonly ptsMs: number;
    readonly widthPx: number;
    readonly heightPx: number;
    readonly model: string;
  };
}

/** What is told when an event begins. Times are ms since 1970 UTC. */
export interface Beginning {
  /** Since when what the rule asks for is so. */
  readonly sinceMs: number;
  readonly tracks: readonly EventTrack[];
  readonly label?: string | undefined;
  readonly value?: EventValue | undefined;
  readonly events?: readonly string[];
}

/** What may change in an event. */
export type Change = Partial<Pick<EventFacts, 'label' | 'tracks' | 'value'>>;

/** An event that has begun and is not over. */
export interface OpenEvent {
  facts: EventFacts;
  readonly sinceMs: number;
}

/** What the events of one rule have in common. */
export interface RuleIdentity {
  readonly rule: RuleConfig | TemporalRuleConfig;
  /** Everything that the rule is made of: another version when any of it changes. */
  readonly made: unknown;
}

/** Where the ids of events come from, and where their messages go. */
export interface EventPost {
  /** Part of all ids: tells this run from every other. */
  readonly prefix: string;
  nextNumber: number;
  readonly messages: EventMessage[];
}

/**
 * The events of one rule: begins them where schedule and cool-down allow, and keeps the open ones, so that each that begins ends once.
 * Pure: messages gather in the post.
 */
export class EventBook {
  readonly #post: EventPost;
  readonly #rule: RuleConfig | TemporalRuleConfig;
  readonly #identity: EventFacts['rule'];
  readonly #schedule: Schedule;
  readonly #cooldownMs: number;
  readonly #open = new Set<OpenEvent>();
  #lastBeganMs = -Infinity;

  constructor({ rule, made }: RuleIdentity, post: EventPost) {
    this.#rule = rule;
    this.#post = post;
    const version = createHash('sha256').update(JSON.stringify(made)).digest('hex').slice(0, 8);
    this.#identity = { name: rule.name, type: rule.type, version };
    this.#schedule = new Schedule(rule.schedule);
    this.#cooldownMs = 'cooldownSeconds' in rule ? rule.cooldownSeconds * 1000 : 0;
  }

  /** Whether the rule's schedule is on. */
  isOn({ wallMs }: Moment): boolean {
    return this.#schedule.isOn(wallMs);
  }

  /** Begins an event; undefined where schedule or cool-down are against it. */
  begin(now: Moment, { sinceMs, tracks, label, value, events }: Beginning): OpenEvent | undefined {
    if (!this.isOn(now) || now.wallMs - this.#lastBeganMs < this.#cooldownMs) return undefined;
    this.#lastBeganMs = now.wallMs;
    const { severity } = this.#rule;
    const facts: EventFacts = {
      id: `${this.#post.prefix}-e${this.#post.nextNumber++}`,
      rule: this.#identity,
      severity,
      ...('zone' in this.#rule && this.#rule.zone !== undefined && { zone: this.#rule.zone }),
      ...('line' in this.#rule && { line: this.#rule.line }),
      ...(label !== undefined && { label }),
      tracks: tracks.slice(0, TRACKS_MAX),
      startedAt: iso(Math.min(sinceMs, now.wallMs)),
      ...(value !== undefined && { value }),
      ...(events !== undefined && { events }),
    };
    const event: OpenEvent = { facts, sinceMs };
    this.#open.add(event);
    this.#tell('event.started', now, facts);
    return event;
  }

  /** Tells what changed in an event; says nothing of one that is over. */
  update(event: OpenEvent, now: Moment, change: Change): void {
    if (!this.#open.has(event)) return;
    const { facts } = event;
    const before = Object.fromEntries(
      (Object.keys(change) as (keyof Change)[]).flatMap((key) =>
        facts[key] === undefined ? [] : [[key, facts[key]]],
      ),
    ) as Partial<EventFacts>;
    event.facts = { ...facts, ...change, tracks: (change.tracks ?? facts.tracks).slice(0, TRACKS_MAX) };
    this.#tell('event.updated', now, event.facts, before);
  }

  /** Ends an event. @param endedMs since when it is over; by default since now */
  end(event: OpenEvent, now: Moment, ending: EventEnding, change: Change = {}, endedMs = now.wallMs): void {
    if (!this.#open.delete(event)) return;
    event.facts = { ...event.facts, ...change, endedAt: iso(Math.min(endedMs, now.wallMs)), ending };
    this.#tell('event.ended', now, event.facts);
  }

  /** Tells an event that is over when it is known. */
  happened(now: Moment, beginning: Beginning, endedMs = beginning.sinceMs): void {
    const event = this.begin(now, beginning);
    if (event !== undefined) this.end(event, now, 'over', {}, endedMs);
  }

  /** Ends whatever is open. */
  endAll(now: Moment, ending: EventEnding): void {
    for (const event of this.#open) this.end(event, now, ending);
  }

  #tell(type: EventMessage['type'], now: Moment, event: EventFacts, before?: Partial<EventFacts>): void {
    const { frame } = now;
    this.#post.messages.push({
      v: PROTOCOL_VERSION,
      type,
      camera: now.camera,
      time: iso(now.wallMs),
      ...(frame !== undefined && {
        epoch: frame.epoch,
        ptsMs: frame.ptsMs,
        frame: { width: frame.widthPx, height: frame.heightPx },
        model: frame.model,
      }),
      event,
      ...(before !== undefined && { before }),
    });
  }
}

function iso(wallMs: number): string {
  return new Date(wallMs).toISOString();
}
