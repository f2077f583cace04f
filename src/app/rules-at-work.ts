import type { Clock, Timer } from '../base/index.js';
import type { CameraRules } from '../config/index.js';
import { RuleEngine, type EventMessage, type FrameObject, type RuleFrame } from '../events/index.js';

/** How often rules hear that a camera is still not live. */
const OFFLINE_PERIOD_MS = 1000;

/** What the rules of a camera work with. */
export interface RulesAtWorkOptions {
  readonly camera: string;
  readonly rules: CameraRules;
  /** As in the ids of tracks. */
  readonly trackRun: string;
  readonly clock: Clock;
  readonly publish: (message: EventMessage) => void;
}

/** The rules of one camera in the running server: replaced when their configuration changes, and told when the camera is away. */
export class RulesAtWork {
  readonly #options: RulesAtWorkOptions;
  #engine: RuleEngine;
  #runs = 0;
  #isLive = true;
  #timer: Timer | undefined;

  constructor(options: RulesAtWorkOptions) {
    this.#options = options;
    this.#engine = this.#engineFor(options.rules);
  }

  /** Puts other rules in force: the events of the old ones end, and the new ones begin with the next frame. */
  replace(rules: CameraRules): void {
    this.#publish(this.#engine.stop('config', this.#options.clock.wallMs()));
    this.#engine = this.#engineFor(rules);
    if (!this.#isLive) this.#tellState();
  }

  /** Takes a frame; returns its objects with what the rules know of them, and what to publish once the frame has been. */
  observe(frame: RuleFrame): { readonly objects: readonly FrameObject[]; readonly publish: () => void } {
    const { messages, objects } = this.#engine.observe(frame);
    return { objects, publish: () => this.#publish(messages) };
  }

  /** The tracks are over: the stream broke off, or the engine did. */
  tracksLost(): void {
    this.#publish(this.#engine.stop('stream', this.#options.clock.wallMs()));
  }

  /** Takes whether pictures come. */
  setLive(isLive: boolean): void {
    if (isLive === this.#isLive) return;
    this.#isLive = isLive;
    this.#timer?.cancel();
    this.#timer = isLive ? undefined : this.#options.clock.every(OFFLINE_PERIOD_MS, () => this.#tellState());
    this.#tellState();
  }

  /** Ends everything. */
  close(): void {
    this.#timer?.cancel();
    this.#publish(this.#engine.stop('config', this.#options.clock.wallMs()));
  }

  #tellState(): void {
    this.#publish(this.#engine.cameraState(this.#isLive, this.#options.clock.wallMs()));
  }

  #engineFor(rules: CameraRules): RuleEngine {
    const { camera, trackRun } = this.#options;
    // Sets of rules of one run follow one another: their events are counted apart.
    const eventRun = this.#runs === 0 ? trackRun : `${trackRun}.${this.#runs}`;
    this.#runs++;
    return new RuleEngine({ camera, trackRun, eventRun, rules });
  }

  #publish(messages: readonly EventMessage[]): void {
    for (const message of messages) this.#options.publish(message);
  }
}
