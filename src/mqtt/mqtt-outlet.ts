import { readFile } from 'node:fs/promises';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { Backoff, messageOf, once, sleep, type Clock, type Log } from '../base/index.js';
import type { MqttConfig } from '../config/index.js';
import type { FrameMessage, NumberedMessage } from '../events/index.js';
import type { Metrics } from '../metrics/index.js';
import type { TableClient, TableOf } from '../store/index.js';
import {
  discoveryOf,
  discoveryTopic,
  discoveryTopicOf,
  isDiscoveryOf,
  type DescribedCamera,
} from './home-assistant.js';
import { countObjects, type ObjectCounts } from './object-counts.js';
import { objectsTopic, placeOf, serverTopic } from './topics.js';

/** Messages on their way at a time: as many come twice after a broken connection. */
const PAGE_MESSAGES = 50;
const COUNTS_PERIOD_MS = 1000;
const CONNECT_TIMEOUT_MS = 10_000;
const RETRY_MS = { firstMs: 1000, lastMs: 60_000 };
/** In the table of webhooks, whose ids have no colon. */
const PLACE_ID = 'mqtt:';

/** What an outlet works with. */
export interface MqttOutletOptions {
  readonly config: MqttConfig;
  readonly cameras: readonly DescribedCamera[];
  /** Sightline's. */
  readonly version: string;
  readonly journal: {
    readonly lastSeq: number;
    read(options: { afterSeq: number; limit: number }): Promise<NumberedMessage[]>;
  };
  readonly table: TableClient<TableOf<'webhooks'>>;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
  /** Jitter; `Math.random` by default. */
  readonly random?: (() => number) | undefined;
}

/** Publishes the journal's messages to a broker, in order and at least once, and how many objects each camera sees. */
export class MqttOutlet {
  readonly #options: MqttOutletOptions;
  readonly #backoff: Backoff;
  readonly #closing = new AbortController();
  readonly #counts = new Map<string, { counts: ObjectCounts; told?: string }>();
  readonly #running: Promise<void>;
  #cursor: number | undefined;
  #failure: string | undefined = 'not connected yet';
  #toldFailure = false;
  #wake: () => void = () => undefined;

  /** Begins at once; a first start begins with the next message, not with the past. */
  constructor(options: MqttOutletOptions) {
    this.#options = options;
    this.#backoff = new Backoff({ ...RETRY_MS, ...(options.random && { random: options.random }) });
    this.#running = this.#run(options.journal.lastSeq);
  }

  /** Why nothing is published at the moment. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** There is a new message in the journal. */
  wake(): void {
    this.#measure();
    this.#wake();
  }

  /** Takes note of what a camera sees; told once a second, if it is something else. */
  frame(message: FrameMessage): void {
    const known = this.#counts.get(message.camera);
    const counts = countObjects(message);
    if (known === undefined) this.#counts.set(message.camera, { counts });
    else known.counts = counts;
  }

  /** Says `offline` where it can, and waits. What was not taken is published after the next start. */
  readonly close = once(async () => {
    this.#closing.abort();
    this.#wake();
    await this.#running;
    this.#options.metrics.mqttConnected.set(0);
  });

