import { readFile } from 'node:fs/promises';
import type { IClientOptions, MqttClient } from 'mqtt';
import { Backoff, messageOf, once, sleep, type Clock, type Log } from '../base/index.js';
import type { MqttConfig } from '../config/index.js';
import type { Metrics } from '../metrics/index.js';
import { readOn, type ReadableJournal, type TableClient, type TableOf } from '../store/index.js';
import type { CameraStates } from './camera-states.js';
import { greet } from './greeting.js';
import type { DescribedCamera } from './home-assistant.js';
import { objectsTopic, placeOf, serverTopic } from './topics.js';

/** Messages on their way at a time: as many come twice after a broken connection. */
const PAGE_MESSAGES = 50;
const COUNTS_PERIOD_MS = 1000;
const CONNECT_TIMEOUT_MS = 10_000;
/** How long a broker may take to hear that this is the end. */
const CLOSE_MS = 1500;
const RETRY_MS = { firstMs: 1000, lastMs: 60_000 };
/** There is one broker; a changed one goes on from the same place. */
const BROKER = 'broker';

/** What an outlet works with. */
export interface MqttOutletOptions {
  readonly config: MqttConfig;
  readonly cameras: readonly DescribedCamera[];
  /** Of these cameras and others; the owner keeps it up to date. */
  readonly states: CameraStates;
  /** Sightline's. */
  readonly version: string;
  readonly journal: ReadableJournal;
  readonly table: TableClient<TableOf<'readers'>>;
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
  /** The cameras of which the broker keeps states and counts. */
  readonly #present: ReadonlySet<string>;
  /** The counts that this connection has told. */
  readonly #told = new Map<string, string>();
  readonly #running: Promise<void>;
  #cursor: number | undefined;
  #failure: string | undefined = 'not connected yet';
  #toldFailure = false;
  #wake: () => void = () => undefined;

  /** Begins at once; a first start begins with the next message, not with the past. */
  constructor(options: MqttOutletOptions) {
    this.#options = options;
    this.#present = new Set(options.cameras.filter(({ enabled }) => enabled).map(({ id }) => id));
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

  /** Says `offline` where it can, and waits, for 1.5 s at most where the broker hangs. What was not taken is published after the next start. */
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
        this.#cursor ??= (await table.write('keep', 'mqtt', [BROKER], newestSeq))[0]!.cursor;
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
    // Most servers have no broker, and start sooner without.
    const { default: mqtt } = await import('mqtt');
    const client = mqtt.connect(config.url, await connectOptions(config));
    const aborted = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    const late = aborted.then(() => sleep(clock, CLOSE_MS));
    const lost = new Promise<never>((_, reject) => {
      client.on('error', reject);
      client.on('close', () => reject(new Error('the broker closed the connection')));
      void late.then(() => reject(new Error('the broker does not answer')));
    });
    lost.catch(() => undefined);
    try {
      const connected = new Promise<void>((resolve) => client.on('connect', () => resolve()));
      await Promise.race([connected, lost, aborted]);
      if (signal.aborted) return;
      const greeting = greet(client, { ...this.#options, cursor: this.#cursor! });
      await Promise.race([greeting, lost]);
      metrics.mqttConnected.set(1);
      this.#failure = undefined;
      this.#toldFailure = false;
      this.#backoff.reset();
      log.info({}, 'connected with the MQTT broker');
      this.#told.clear();
      const timer = clock.every(COUNTS_PERIOD_MS, () => this.#tellCounts(client));
      try {
        await Promise.race([this.#deliver(client), lost]);
      } finally {
        timer.cancel();
      }
      if (client.connected) await Promise.race([this.#say(client, 'offline'), lost]);
    } finally {
      const isSudden = !(signal.aborted && client.connected);
      await Promise.race([client.endAsync(isSudden).catch(() => undefined), late]);
      client.stream.destroy();
    }
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
    const cursor = this.#cursor!;
    const { page, lost, upTo } = await readOn(journal, cursor, PAGE_MESSAGES);
    if (lost > 0) {
      metrics.mqttLost.inc(lost);
      log.error(
        { from: cursor + 1, to: cursor + lost },
        'the journal has no longer what the MQTT broker gets next',
      );
    }
    await Promise.all(
      page.map(async (message) => {
        const { topic, ...place } = placeOf(message, config.topicPrefix);
        // The last word of a camera that was removed would be kept for good.
        const retain = place.retain && this.#present.has(message.camera);
        await client.publishAsync(topic, JSON.stringify(message), { qos: config.qos, retain });
        metrics.mqttPublished.inc();
      }),
    );
    this.#cursor = upTo;
    this.#measure();
    await table.write('move', 'mqtt', BROKER, this.#cursor);
  }

  #tellCounts(client: MqttClient): void {
    const { states, config } = this.#options;
    for (const camera of this.#present) {
      const text = JSON.stringify(states.countsOf(camera));
      if (text === this.#told.get(camera) || !client.connected) continue;
      this.#told.set(camera, text);
      client.publish(objectsTopic(config.topicPrefix, camera), text, { qos: 0, retain: true });
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
