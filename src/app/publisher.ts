import { isDeepStrictEqual } from 'node:util';
import { messageOf, type Clock, type Log } from '../base/index.js';
import type { TemporalRuleConfig } from '../config/index.js';
import {
  TemporalRules,
  type DurableMessage,
  type FrameMessage,
  type NumberedMessage,
  type ZonesOfTrack,
} from '../events/index.js';
import type { Metrics } from '../metrics/index.js';
import type { HttpServer } from '../server/index.js';
import type { Store } from '../store/index.js';
import type { CameraOutlets } from './camera.js';

/** How often rules about events hear what time it is. */
const TICK_MS = 1000;

/** What messages are stored and told with. */
export interface PublisherOptions {
  readonly store: Store;
  readonly metrics: Metrics;
  /** Absent until it listens. */
  readonly server: () => HttpServer | undefined;
  readonly rules: readonly TemporalRuleConfig[];
  /** Hears each message before it is stored. */
  readonly notice: (message: DurableMessage) => void;
  /** Hears each frame message. */
  readonly frame: (message: FrameMessage) => void;
  /** Hears each message when it has been stored. */
  readonly stored: (message: NumberedMessage) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Where all messages come together: stored and then told, and looked at by the rules about events. */
export class Publisher implements CameraOutlets {
  readonly #options: PublisherOptions;
  #configured: readonly TemporalRuleConfig[];
  #rules: TemporalRules;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#configured = options.rules;
    this.#rules = this.#begin();
  }

  /** Lets rules about what does not happen know what time it is; returns what stops that. */
  start(): () => void {
    const { clock } = this.#options;
    const timer = clock.every(TICK_MS, () => {
      for (const message of this.#rules.tick(clock.wallMs())) this.publish(message);
    });
    return () => timer.cancel();
  }

  /** Puts other rules about events in force, if they are others: what the old ones waited for is forgotten. */
  setRules(rules: readonly TemporalRuleConfig[]): void {
    if (isDeepStrictEqual(rules, this.#configured)) return;
    this.#configured = rules;
    this.#rules = this.#begin();
  }

  /** Stores a message, and the path of a track with its end, then tells everyone. */
  readonly publish = (message: DurableMessage, path?: Uint8Array): void => {
    const { store, metrics, server, notice, stored, log } = this.#options;
    notice(message);
    store.journal.append(message, path).then(
      (numbered) => {
        metrics.events.inc({ type: numbered.type });
        server()?.publish(numbered);
        stored(numbered);
      },
      (error: unknown) =>
        log.error({ cause: messageOf(error), type: message.type }, 'an event could not be stored'),
    );
    for (const further of this.#rules.observe(message)) this.publish(further);
  };

  /** Tells everyone. */
  readonly publishFrame = (message: FrameMessage): void => {
    this.#options.server()?.publishFrame(message);
    this.#options.frame(message);
  };

  /** Stores zones of tracks under way: they are found by them before their end tells it. */
  readonly keepZones = (tracks: readonly ZonesOfTrack[]): void => {
    const { store, log } = this.#options;
    for (const { id, zones } of tracks)
      store
        .table('history')
        .write('addZones', id, zones)
        .catch((error: unknown) =>
          log.debug({ cause: messageOf(error) }, 'zones of a track are kept with its end only'),
        );
  };

  #begin(): TemporalRules {
    return new TemporalRules({ rules: this.#configured, run: this.#options.clock.wallMs().toString(36) });
  }
}
