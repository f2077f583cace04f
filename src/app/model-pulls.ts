import { AppError, once, type Clock, type Log } from '../base/index.js';
import {
  pullModel,
  requireAcceptedLicence,
  type CatalogueEntry,
  type ModelFile,
} from '../catalogue/index.js';
import type { Environment } from '../config/index.js';
import type { ModelPullView } from '../server/index.js';

/** What models are pulled with. */
export interface ModelPullsOptions {
  readonly env: Environment;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when a model has come, or was found to be here: cameras that wait for it can have it now. */
  readonly onPulled: (name: string) => void;
}

interface Pull {
  view: ModelPullView;
  readonly abort: AbortController;
  /** Never rejects. */
  ended: Promise<void>;
}

/** Pulls of models that administrators have asked for: one of each model at a time, and how the latest of each went. */
export class ModelPulls {
  readonly #options: ModelPullsOptions;
  /** By the model's name: as many as the catalogue has, at most. */
  readonly #pulls = new Map<string, Pull>();
  /** Those that have not ended, cancelled ones too. */
  readonly #running = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(options: ModelPullsOptions) {
    this.#options = options;
  }

  /** How the latest pull of a model goes or went; undefined when there was none, or it was cancelled. */
  view(name: string): ModelPullView | undefined {
    return this.#pulls.get(name)?.view;
  }

  /**
   * Begins to pull a model, or goes on where that is under way.
   *
   * @param accepted SPDX identifiers of licences that the user has named
   * @throws {AppError} `model/licence-not-accepted`
   */
  start(entry: CatalogueEntry, accepted: readonly string[]): ModelPullView {
    requireAcceptedLicence(entry, accepted);
    const running = this.view(entry.name);
    if (running?.state === 'running') return running;
    const total = totalBytesOf(entry.files);
    const view = { state: 'running', bytes: 0, ...(total !== undefined && { totalBytes: total }) } as const;
    const pull: Pull = { view, abort: new AbortController(), ended: Promise.resolve() };
    this.#pulls.set(entry.name, pull);
    const ended = this.#run(entry, accepted, pull).finally(() => this.#running.delete(ended));
    pull.ended = ended;
    this.#running.add(ended);
    return view;
  }

  /** Stops a pull and forgets it, or how it ended. What has come stays, and the next pull goes on from there. */
  async cancel(name: string): Promise<void> {
    const pull = this.#pulls.get(name);
    this.#pulls.delete(name);
    pull?.abort.abort();
    await pull?.ended;
  }

  close = once(async () => {
    this.#closing.abort();
    await Promise.all(this.#running);
  });

  async #run(entry: CatalogueEntry, acceptedLicences: readonly string[], pull: Pull): Promise<void> {
    const { env, clock, log, onPulled } = this.#options;
    const signal = AbortSignal.any([pull.abort.signal, this.#closing.signal]);
    try {
      await pullModel(entry, {
        ...{ env, acceptedLicences, clock, log, signal },
        onProgress: (file, bytes) =>
          (pull.view = { ...pull.view, bytes: bytesBefore(file, entry.files) + bytes }),
      });
      const { totalBytes = pull.view.bytes } = pull.view;
      pull.view = { ...pull.view, state: 'done', bytes: totalBytes };
      log.info({ model: entry.name }, 'a model was pulled');
      onPulled(entry.name);
    } catch (error) {
      if (signal.aborted) return;
      pull.view = { ...pull.view, state: 'failed', reason: this.#reasonOf(error, entry.name) };
    }
  }

  #reasonOf(error: unknown, model: string): string {
    const { log } = this.#options;
    if (error instanceof AppError)
      log.warn({ model, code: error.code, reason: error.message }, 'a model could not be pulled'); // prettier-ignore
    else log.error({ err: error, model }, 'a pull of a model failed');
    return error instanceof AppError
      ? error.message
      : 'something failed within the server; its log says what';
  }
}

/** Undefined where the size of one is not known. */
function totalBytesOf(files: readonly ModelFile[]): number | undefined {
  const sizes = files.flatMap(({ sizeBytes }) => sizeBytes ?? []);
  if (sizes.length === 0 || sizes.length < files.length) return undefined;
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Files come in the order of the catalogue: those before one are here when it begins. */
function bytesBefore(file: ModelFile, files: readonly ModelFile[]): number {
  return files.slice(0, files.indexOf(file)).reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
}
