export { measureBareRun, type BareRun } from './bare-run.js';
export { defaultFollower } from './default-follower.js';
export { defaultMaskHead } from './default-mask-head.js';
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
export { loadMaskHead, type MaskHeadSource } from './load-mask-head.js';
export type {
  DetectJob,
  DetectResult,
  FollowJob,
  FollowResult,
  SegmentJob,
  SegmentResult,
} from './messages.js';
export { runModel, type RawTensor, type RawTensors } from './run-model.js';
export { runtimeInfo, type RuntimeInfo } from './runtime-info.js';
export type { PairedTiming } from './compare-models.js';
export { defaultTextModels, type TextModelFiles } from './load-text-models.js';
export type { ReadJob, ReadOptions, ReadResult, TextRead } from './text-messages.js';
export { TextPool } from './text-pool.js';
export { readDetector, type DetectorFile } from './load-model.js';
export type { Picture } from './picture.js';

/** Loads what runs models on the calling thread, and with it ONNX Runtime, which the control process must not load. */
export async function loadTrials() {
  return (await import('./trials.js')).trials;
}

/** Loads what looks at single pictures, for a process of its own: see {@link loadTrials}. */
export async function loadPictureNetworks() {
  return (await import('./picture-networks.js')).PictureNetworks;
}

/** Loads what segments scenes, for a process of its own: see {@link loadTrials}. */
export async function loadSceneNetwork() {
  return (await import('./scene-network.js')).SceneNetwork;
}
