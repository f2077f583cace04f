import { isDeepStrictEqual } from 'node:util';
import { messageOf, type Clock, type Log } from '../base/index.js';
import type { Config } from '../config/index.js';
import type { FrameMessage, NumberedMessage } from '../events/index.js';
import type { Metrics } from '../metrics/index.js';
import { CameraStates, MqttOutlet, type DescribedCamera } from '../mqtt/index.js';
import type { Store } from '../store/index.js';
import { Webhooks } from '../webhooks/index.js';

/** What messages are sent out with. */
export interface OutletsOptions {
  readonly store: Store;
  readonly version: string;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
}

/** What tells others what is in a store's journal: webhooks and MQTT. Nothing until a configuration is applied. */
export class Outlets {
  readonly #options: OutletsOptions;
  readonly #webhooks: Webhooks;
  /** Outlives the outlets, so that a broker that is new hears of cameras that have long been live. */
  readonly #states = new CameraStates();
  #mqtt: MqttOutlet | undefined;
  #mqttSettings: unknown;
  #applied: Promise<void> = Promise.resolve();

  constructor(options: OutletsOptions) {
    const { store, metrics, clock, log } = options;
    this.#options = options;
    this.#webhooks = new Webhooks({
      journal: store.journal,
      table: store.table('readers'),
      metrics,
      clock,
      log,
    });
  }

  /** Puts the webhooks and the broker of a configuration in force. */
  apply(config: Config): void {
    void this.#webhooks.apply(config.webhooks);
    const settings = { mqtt: config.mqtt, cameras: config.cameras.map(describe) };
    this.#states.keepOnly(new Set(config.cameras.flatMap(({ id, enabled }) => (enabled ? [id] : []))));
    this.#applied = this.#applied
      .then(async () => {
        if (isDeepStrictEqual(settings, this.#mqttSettings)) return;
        await this.#mqtt?.close();
        this.#mqttSettings = settings;
        this.#mqtt = this.#openMqtt(settings);
      })
      .catch((error: unknown) =>
        this.#options.log.error({ cause: messageOf(error) }, 'MQTT could not be put in force'),
      );
  }

  /** There is a new message in the journal. */
  readonly stored = (message: NumberedMessage): void => {
    this.#states.notice(message);
    this.#webhooks.wake();
    this.#mqtt?.wake();
  };

  /** Takes note of what a camera sees. */
  readonly frame = (message: FrameMessage): void => this.#states.frame(message);

  /** What does not get out at the moment. */
  get warnings(): string[] {
    const failure = this.#mqtt?.failure;
    return failure === undefined ? [] : [`the MQTT broker cannot be used: ${failure}`];
  }

  /** Aborts what is under way, and waits. */
  async close(): Promise<void> {
    await this.#applied;
    await Promise.all([this.#webhooks.close(), this.#mqtt?.close()]);
  }

  #openMqtt(settings: { mqtt: Config['mqtt']; cameras: DescribedCamera[] }): MqttOutlet | undefined {
    const { store, version, metrics, clock, log } = this.#options;
    if (settings.mqtt === undefined) return undefined;
    return new MqttOutlet({
      config: settings.mqtt,
      cameras: settings.cameras,
      states: this.#states,
      journal: store.journal,
      table: store.table('readers'),
      ...{ version, metrics, clock, log },
    });
  }
}

function describe({ id, name, enabled, analyse, zones }: Config['cameras'][number]): DescribedCamera {
  return { id, name, enabled, labels: analyse.labels, zones: Object.keys(zones) };
}
