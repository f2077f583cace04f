import * as ort from 'onnxruntime-node';
import { AppError, messageOf } from '../base/index.js';
import { invalid } from '../models/index.js';
import { whyNotInstalled } from './installed-providers.js';
import { openOptimised } from './optimised-graph.js';
import {
  executionProvider,
  providersToTry,
  type Fallback,
  type Provider,
  type ProviderPlan,
} from './provider.js';

/** A session, and where it runs. */
export interface OpenedSession {
  readonly session: ort.InferenceSession;
  readonly provider: Provider;
  /** Providers that were tried before, and why they could not be used. */
  readonly fallbacks: readonly Fallback[];
}

/**
 * Opens a session on the first provider that works.
 *
 * @param model the bytes of the model; not shared memory, which the runtime refuses
 * @param graphCacheDir where optimised graphs are kept; none are when it is absent
 * @throws {AppError} `model/invalid` when the runtime cannot load it; `inference/provider-missing` when a required one cannot be used
 */
export async function openOnProvider(
  model: Uint8Array,
  plan: ProviderPlan,
  graphCacheDir?: string,
): Promise<OpenedSession> {
  const fallbacks: Fallback[] = [];
  for (const provider of providersToTry(plan, process.platform)) {
    if (provider === 'cpu') {
      const session = await openOptimised(model, graphCacheDir, openSession);
      return { session, provider, fallbacks };
    }
    try {
      const reason = whyNotInstalled(provider);
      if (reason !== undefined) throw new Error(reason);
      const session = await ort.InferenceSession.create(model, {
        ...SESSION_OPTIONS,
        executionProviders: [executionProvider(provider, plan)],
      });
      return { session, provider, fallbacks };
    } catch (error) {
      fallbacks.push({ provider, reason: oneLine(messageOf(error)) });
    }
  }
  const [{ provider, reason } = { provider: plan.provider, reason: 'unknown' }] = fallbacks;
  throw new AppError(
    'inference/provider-missing',
    'unavailable',
    `The execution provider ${provider} is required and cannot be used: ${reason}. Install it, or say required: false.`,
  );
}

/**
 * Opens a session on the processor that uses the calling thread alone: with one session per core, threads within a session only
 * get in each other's way, and spinning ones take time from FFmpeg.
 *
 * @param model the bytes of the model; not shared memory, which the runtime refuses
 * @throws {AppError} `model/invalid` when the runtime cannot load it
 */
export async function openSession(
  model: Uint8Array,
  changes: ort.InferenceSession.SessionOptions = {},
): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(model, {
      ...SESSION_OPTIONS,
      executionProviders: ['cpu'],
      ...changes,
    });
  } catch (error) {
    throw invalid(`ONNX Runtime refuses it (${messageOf(error)})`, error);
  }
}

const SESSION_OPTIONS: ort.InferenceSession.SessionOptions = {
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  // Only errors: the runtime warns on stderr of every fallback that it takes by itself.
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
};

/** The runtime's messages run over several lines, and may begin with the place in its source and the condition that did not hold. */
function oneLine(message: string): string {
  return message
    .replace(/\s+/g, ' ')
    .replace(/^\/.* was false\. /, '')
    .slice(0, 300);
}
