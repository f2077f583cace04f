import type * as ort from 'onnxruntime-node';
import { AppError, messageOf, systemClock, toAppError } from '../base/index.js';
import { i420Bytes } from '../frames/index.js';
import type { Size } from '../geometry/index.js';
import {
  decoderOf,
  type DecodeDetections,
  type DetectorDescription,
  type DetectorInput,
  type Tensors,
} from '../models/index.js';
import { openBatched, outputsByPicture } from './batched-session.js';
import type { DetectJob, DetectResult } from './messages.js';
import { PicturePlanes } from './picture-planes.js';
import type { Fallback, Provider, ProviderPlan } from './provider.js';
import { openOnProvider, type OpenedSession } from './session.js';

/** Memory for so many pictures of one size, kept from run to run. */
interface Buffers {
  readonly planes: PicturePlanes;
  /** The first run's outputs; later runs write into them instead of allocating megabytes, where all are of one length. */
  outputs?: ort.InferenceSession.OnnxValueMapType;
}

/** When a detector makes itself ready for several pictures in a run: where it runs elsewhere than on the processor, or wherever it can. */
export type Batches = 'auto' | 'always';

/** A detector model with its session, for one thread. Runs block the thread that calls. */
export class Detector {
  /** Where it runs. */
  readonly provider: Provider;
  readonly fallbacks: readonly Fallback[];
  /** Whether several pictures of one size can be looked at in one run. */
  readonly canBatch: boolean;
  readonly #session: ort.InferenceSession;
  readonly #description: DetectorDescription;
  readonly #decode: DecodeDetections;
  /** Of the newest size, by number of pictures: cameras of one shape share them, others cost an allocation at each change. */
  #buffers: Buffers[] = [];
  /** Outputs differ in length from picture to picture. */
  #outputsVary: boolean;

  private constructor(
    { session, provider, fallbacks }: OpenedSession,
    description: DetectorDescription,
    canBatch: boolean,
  ) {
    this.#session = session;
    this.provider = provider;
    this.fallbacks = fallbacks;
    this.canBatch = canBatch;
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
    batches: Batches = 'auto',
  ): Promise<Detector> {
    const single = await openOnProvider(prepared, plan, graphCacheDir);
    const isAsked = batches === 'always' || single.provider !== 'cpu';
    const batched = isAsked ? await openBatched(single, prepared, description, plan) : undefined;
    return new Detector(batched ?? single, description, batched !== undefined);
  }

  /**
   * Looks at one picture.
   *
   * @throws {AppError} `inference/bad-job` when the picture does not lie within its memory or does not fit the model;
   *   `inference/failed` when the runtime fails; `model/output-shape`
   */
  async detect(job: DetectJob): Promise<DetectResult> {
    const [result] = await this.detectAll([job]);
    if (result instanceof AppError) throw result;
    return result!;
  }

  /**
   * Looks at several pictures, all of one input size, in one run; more than one only where {@link canBatch}.
   *
   * @returns for each what {@link detect} would return or throw; one that is bad is not run, and its fault is its own
   * @throws {AppError} `inference/failed`
   */
  async detectAll(jobs: readonly DetectJob[]): Promise<(DetectResult | AppError)[]> {
    const { input } = this.#description;
    const faults = jobs.map((job) => faultOf(job, input));
    const sound = jobs.filter((_, index) => faults[index] === undefined);
    const results = sound.length === 0 ? [] : await this.#detectSound(sound);
    return faults.map((fault) => fault ?? results.shift()!);
  }

  async #detectSound(jobs: readonly DetectJob[]): Promise<(DetectResult | AppError)[]> {
    const { border } = this.#description.input;
    const startedMs = systemClock.monotonicMs();
    const buffers = this.#buffersFor(jobs[0]!.placed.input, jobs.length);
    for (const [index, { memory, byteOffset, frame, placed, light }] of jobs.entries()) {
      const picture = new Uint8Array(memory, byteOffset, i420Bytes(frame));
      buffers.planes.place(index, picture, frame, placed, border, light);
    }
    const preparedMs = systemClock.monotonicMs();
    const outputs = await this.#run(buffers);
    const inferredMs = systemClock.monotonicMs();
    const shares = outputsByPicture(outputs as unknown as Tensors, jobs.length);
    return jobs.map(({ placed, options }, index) => {
      const beganMs = systemClock.monotonicMs();
      try {
        const detections = this.#decode(shares[index]!, placed, options, this.#description);
        return {
          detections,
          preprocessMs: preparedMs - startedMs,
          inferenceMs: inferredMs - preparedMs,
          postprocessMs: systemClock.monotonicMs() - beganMs,
        };
      } catch (error) {
        return toAppError(error);
      }
    });
  }

  async #run(buffers: Buffers): Promise<ort.InferenceSession.OnnxValueMapType> {
    try {
      if (buffers.outputs !== undefined) return await this.#runInto(buffers, buffers.outputs);
      const outputs = await this.#session.run(buffers.planes.feeds);
      if (!this.#outputsVary) buffers.outputs = outputs;
      return outputs;
    } catch (error) {
      this.#buffers = [];
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
      return await this.#session.run(buffers.planes.feeds, outputs);
    } catch {
      delete buffers.outputs;
      const fresh = await this.#session.run(buffers.planes.feeds);
      this.#outputsVary = true;
      return fresh;
    }
  }

  #buffersFor({ widthPx, heightPx }: Size, count: number): Buffers {
    const kept = this.#buffers[0]?.planes.size;
    if (kept?.widthPx !== widthPx || kept.heightPx !== heightPx) this.#buffers = [];
    let buffers = this.#buffers.find(({ planes }) => planes.count === count);
    if (buffers === undefined) {
      buffers = { planes: new PicturePlanes({ widthPx, heightPx }, count) };
      this.#buffers.push(buffers);
    }
    return buffers;
  }
}

/** What is wrong with a job, if anything is. */
function faultOf(
  { memory, byteOffset, frame, placed }: DetectJob,
  input: DetectorInput,
): AppError | undefined {
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
  if (isEven && lies && isPlaced && fits) return undefined;
  return new AppError(
    'inference/bad-job',
    'input',
    `A ${frame.widthPx}×${frame.heightPx} picture at byte ${byteOffset} of ${memory.byteLength}, placed at ` +
      `${placed.padX},${placed.padY} in ${widthPx}×${heightPx}, is not whole, even-sized and within an input of ` +
      (input.size === 'dynamic'
        ? `multiples of ${input.stridePx}.`
        : `${input.size.widthPx}×${input.size.heightPx}.`),
  );
}
