import { Backoff, messageOf, sleep, type Clock, type Log } from '../base/index.js';
import type { WebhookConfig } from '../config/index.js';
import { topicOf, type NumberedMessage } from '../events/index.js';
import type { Metrics } from '../metrics/index.js';
import {
  readOn,
  type ReadableJournal,
  type ReaderRow,
  type TableClient,
  type TableOf,
} from '../store/index.js';
import { Poster } from './post.js';
import { fingerprintOf, signatureOf } from './signature.js';

/** Messages read from the journal at a time. */
const PAGE_MESSAGES = 50;
/** So far a cursor may go over messages that are not wanted before that is stored: they are passed over again after a restart. */
const UNSTORED_MAX = 200;
const RETRY_MS = { firstMs: 1000, lastMs: 300_000 };
const GONE = 410;

/** What a webhook works with. */
export interface WebhookTools {
  readonly journal: ReadableJournal;
  readonly table: TableClient<TableOf<'readers'>>;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
  /** Jitter; `Math.random` by default. */
  readonly random?: (() => number) | undefined;
}

/** One receiver: posts what it wants, one after another, from its place in the journal on, each until it is taken. */
export class Webhook {
  readonly #config: WebhookConfig;
  readonly #tools: WebhookTools;
  readonly #log: Log;
  readonly #url: URL;
  readonly #poster: Poster;
  readonly #backoff: Backoff;
  readonly #closing = new AbortController();
  readonly #onMoved: () => void;
  #cursor: number;
  #storedCursor: number;
  #isGone: boolean;
  #wake: (() => void) | undefined;
  #running: Promise<void> | undefined;

  /** @param options.onMoved called whenever it has come further */
  constructor(options: {
    readonly config: WebhookConfig;
    readonly row: ReaderRow;
    readonly tools: WebhookTools;
    readonly onMoved: () => void;
  }) {
    const { config, row, tools, onMoved } = options;
    this.#config = config;
    this.#tools = tools;
    this.#onMoved = onMoved;
    this.#log = tools.log.child({ webhook: config.id });
    this.#url = new URL(config.url);
    this.#poster = new Poster(this.#url.protocol);
    this.#backoff = new Backoff({ ...RETRY_MS, ...(tools.random && { random: tools.random }) });
    this.#cursor = row.cursor;
    this.#storedCursor = row.cursor;
    this.#isGone = row.goneAs === fingerprintOf(config);
  }

  /** Messages that are before it; none when its receiver is gone. */
  get lag(): number {
    return this.#isGone ? 0 : Math.max(0, this.#tools.journal.lastSeq - this.#cursor);
  }

  /** The settings that it runs with. */
  get config(): WebhookConfig {
    return this.#config;
  }

  /** Begins to deliver. */
  start(): void {
    if (this.#isGone)
      return this.#log.warn({}, 'the receiver of this webhook said that it is gone: change url to try again');
    this.#running = this.#run();
  }

  /** There is a new message in the journal. */
  wake(): void {
    this.#wake?.();
  }

  /** Aborts what is under way, and waits. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake?.();
    await this.#running;
    this.#poster.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted && !this.#isGone) {
      try {
        if (this.lag > 0) await this.#deliverPage();
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      } catch (error) {
        if (signal.aborted) break;
        this.#log.error({ cause: messageOf(error) }, 'a webhook could not use the store, and tries again');
        await sleep(this.#tools.clock, this.#backoff.nextMs(), signal);
      }
    }
    await this.#storeCursor().catch((error: unknown) =>
      this.#log.error({ cause: messageOf(error) }, 'the place of a webhook could not be stored'),
    );
  }

  async #deliverPage(): Promise<void> {
    const { page, lost } = await readOn(this.#tools.journal, this.#cursor, PAGE_MESSAGES);
    if (lost > 0) this.#tellLoss(lost);
    for (const message of page) {
      if (this.#wants(message)) {
        if (!(await this.#deliver(message))) return;
        this.#move(message.seq);
        await this.#storeCursor();
      } else this.#move(message.seq);
      if (this.#closing.signal.aborted) return;
    }
    if (this.#cursor - this.#storedCursor >= UNSTORED_MAX) await this.#storeCursor();
  }

  /** Passes over messages that are gone. */
  #tellLoss(lost: number): void {
    this.#tools.metrics.webhookLost.inc(lost);
    this.#log.error(
      { from: this.#cursor + 1, to: this.#cursor + lost },
      'a webhook was behind for so long that the journal has no longer what comes next',
    );
    this.#move(this.#cursor + lost);
  }

