export { measureBareRun, type BareRun } from './bare-run.js';
export { defaultCacheDir, ensureDefaultDetector, type DefaultDetectorOptions } from './default-model.js';
export { InferencePool, type InferencePoolOptions, type ModelInfo } from './inference-pool.js';
export { PROVIDERS, type Fallback, type Provider, type ProviderPlan } from './provider.js';
export type { DetectJob, DetectResult } from './messages.js';
export { runModel, type RawTensor, type RawTensors } from './run-model.js';
export { runtimeInfo, type RuntimeInfo } from './runtime-info.js';
