import { isDeepStrictEqual } from 'node:util';
import { messageOf, once, sleep } from '../base/index.js';
import type { WebhookConfig } from '../config/index.js';
import type { ReaderRow } from '../store/index.js';
import { Webhook, type WebhookTools } from './webhook.js';

const STORE_RETRY_MS = 5000;

/** What webhooks work with. */
export type WebhooksOptions = WebhookTools;

/** All webhooks of a server: each goes its own way through the journal, and none waits for another. */
export class Webhooks {
  readonly #tools: WebhookTools;
  readonly #running = new Map<string, Webhook>();
  #applied: Promise<void> = Promise.resolve();
  readonly #closing = new AbortController();

  constructor(options: WebhooksOptions) {
    this.#tools = options;
  }

  /**
   * Puts these webhooks in force: those that are as before go on undisturbed, those that are no longer there are forgotten, and new ones
   * begin with the next message. Resolves when it is done, and never rejects.
   */
  apply(configs: readonly WebhookConfig[]): Promise<void> {
    const newestSeq = this.#tools.journal.lastSeq;
    this.#applied = this.#applied.then(() => this.#apply(configs, newestSeq));
    return this.#applied;
  }

  /** There is a new message in the journal. */
  wake(): void {
    for (const webhook of this.#running.values()) webhook.wake();
    this.#measure();
  }

  /** Aborts what is under way, and waits. What was not taken is sent after the next start. */
  readonly close = once(async () => {
    this.#closing.abort();
    await this.#applied;
    await Promise.all([...this.#running.values()].map((webhook) => webhook.close()));
  });

  async #apply(configs: readonly WebhookConfig[], newestSeq: number): Promise<void> {
    const wanted = new Map(configs.map((config) => [config.id, config]));
    const ended = [...this.#running].filter(
      ([id, webhook]) => !isDeepStrictEqual(webhook.config, wanted.get(id)),
    );
    for (const [id] of ended) this.#running.delete(id);
    await Promise.all(ended.map(([, webhook]) => webhook.close()));
    for (const row of await this.#rowsOf([...wanted.keys()], newestSeq)) {
      if (this.#running.has(row.id)) continue;
      const config = wanted.get(row.id)!;
      const webhook = new Webhook({ config, row, tools: this.#tools, onMoved: () => this.#measure() });
      this.#running.set(row.id, webhook);
      webhook.start();
    }
    this.#measure();
  }

  /** Tried until it can be had: a full disk must not silence a webhook until the next reload. None once it is being closed. */
  async #rowsOf(ids: readonly string[], newestSeq: number): Promise<readonly ReaderRow[]> {
    const { table, clock, log } = this.#tools;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        return await table.write('keep', 'webhook', ids, newestSeq);
      } catch (error) {
        log.error(
          { cause: messageOf(error) },
          'the webhooks could not be put in force, which is tried again',
        );
        await sleep(clock, STORE_RETRY_MS, signal);
      }
    }
    return [];
  }

  #measure(): void {
    const lags = [...this.#running.values()].map(({ lag }) => lag);
    this.#tools.metrics.webhookLag.set(Math.max(0, ...lags));
  }
}
