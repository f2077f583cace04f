import { isDeepStrictEqual } from 'node:util';
import { toAppError, type AppError } from '../base/index.js';
import type { EngineModel } from './messages.js';

/** A model that is ready for pictures. */
interface Openable {
  close(): Promise<void>;
}

/** What a shelf works with, and who hears of it. */
export interface ModelShelfOptions<Pool extends Openable> {
  readonly open: (model: EngineModel) => Promise<Pool>;
  /** A model is ready, or another file or provider has taken the place of the one `before`, which is closed after this returns. */
  readonly onReady: (id: string, pool: Pool, before: Pool | undefined) => void;
  /** It cannot be opened; the one that was there before, if any, stays in use. */
  readonly onFailed: (id: string, error: AppError, isOldInUse: boolean) => void;
}

interface Place<Pool> {
  wanted: EngineModel;
  pool: Pool | undefined;
  /** What is wanted could not be opened: asked for once more, it is tried once more, as what was missing may have come. */
  hasFailed: boolean;
}

/** The models that cameras may ask for, each opened once and kept until it is replaced or taken away. */
export class ModelShelf<Pool extends Openable> {
  readonly #options: ModelShelfOptions<Pool>;
  readonly #places = new Map<string, Place<Pool>>();
  #isClosed = false;

  constructor(options: ModelShelfOptions<Pool>) {
    this.#options = options;
  }

  /** Opens a model, or another one in its place; until that is ready the old one goes on. */
  set(model: EngineModel): void {
    const place = this.#places.get(model.id);
    if (place !== undefined && !place.hasFailed && isDeepStrictEqual(place.wanted, model)) return;
    this.#places.set(model.id, { wanted: model, pool: place?.pool, hasFailed: false });
    void this.#open(model);
  }

  /** The model in use under an id, if it is ready. */
  get(id: string): Pool | undefined {
    return this.#places.get(id)?.pool;
  }

  /** Takes a model away; nobody may be using it. */
  delete(id: string): void {
    const pool = this.get(id);
    this.#places.delete(id);
    void pool?.close();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const pools = [...this.#places.values()].flatMap(({ pool }) => pool ?? []);
    this.#places.clear();
    await Promise.all(pools.map((pool) => pool.close()));
  }

  async #open(model: EngineModel): Promise<void> {
    const isWanted = () => !this.#isClosed && this.#places.get(model.id)?.wanted === model;
    try {
      const pool = await this.#options.open(model);
      const place = this.#places.get(model.id);
      // While it was opened something else was asked for.
      if (place === undefined || !isWanted()) return void (await pool.close());
      const before = place.pool;
      place.pool = pool;
      this.#options.onReady(model.id, pool, before);
      await before?.close();
    } catch (error) {
      if (!isWanted()) return;
      this.#places.get(model.id)!.hasFailed = true;
      this.#options.onFailed(model.id, toAppError(error), this.get(model.id) !== undefined);
    }
  }
}
