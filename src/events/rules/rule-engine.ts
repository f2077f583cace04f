import type { CameraRules, RuleConfig } from '../../config/index.js';
import type { EventEnding, EventMessage, FrameObject } from '../messages.js';
import { classified } from './class-condition.js';
import { FlashRunner, LightRunner, OfflineRunner } from './camera-runners.js';
import { abandoned, inZone, isComplete, stopped, tooFast, wrongWay } from './conditions.js';
import { EventBook, type EventPost, type Moment } from './event-book.js';
import { HealthRunner } from './health-runner.js';
import { LineRunner } from './line-runner.js';
import { RemovedRunner } from './removed-runner.js';
import type { RuleRunner } from './rule-runner.js';
import { Scene, type RuleFrame } from './scene.js';
import { TextRunner } from './text-runner.js';
import { TrackConditionRunner } from './track-condition-runner.js';
import { VisitRunner } from './visit-runner.js';
import { ZoneCountRunner } from './zone-count-runner.js';

/** What the rules of one camera run with. */
export interface RuleEngineOptions {
  readonly camera: string;
  /** Tells this run's track numbers from all others: as in the ids of `track.started`. */
  readonly trackRun: string;
  /** Tells this run's events from all others; each set of rules needs one of its own. */
  readonly eventRun: string;
  readonly rules: CameraRules;
}

/** What a frame led to. */
export interface RuleOutcome {
  readonly messages: EventMessage[];
  /** The frame's objects, with their zones and speed. */
  readonly objects: readonly FrameObject[];
}

/**
 * The rules of one camera. Pure: time comes with the frames, and the same frames lead to the same messages. Its memory is bounded by the
 * number of tracks in a picture. Each `event.started` that it returns has one `event.ended`, at the latest by {@link RuleEngine.stop}.
 */
export class RuleEngine {
  readonly #camera: string;
  readonly #rules: CameraRules;
  readonly #scene: Scene;
  readonly #runners: readonly RuleRunner[];
  readonly #post: EventPost;
  readonly #isIdle: boolean;

  constructor({ camera, trackRun, eventRun, rules }: RuleEngineOptions) {
    this.#camera = camera;
    this.#rules = rules;
    this.#scene = new Scene(rules, trackRun);
    this.#post = { prefix: `${camera}-${eventRun}`, nextNumber: 1, messages: [] };
    this.#runners = rules.rules.filter((rule) => isComplete(rule, rules)).map((rule) => this.#runner(rule));
    this.#isIdle =
      this.#runners.length === 0 && Object.keys(rules.zones).length === 0 && rules.calibration === undefined;
  }

  /** Takes a frame. */
  observe(frame: RuleFrame): RuleOutcome {
    if (this.#isIdle) return { messages: [], objects: frame.objects };
    this.#scene.take(frame);
    const now = this.#scene.moment!;
    for (const runner of this.#runners) runner.step(this.#scene, now);
    return { messages: this.#drain(), objects: frame.objects.map((object) => this.#described(object)) };
  }

  /** Takes whether the camera is live; call it when that changes, and now and then while it is not. */
  cameraState(isLive: boolean, wallMs: number): EventMessage[] {
    const now: Moment = { camera: this.#camera, wallMs };
    for (const runner of this.#runners) runner.cameraState?.(isLive, now);
    return this.#drain();
  }

  /**
   * Ends what is open, as of the last frame, and forgets all tracks: the stream broke off, or these rules are no longer in force.
   *
   * @param wallMs the time of what no frame has led to
   */
  stop(ending: Extract<EventEnding, 'stream' | 'config'>, wallMs: number): EventMessage[] {
    const now = this.#scene.moment ?? { camera: this.#camera, wallMs };
    for (const runner of this.#runners) runner.stop(now, ending, this.#scene);
    this.#scene.clear();
    return this.#drain();
  }

  #drain(): EventMessage[] {
    return this.#post.messages.splice(0);
  }

  #described(object: FrameObject): FrameObject {
    const track = this.#scene.tracks.get(object.track);
    if (track === undefined) return object;
    const zones = this.#scene.zonesOf(track);
    const { kmh } = track.motion;
    return {
      ...object,
      ...(zones.length > 0 && { zones }),
      ...(kmh !== undefined && { speed: Math.round(kmh * 10) / 10 }),
    };
  }

  #runner(rule: RuleConfig): RuleRunner {
    const { zones, lines, calibration } = this.#rules;
    const made = [
      rule,
      'zone' in rule && rule.zone !== undefined && zones[rule.zone],
      rule.type === 'line' && lines[rule.line],
      rule.type === 'speed' && calibration,
    ];
    const book = new EventBook({ rule, made }, this.#post);
    switch (rule.type) {
      case 'enter':
      case 'leave':
        return new VisitRunner({ rule, book });
      case 'inside':
        return new TrackConditionRunner({ rule, book, condition: inZone(rule.zone, 0) });
      case 'loiter':
        return new TrackConditionRunner({ rule, book, condition: inZone(rule.zone, rule.seconds * 1000) });
      case 'wrong-way':
        return new TrackConditionRunner({ rule, book, condition: wrongWay(rule) });
      case 'stopped':
        return new TrackConditionRunner({ rule, book, condition: stopped(rule) });
      case 'abandoned':
        return new TrackConditionRunner({ rule, book, condition: abandoned(rule) });
      case 'speed':
        return new TrackConditionRunner({ rule, book, condition: tooFast(rule) });
      case 'classifier':
        return new TrackConditionRunner({ rule, book, condition: classified(rule) });
      case 'removed':
        return new RemovedRunner({ rule, book });
      case 'line':
        return new LineRunner({ rule, book, line: lines[rule.line]! });
      case 'occupancy':
      case 'crowding':
        return new ZoneCountRunner({ rule, book });
      case 'text':
        return new TextRunner({ rule, book });
      case 'light':
        return rule.regime === 'flash' ? new FlashRunner({ rule, book }) : new LightRunner({ rule, book });
      case 'health':
        return new HealthRunner({ rule, book });
      case 'offline':
        return new OfflineRunner({ rule, book });
    }
  }
}