  #wants({ type, camera }: NumberedMessage): boolean {
    const { topics, types, cameras } = this.#config;
    const topic = topicOf(type);
    const isWanted = types === undefined ? topic !== 'frame' && topics.includes(topic) : types.includes(type);
    return isWanted && (cameras === '*' || camera === '*' || cameras.includes(camera));
  }

  /** Posts a message until it is taken. False: it was closed, or the receiver wants no more. */
  async #deliver(message: NumberedMessage): Promise<boolean> {
    const { metrics, clock } = this.#tools;
    const { signal } = this.#closing;
    const body = Buffer.from(JSON.stringify(message));
    for (let tries = 1; !signal.aborted; tries++) {
      const failure = await this.#post(message.seq, body);
      if (signal.aborted && failure !== undefined) return false;
      metrics.webhookDeliveries.inc({ reason: failure?.reason ?? 'delivered' });
      if (failure === undefined) {
        if (tries > 1) this.#log.info({ seq: message.seq, tries }, 'a webhook delivers again');
        this.#backoff.reset();
        return true;
      }
      if (failure.status === GONE) {
        await this.#giveUp(message.seq);
        return false;
      }
      if (tries === 1)
        this.#log.warn(
          { seq: message.seq, cause: failure.cause },
          'a webhook could not deliver a message, and tries until it is taken',
        );
      await sleep(clock, this.#waitMs(failure), signal);
    }
    return false;
  }

  /** A receiver that says when it can is asked then, though not later than it would be at last. */
  #waitMs({ retryAfterMs = 0 }: Failure): number {
    return Math.max(this.#backoff.nextMs(), Math.min(retryAfterMs, RETRY_MS.lastMs));
  }

  /** Undefined: taken. */
  async #post(seq: number, body: Buffer): Promise<Failure | undefined> {
    const { clock } = this.#tools;
    const { id, secret } = this.#config;
    try {
      const { status, ...more } = await this.#poster.post({
        url: this.#url,
        headers: {
          'Content-Type': 'application/json',
          'User-Agent': 'Sightline',
          'Sightline-Webhook': id,
          'Sightline-Signature': signatureOf(body, secret, clock.wallMs()),
          'Idempotency-Key': String(seq),
        },
        body,
        clock,
        signal: this.#closing.signal,
      });
      if (status >= 200 && status < 300) return undefined;
      return { reason: 'rejected', status, ...more, cause: `the receiver answered with status ${status}` };
    } catch (error) {
      return { reason: 'failed', cause: causeOf(error) };
    }
  }

  async #giveUp(seq: number): Promise<void> {
    // In this order: a webhook whose place is stored is there.
    await this.#storeCursor();
    await this.#tools.table.write('setGone', 'webhook', this.#config.id, fingerprintOf(this.#config));
    this.#isGone = true;
    this.#onMoved();
    this.#log.warn(
      { seq },
      'the receiver of a webhook is gone (410): nothing is sent until the webhook is changed',
    );
  }

  #move(seq: number): void {
    this.#cursor = seq;
    this.#onMoved();
  }

  async #storeCursor(): Promise<void> {
    if (this.#cursor === this.#storedCursor) return;
    const cursor = this.#cursor;
    await this.#tools.table.write('move', 'webhook', this.#config.id, cursor);
    this.#storedCursor = cursor;
  }
}

interface Failure {
  readonly reason: 'rejected' | 'failed';
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly cause: string;
}

/** Node tells several failed addresses as one error without a message. */
function causeOf(error: unknown): string {
  return messageOf(error) || String((error as NodeJS.ErrnoException).code);
}
