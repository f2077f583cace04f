export { measureBareRun, type BareRun } from './bare-run.js';
export { defaultFollower } from './default-follower.js';
export { defaultCacheDir, ensureDefaultDetector, type DefaultDetectorOptions } from './default-model.js';
export {
  InferencePool,
  type FollowerInfo,
  type InferencePoolOptions,
  type ModelInfo,
} from './inference-pool.js';
export type { Fallback, Provider, ProviderPlan } from './provider.js';
export { KernelStore } from './kernel-store.js';
export type { Follower } from './follower.js';
export { loadFollower, type FollowerSource } from './load-follower.js';
export type { DetectJob, DetectResult, FollowJob, FollowResult } from './messages.js';
export { runModel, type RawTensor, type RawTensors } from './run-model.js';
export { runtimeInfo, type RuntimeInfo } from './runtime-info.js';
export type { PairedTiming } from './compare-models.js';
export { readDetector, type DetectorFile } from './load-model.js';
export type { Picture } from './picture.js';

/** Loads what runs models on the calling thread, and with it ONNX Runtime, which the control process must not load. */
export async function loadTrials() {
  return (await import('./trials.js')).trials;
}
