import * as ort from 'onnxruntime-node';
import { messageOf } from '../base/index.js';
import { invalid } from '../models/index.js';
import { PROVIDER } from './provider.js';

/**
 * Opens a session that uses the calling thread alone: with one session per core, threads within a session only get in each
 * other's way, and spinning ones take time from FFmpeg.
 *
 * @param model the bytes of the model; not shared memory, which the runtime refuses
 * @throws {AppError} `model/invalid` when the runtime cannot load it
 */
export async function openSession(model: Uint8Array): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(model, {
      executionProviders: [PROVIDER],
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      // Only errors: the runtime warns on stderr of every fallback that it takes by itself.
      logSeverityLevel: 3,
      extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
    });
  } catch (error) {
    throw invalid(`ONNX Runtime refuses it (${messageOf(error)})`, error);
  }
}
