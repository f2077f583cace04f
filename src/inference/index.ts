export { measureBareRun, type BareRun } from './bare-run.js';
export { defaultCacheDir, ensureDefaultDetector, type DefaultDetectorOptions } from './default-model.js';
export { InferencePool, type InferencePoolOptions } from './inference-pool.js';
export type { ModelInfo } from './load-model.js';
export type { DetectJob, DetectResult } from './messages.js';
export { runtimeInfo, type RuntimeInfo } from './runtime-info.js';