  async #run(newestSeq: number): Promise<void> {
    const { clock, log, table } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        this.#cursor ??= await table.write('place', PLACE_ID, newestSeq);
        await this.#session();
      } catch (error) {
        if (signal.aborted) return;
        this.#failure = messageOf(error) || 'no answer';
        this.#options.metrics.mqttConnected.set(0);
        if (!this.#toldFailure)
          log.warn({ cause: this.#failure }, 'the MQTT broker cannot be used, and is tried until it can');
        this.#toldFailure = true;
      }
      await sleep(clock, this.#backoff.nextMs(), signal);
    }
  }

  /** One connection, from its opening to its loss, which is thrown. */
  async #session(): Promise<void> {
    const { config, metrics, log, clock } = this.#options;
    const { signal } = this.#closing;
    const client = mqtt.connect(config.url, await connectOptions(config));
    const lost = new Promise<never>((_, reject) => {
      client.on('error', reject);
      client.on('close', () => reject(new Error('the broker closed the connection')));
    });
    lost.catch(() => undefined);
    const aborted = new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    try {
      const connected = new Promise<void>((resolve) => client.on('connect', () => resolve()));
      await Promise.race([connected, lost, aborted]);
      if (signal.aborted) return;
      await Promise.race([this.#greet(client), lost]);
      metrics.mqttConnected.set(1);
      this.#failure = undefined;
      this.#toldFailure = false;
      this.#backoff.reset();
      log.info({}, 'connected with the MQTT broker');
      for (const known of this.#counts.values()) delete known.told;
      const timer = clock.every(COUNTS_PERIOD_MS, () => this.#tellCounts(client));
      try {
        await Promise.race([this.#deliver(client), lost]);
      } finally {
        timer.cancel();
      }
      if (client.connected) await Promise.race([this.#say(client, 'offline'), lost]);
    } finally {
      await client.endAsync(!(signal.aborted && client.connected)).catch(() => undefined);
    }
  }

  async #greet(client: MqttClient): Promise<void> {
    const { config } = this.#options;
    await this.#say(client, 'online');
    if (!config.homeAssistant.enabled) return;
    const birth = `${config.homeAssistant.discoveryPrefix}/status`;
    // What fails here fails with the connection, which ends the session.
    client.on('message', (topic, payload) => {
      if (topic === birth) {
        if (payload.toString() === 'online') this.#discover(client).catch(() => undefined);
      } else if (this.#isOfRemovedCamera(topic, payload.toString()))
        client.publishAsync(topic, '', { qos: 1, retain: true }).catch(() => undefined);
    });
    const devices = discoveryTopicOf(config.homeAssistant.discoveryPrefix, '+');
    await client.subscribeAsync([birth, devices], { qos: 1 });
    await this.#discover(client);
  }

  async #discover(client: MqttClient): Promise<void> {
    const { config, cameras, version } = this.#options;
    const { discoveryPrefix } = config.homeAssistant;
    for (const camera of cameras) {
      const topic = discoveryTopic(discoveryPrefix, config.topicPrefix, camera.id);
      const payload = JSON.stringify(discoveryOf(camera, config.topicPrefix, version));
      await client.publishAsync(topic, payload, { qos: 1, retain: true });
    }
  }

  #isOfRemovedCamera(topic: string, payload: string): boolean {
    const { config, cameras } = this.#options;
    const { discoveryPrefix } = config.homeAssistant;
    const ours = cameras.map(({ id }) => discoveryTopic(discoveryPrefix, config.topicPrefix, id));
    return !ours.includes(topic) && isDiscoveryOf(payload, config.topicPrefix);
  }

  async #say(client: MqttClient, status: 'online' | 'offline'): Promise<void> {
    await client.publishAsync(serverTopic(this.#options.config.topicPrefix), status, {
      qos: 1,
      retain: true,
    });
  }

  /** Until it is being closed. */
  async #deliver(client: MqttClient): Promise<void> {
    const { journal } = this.#options;
    while (!this.#closing.signal.aborted && client.connected) {
      if (journal.lastSeq <= this.#cursor!) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      await this.#deliverPage(client);
    }
  }

  async #deliverPage(client: MqttClient): Promise<void> {
    const { journal, config, metrics, log, table } = this.#options;
    const { lastSeq } = journal;
    const cursor = this.#cursor!;
    const page = await journal.read({ afterSeq: cursor, limit: PAGE_MESSAGES });
    const lost = (page[0]?.seq ?? lastSeq + 1) - cursor - 1;
    if (lost > 0) {
      metrics.mqttLost.inc(lost);
      log.error(
        { from: cursor + 1, to: cursor + lost },
        'the journal has no longer what the MQTT broker gets next',
      );
    }
    await Promise.all(
      page.map(async (message) => {
        const { topic, retain } = placeOf(message, config.topicPrefix);
        await client.publishAsync(topic, JSON.stringify(message), { qos: config.qos, retain });
        metrics.mqttPublished.inc();
      }),
    );
    this.#cursor = page.at(-1)?.seq ?? lastSeq;
    this.#measure();
    await table.write('move', PLACE_ID, this.#cursor);
  }

  #tellCounts(client: MqttClient): void {
    for (const [camera, known] of this.#counts) {
      const text = JSON.stringify(known.counts);
      if (text === known.told || !client.connected) continue;
      known.told = text;
      client.publish(objectsTopic(this.#options.config.topicPrefix, camera), text, { qos: 0, retain: true });
    }
  }

  #measure(): void {
    const { journal, metrics } = this.#options;
    metrics.mqttPending.set(this.#cursor === undefined ? 0 : Math.max(0, journal.lastSeq - this.#cursor));
  }
}

/** Files are read anew for each connection: certificates are renewed. */
async function connectOptions(config: MqttConfig): Promise<IClientOptions> {
  const { ca, cert, key } = config.tls;
  return {
    clientId: config.clientId,
    ...(config.username !== undefined && { username: config.username }),
    ...(config.password !== undefined && { password: config.password }),
    ...(ca !== undefined && { ca: await readFile(ca) }),
    ...(cert !== undefined && { cert: await readFile(cert) }),
    ...(key !== undefined && { key: await readFile(key) }),
    // What was under way is read from the journal again.
    clean: true,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    will: { topic: serverTopic(config.topicPrefix), payload: Buffer.from('offline'), qos: 1, retain: true },
  };
}
