import * as ort from 'onnxruntime-node';
import { AppError, messageOf, systemClock } from '../base/index.js';
import { i420Bytes, placeI420 } from '../frames/index.js';
import type { Size } from '../geometry/index.js';
import {
  decoderOf,
  PLANES,
  type DecodeDetections,
  type DetectorDescription,
  type DetectorInput,
  type Tensors,
} from '../models/index.js';
import type { DetectJob, DetectResult } from './messages.js';
import type { Fallback, Provider, ProviderPlan } from './provider.js';
import { openOnProvider, type OpenedSession } from './session.js';

/** Buffers of one input size, kept from run to run. */
interface Buffers {
  readonly size: Size;
  /** An I420 picture of the input's size; the tensors in `feeds` are views of it. */
  readonly picture: Uint8Array;
  readonly feeds: ort.InferenceSession.OnnxValueMapType;
  /** The first run's outputs; later runs write into them instead of allocating megabytes, where all are of one length. */
  outputs?: ort.InferenceSession.OnnxValueMapType;
}

/** A detector model with its session, for one thread. Runs block the thread that calls. */
export class Detector {
  /** Where it runs. */
  readonly provider: Provider;
  readonly fallbacks: readonly Fallback[];
  readonly #session: ort.InferenceSession;
  readonly #description: DetectorDescription;
  readonly #decode: DecodeDetections;
  #buffers: Buffers | undefined;
  /** Outputs differ in length from picture to picture. */
  #outputsVary: boolean;

  private constructor({ session, provider, fallbacks }: OpenedSession, description: DetectorDescription) {
    this.#session = session;
    this.provider = provider;
    this.fallbacks = fallbacks;
    this.#description = description;
    this.#decode = decoderOf(description);
    this.#outputsVary = description.outputsVary ?? false;
  }

  /**
   * @param prepared a model that went through `prepareDetector`; not shared memory
   * @throws {AppError} `model/invalid`, `inference/provider-missing`
   */
  static async open(
    prepared: Uint8Array,
    description: DetectorDescription,
    plan: ProviderPlan,
    graphCacheDir?: string,
  ): Promise<Detector> {
    return new Detector(await openOnProvider(prepared, plan, graphCacheDir), description);
  }

  /**
   * Looks at one picture.
   *
   * @throws {AppError} `inference/bad-job` when the picture does not lie within its memory or does not fit the model;
   *   `inference/failed` when the runtime fails
   */
  async detect(job: DetectJob): Promise<DetectResult> {
    const { input } = this.#description;
    checkJob(job, input);
    const startedMs = systemClock.monotonicMs();
    const buffers = this.#buffersFor(job.placed.input);
    const picture = new Uint8Array(job.memory, job.byteOffset, i420Bytes(job.frame));
    placeI420(picture, job.frame, job.placed, input.border, buffers.picture);
    const preparedMs = systemClock.monotonicMs();
    const outputs = await this.#run(buffers);
    const inferredMs = systemClock.monotonicMs();
    const tensors = outputs as unknown as Tensors;
    const detections = this.#decode(tensors, job.placed, job.options, this.#description);
    return {
      detections,
      preprocessMs: preparedMs - startedMs,
      inferenceMs: inferredMs - preparedMs,
      postprocessMs: systemClock.monotonicMs() - inferredMs,
    };
  }

  async #run(buffers: Buffers): Promise<ort.InferenceSession.OnnxValueMapType> {
    try {
      if (buffers.outputs !== undefined) return await this.#runInto(buffers, buffers.outputs);
      const outputs = await this.#session.run(buffers.feeds);
      if (!this.#outputsVary) buffers.outputs = outputs;
      return outputs;
    } catch (error) {
      this.#buffers = undefined;
      throw new AppError('inference/failed', 'internal', `ONNX Runtime failed: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  /** The runtime refuses memory of another length than it needs: a model whose outputs vary after all is run again, and known from then on. */
  async #runInto(
    buffers: Buffers,
    outputs: ort.InferenceSession.OnnxValueMapType,
  ): Promise<ort.InferenceSession.OnnxValueMapType> {
    try {
      return await this.#session.run(buffers.feeds, outputs);
    } catch {
      delete buffers.outputs;
      const fresh = await this.#session.run(buffers.feeds);
      this.#outputsVary = true;
      return fresh;
    }
  }

  /** The newest size's buffers are kept: cameras of one shape share them, others cost one allocation at each change. */
  #buffersFor(size: Size): Buffers {
    const kept = this.#buffers;
    if (kept?.size.widthPx === size.widthPx && kept.size.heightPx === size.heightPx) return kept;
    const picture = new Uint8Array(i420Bytes(size));
    this.#buffers = { size, picture, feeds: planeTensors(picture, size) };
    return this.#buffers;
  }
}

/** The inputs of a prepared model as views of an I420 picture. */
export function planeTensors(
  picture: Uint8Array,
  { widthPx, heightPx }: Size,
): ort.InferenceSession.OnnxValueMapType {
  const lumaBytes = widthPx * heightPx;
  const chromaBytes = lumaBytes / 4;
  const chroma = [1, 1, heightPx / 2, widthPx / 2];
  const plane = (from: number, bytes: number, dims: readonly number[]) =>
    new ort.Tensor('uint8', picture.subarray(from, from + bytes), dims);
  const [luma, u, v] = PLANES;
  return {
    [luma]: plane(0, lumaBytes, [1, 1, heightPx, widthPx]),
    [u]: plane(lumaBytes, chromaBytes, chroma),
    [v]: plane(lumaBytes + chromaBytes, chromaBytes, chroma),
  };
}

function checkJob({ memory, byteOffset, frame, placed }: DetectJob, input: DetectorInput): void {
  const { widthPx, heightPx } = placed.input;
  const isEven =
    frame.widthPx % 2 === 0 && frame.heightPx % 2 === 0 && frame.widthPx > 0 && frame.heightPx > 0;
  const lies = byteOffset >= 0 && byteOffset + i420Bytes(frame) <= memory.byteLength;
  const isPlaced =
    placed.padX % 2 === 0 &&
    placed.padY % 2 === 0 &&
    placed.padX >= 0 &&
    placed.padY >= 0 &&
    placed.padX + frame.widthPx <= widthPx &&
    placed.padY + frame.heightPx <= heightPx;
  const fits =
    input.size === 'dynamic'
      ? widthPx % input.stridePx === 0 && heightPx % input.stridePx === 0
      : widthPx === input.size.widthPx && heightPx === input.size.heightPx;
  if (isEven && lies && isPlaced && fits) return;
  throw new AppError(
    'inference/bad-job',
    'input',
    `A ${frame.widthPx}×${frame.heightPx} picture at byte ${byteOffset} of ${memory.byteLength}, placed at ` +
      `${placed.padX},${placed.padY} in ${widthPx}×${heightPx}, is not whole, even-sized and within an input of ` +
      (input.size === 'dynamic'
        ? `multiples of ${input.stridePx}.`
        : `${input.size.widthPx}×${input.size.heightPx}.`),
  );
}
