import type { Clock } from '../base/index.js';
import type { EngineClient } from '../engine/index.js';
import type { EngineHealthView } from '../server/index.js';

/** Whether the engine analyses pictures, as people are told, and since when: from when it runs and all of its models are loaded. */
export class EngineHealth {
  readonly #engine: EngineClient;
  readonly #clock: Clock;
  #state: EngineHealthView['state'];
  #sinceMs: number;
  /** Why it ended last; stays until it is ready again. */
  #reason: string | undefined;

  constructor(options: { readonly engine: EngineClient; readonly clock: Clock }) {
    this.#engine = options.engine;
    this.#clock = options.clock;
    this.#state = options.engine.status.state;
    this.#sinceMs = options.clock.wallMs();
    options.engine.on('status', ({ reason }) => this.#look(reason));
    options.engine.on('model', () => this.#look());
  }

  get view(): EngineHealthView {
    const reason = this.#reason;
    const since = new Date(this.#sinceMs).toISOString();
    return { state: this.#state, since, ...(reason !== undefined && { reason }) };
  }

  #look(reason?: string): void {
    const state = this.#now();
    // A restart takes several steps; it is one outage.
    if ((state === 'ready') !== (this.#state === 'ready')) this.#sinceMs = this.#clock.wallMs();
    this.#state = state;
    if (state === 'ready') this.#reason = undefined;
    else this.#reason = reason ?? this.#reason;
  }

  #now(): EngineHealthView['state'] {
    const { state } = this.#engine.status;
    if (state !== 'ready') return state;
    return [...this.#engine.models.values()].some((model) => model.state === 'loading') ? 'loading' : 'ready';
  }
}
