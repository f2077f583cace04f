import type { InferenceSession } from 'onnxruntime-node';

/** An execution provider of ONNX Runtime. */
export type Provider = 'tensorrt' | 'cuda' | 'webgpu' | 'coreml' | 'dml' | 'cpu';

/** Where a model shall run. */
export interface ProviderPlan {
  /** `auto`: the best of this platform that works, without those that must be asked for (see {@link providersToTry}). */
  readonly provider: Provider | 'auto';
  /** True: fail rather than fall back to another provider. */
  readonly isRequired: boolean;
  /** Which of several devices, from 0. */
  readonly deviceId?: number;
  /** Device memory that the session may take, bytes (CUDA, TensorRT). */
  readonly memoryLimitBytes?: number;
  /** Folder for engines that TensorRT builds, which may take minutes. */
  readonly engineCacheDir?: string;
}

/** A provider that was tried and could not be used. */
export interface Fallback {
  readonly provider: Provider;
  readonly reason: string;
}

/** Where a model runs unless something else is asked for. */
export const AUTO_PROVIDER: ProviderPlan = { provider: 'auto', isRequired: false };

/**
 * Providers in the order in which they are tried; the processor comes last unless something else is required. `auto` leaves out
 * TensorRT, whose first start takes minutes, and WebGPU, which may be a driver in software, slower than the processor: both
 * are for those who ask for them.
 */
export function providersToTry(
  { provider, isRequired }: ProviderPlan,
  platform: NodeJS.Platform,
): Provider[] {
  if (provider !== 'auto') return isRequired || provider === 'cpu' ? [provider] : [provider, 'cpu'];
  if (platform === 'darwin') return ['coreml', 'cpu'];
  if (platform === 'win32') return ['dml', 'cpu'];
  return ['cuda', 'cpu'];
}

/** ONNX Runtime's own options of a provider. */
export function executionProvider(
  provider: Provider,
  { deviceId = 0, memoryLimitBytes, engineCacheDir }: ProviderPlan,
): InferenceSession.ExecutionProviderConfig {
  const memory = memoryLimitBytes === undefined ? {} : { gpu_mem_limit: String(memoryLimitBytes) };
  switch (provider) {
    case 'cuda':
      return { name: 'cuda', deviceId, ...memory };
    case 'tensorrt':
      return {
        name: 'tensorrt',
        deviceId,
        ...(engineCacheDir !== undefined && {
          trt_engine_cache_enable: '1',
          trt_engine_cache_path: engineCacheDir,
        }),
        ...(memoryLimitBytes !== undefined && { trt_max_workspace_size: String(memoryLimitBytes) }),
      };
    case 'dml':
      return { name: 'dml', deviceId };
    case 'webgpu':
    case 'coreml':
    case 'cpu':
      return provider;
  }
}
