import type { Log } from '../base/index.js';
import { DEFAULT_MODEL_ID, type Config, type ModelConfig } from '../config/index.js';
import type { EngineClient, EngineModel, ModelState } from '../engine/index.js';
import type { Metrics } from '../metrics/index.js';
import type { ModelReadiness } from '../server/index.js';

const MIB = 1 << 20;

/** What is needed to tell the engine of models, and others of the engine's. */
export interface ModelsInUseOptions {
  readonly engine: EngineClient;
  /** Path of the detector that comes with Sightline. */
  readonly defaultPath: string;
  /** Folder for engines that TensorRT builds. */
  readonly engineCacheDir: string;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** The models that enabled cameras ask for: known to the engine, and no others. */
export class ModelsInUse {
  readonly #options: ModelsInUseOptions;
  #config: Config | undefined;
  #known = new Set<string>();

  constructor(options: ModelsInUseOptions) {
    this.#options = options;
    options.engine.on('model', (id, state) => this.#onState(id, state));
  }

  /** Makes the models of a configuration known; those that it no longer needs stay until {@link removeUnused}. */
  apply(config: Config): void {
    this.#config = config;
    const configured = new Map(config.models.map((model) => [model.id, model]));
    for (const id of this.#wanted()) {
      this.#known.add(id);
      this.#options.engine.setModel(this.#engineModel(id, configured.get(id)));
    }
  }

  /** Takes away the models that no camera asks for any more. */
  removeUnused(): void {
    const wanted = this.#wanted();
    for (const id of this.#known) if (!wanted.has(id)) this.#options.engine.removeModel(id);
    this.#known = wanted;
  }

  /** How the models are, for `/readyz`. */
  readiness(): ModelReadiness[] {
    return [...this.#options.engine.models].map(([id, state]) => {
      switch (state.state) {
        case 'loading':
          return { id, state: 'loading' };
        case 'ready': {
          const { version, family, provider, fallbacks } = state;
          return { id, state: 'ready', model: version, family, provider, fallbacks };
        }
        case 'failed':
          return { id, state: state.isOldInUse ? 'old' : 'failed', reason: state.error.message };
      }
    });
  }

  /** Labels that cameras ask for and their model does not know, as sentences. */
  unknownLabels(): string[] {
    return (this.#config?.cameras ?? []).flatMap(({ id, enabled, analyse }) => {
      const state = this.#options.engine.models.get(analyse.model);
      if (!enabled || state?.state !== 'ready') return [];
      const unknown = analyse.labels.filter((label) => !state.labels.includes(label));
      if (unknown.length === 0) return [];
      return [
        `camera ${id}: the model ${analyse.model} has no label ${unknown.join(', ')}; it knows ${state.labels.slice(0, 8).join(', ')}${state.labels.length > 8 ? ', …' : ''}`,
      ];
    });
  }

  #wanted(): Set<string> {
    const cameras = this.#config?.cameras ?? [];
    return new Set(cameras.filter(({ enabled }) => enabled).map(({ analyse }) => analyse.model));
  }

  #engineModel(id: string, config: ModelConfig | undefined): EngineModel {
    const { defaultPath, engineCacheDir } = this.#options;
    if (config === undefined)
      return {
        id: DEFAULT_MODEL_ID,
        source: { path: defaultPath },
        plan: { provider: 'auto', isRequired: false },
      };
    const { source, family, provider, required, deviceId, memoryLimitMb } = config;
    return {
      id,
      source,
      ...(family !== undefined && { family }),
      plan: {
        provider,
        isRequired: required,
        engineCacheDir,
        ...(deviceId !== undefined && { deviceId }),
        ...(memoryLimitMb !== undefined && { memoryLimitBytes: memoryLimitMb * MIB }),
      },
    };
  }

  #onState(id: string, state: ModelState): void {
    if (state.state !== 'ready') return;
    const { metrics, log } = this.#options;
    for (const { provider } of state.fallbacks)
      metrics.providerFallbacks.inc({ model: state.version, provider });
    log.info({ model: id, version: state.version, provider: state.provider }, 'model ready');
    for (const sentence of this.unknownLabels()) log.warn({ model: id }, sentence);
  }
}
