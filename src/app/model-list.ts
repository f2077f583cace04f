import {
  findModel,
  isPermissive,
  KnownHashes,
  modelPlaces,
  presenceOf,
  readCatalogue,
  type Catalogue,
  type CatalogueEntry,
} from '../catalogue/index.js';
import { DEFAULT_MODEL_ID, type Config, type ModelConfig } from '../config/index.js';
import type { ModelState, Observation } from '../engine/index.js';
import type { CatalogueModelView, ModelPullView, ModelView } from '../server/index.js';
import { InferenceTimes } from './inference-times.js';
import { ModelPulls, type ModelPullsOptions } from './model-pulls.js';

/** What the list of models is made from. */
export interface ModelListOptions extends ModelPullsOptions {
  /** How each model is, by id. */
  readonly states: () => ReadonlyMap<string, ModelState>;
  /** As in force now. */
  readonly config: () => Config;
  /** The one that comes with the program, where nothing is given. */
  readonly readCatalogue?: () => Promise<Catalogue>;
}

/** The models in use with what was measured of them, and the catalogue, for people and programs, who may pull its models. */
export class ModelList {
  readonly #options: ModelListOptions;
  readonly #times = new InferenceTimes();
  readonly #hashes = new KnownHashes();
  readonly #pulls: ModelPulls;
  #catalogue: Promise<Catalogue> | undefined;

  constructor(options: ModelListOptions) {
    this.#options = options;
    this.#pulls = new ModelPulls(options);
  }

  /** Notes how long a picture took. */
  note(observation: Observation): void {
    this.#times.note(observation);
  }

  /** @throws {AppError} `model/catalogue-invalid` */
  async inUse(): Promise<ModelView[]> {
    const { states, config } = this.#options;
    const catalogue = await this.#read();
    const { models, cameras } = config();
    return [...states()].map(([id, state]) => ({
      id,
      ...this.#stateView(state),
      ...licenceView(entryOf(id, state, models, catalogue)),
      cameras: cameras.filter(({ enabled, analyse }) => enabled && analyse.model === id).map((one) => one.id),
    }));
  }

  /** @throws {AppError} `model/catalogue-invalid` */
  async catalogue(): Promise<CatalogueModelView[]> {
    const places = modelPlaces(this.#options.env);
    const views: CatalogueModelView[] = [];
    // One after the other: hashing takes a thread of four.
    for (const entry of (await this.#read()).values()) {
      const { presence } = await presenceOf(entry, places, this.#hashes.of);
      const pull = this.#pulls.view(entry.name);
      views.push({ ...catalogueView(entry), presence, ...(pull !== undefined && { pull }) });
    }
    return views;
  }

  /** @throws {AppError} `model/catalogue-invalid`, `model/not-found`, `model/licence-not-accepted` */
  async pull(name: string, accepted: readonly string[]): Promise<ModelPullView> {
    return this.#pulls.start(findModel(await this.#read(), name), accepted);
  }

  /** @throws {AppError} `model/catalogue-invalid`, `model/not-found` */
  async cancelPull(name: string): Promise<void> {
    await this.#pulls.cancel(findModel(await this.#read(), name).name);
  }

  close(): Promise<void> {
    return this.#pulls.close();
  }

  /** It is read once. */
  #read(): Promise<Catalogue> {
    return (this.#catalogue ??= (this.#options.readCatalogue ?? readCatalogue)());
  }

  #stateView(state: ModelState): Omit<ModelView, 'id' | 'cameras'> {
    if (state.state === 'loading') return { state: 'loading' };
    if (state.state === 'failed')
      return { state: state.isOldInUse ? 'old' : 'failed', reason: state.error.message };
    const { version, family, provider, fallbacks, labels, precision, input } = state;
    const speed = this.#times.of(version, provider);
    return {
      state: 'ready',
      ...{ model: version, family, precision, provider, fallbacks, labels },
      input:
        'stridePx' in input
          ? { multipleOf: input.stridePx }
          : { width: input.widthPx, height: input.heightPx },
      ...(speed !== undefined && { speed }),
    };
  }
}

/** The entry that a model is: by its name, or by the hash of its file. The name that a file gives itself proves nothing. */
function entryOf(
  id: string,
  state: ModelState,
  models: readonly ModelConfig[],
  catalogue: Catalogue,
): CatalogueEntry | undefined {
  const source = models.find((model) => model.id === id)?.source;
  const entries = [...catalogue.values()];
  if (source === undefined && id === DEFAULT_MODEL_ID)
    return entries.find(({ task, convertedFrom }) => task === 'detect' && convertedFrom !== undefined);
  if (source !== undefined && 'catalogueName' in source) return catalogue.get(source.catalogueName);
  const hash = state.state === 'ready' ? /@sha256:([0-9a-f]{12,})$/.exec(state.version)?.[1] : undefined;
  if (hash === undefined) return undefined;
  return entries.find(({ files }) => files.some(({ sha256 }) => sha256?.startsWith(hash)));
}

function licenceView(entry: CatalogueEntry | undefined): Pick<ModelView, 'catalogue' | 'licence'> {
  return entry === undefined ? {} : { catalogue: entry.name, licence: entry.licence };
}

function catalogueView(entry: CatalogueEntry): Omit<CatalogueModelView, 'presence'> {
  const { name, task, family, licence, origin, note, cost, cocoAp, files } = entry;
  const sizes = files.map(({ sizeBytes }) => sizeBytes);
  const isSized = sizes.length > 0 && !sizes.includes(null);
  const bytes = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  return {
    ...{ name, task, family, licence, isPermissive: isPermissive(licence), origin, input: cost.input },
    ...(note !== undefined && { note }),
    ...(cocoAp !== null && { cocoAp: cocoAp.value, cocoApSource: cocoAp.source }),
    ...(isSized && { megabytes: Math.round(bytes / 1e5) / 10 }),
  };
}
