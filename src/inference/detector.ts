import * as ort from 'onnxruntime-node';
import { AppError, messageOf, systemClock } from '../base/index.js';
import { i420Bytes, i420ToPacked } from '../frames/index.js';
import type { Size } from '../geometry/index.js';
import { checkModel, recogniseDetector, type DetectorSpec, type Tensors } from '../models/index.js';
import type { DetectJob, DetectResult } from './messages.js';
import { openSession } from './session.js';

/** Buffers of one input size, kept from run to run. */
interface Buffers {
  readonly size: Size;
  readonly pixels: Uint8Array;
  readonly feeds: ort.InferenceSession.OnnxValueMapType;
  /** The first run's outputs; later runs write into them instead of allocating megabytes. */
  outputs?: ort.InferenceSession.OnnxValueMapType;
}

/** A detector model with its session, for one thread. Runs block the thread that calls. */
export class Detector {
  readonly #session: ort.InferenceSession;
  readonly #spec: DetectorSpec;
  #buffers: Buffers | undefined;

  private constructor(session: ort.InferenceSession, spec: DetectorSpec) {
    this.#session = session;
    this.#spec = spec;
  }

  /** @throws {AppError} `model/invalid`, `model/shape`, `model/external-data-forbidden`, `model/too-large` */
  static async open(model: Uint8Array): Promise<Detector> {
    const spec = recogniseDetector(checkModel(model));
    return new Detector(await openSession(model), spec);
  }

  /**
   * Looks at one picture.
   *
   * @throws {AppError} `inference/bad-job` when the picture does not lie within its memory or does not fit the model;
   *   `inference/failed` when the runtime fails
   */
  async detect(job: DetectJob): Promise<DetectResult> {
    const { input } = this.#spec;
    checkJob(job, input);
    const startedMs = systemClock.monotonicMs();
    const buffers = this.#buffersFor(job.placed.input);
    const picture = new Uint8Array(job.memory, job.byteOffset, i420Bytes(job.frame));
    i420ToPacked(picture, job.frame, job.placed, input.order, buffers.pixels);
    const preparedMs = systemClock.monotonicMs();
    const outputs = await this.#run(buffers);
    const inferredMs = systemClock.monotonicMs();
    const detections = this.#spec.decode(outputs as unknown as Tensors, job.placed, job.options);
    return {
      detections,
      preprocessMs: preparedMs - startedMs,
      inferenceMs: inferredMs - preparedMs,
      postprocessMs: systemClock.monotonicMs() - inferredMs,
    };
  }

  async #run(buffers: Buffers): Promise<ort.InferenceSession.OnnxValueMapType> {
    try {
      buffers.outputs =
        buffers.outputs === undefined
          ? await this.#session.run(buffers.feeds)
          : await this.#session.run(buffers.feeds, buffers.outputs);
      return buffers.outputs;
    } catch (error) {
      this.#buffers = undefined;
      throw new AppError('inference/failed', 'internal', `ONNX Runtime failed: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  /** The newest size's buffers are kept: cameras of one shape share them, others cost one allocation at each change. */
  #buffersFor(size: Size): Buffers {
    const kept = this.#buffers;
    if (kept?.size.widthPx === size.widthPx && kept.size.heightPx === size.heightPx) return kept;
    const pixels = new Uint8Array(size.widthPx * size.heightPx * 3);
    const tensor = new ort.Tensor('uint8', pixels, [1, size.heightPx, size.widthPx, 3]);
    this.#buffers = { size, pixels, feeds: { [this.#spec.input.name]: tensor } };
    return this.#buffers;
  }
}

function checkJob({ memory, byteOffset, frame, placed }: DetectJob, input: DetectorSpec['input']): void {
  const { widthPx, heightPx } = placed.input;
  const isEven =
    frame.widthPx % 2 === 0 && frame.heightPx % 2 === 0 && frame.widthPx > 0 && frame.heightPx > 0;
  const lies = byteOffset >= 0 && byteOffset + i420Bytes(frame) <= memory.byteLength;
  const isPlaced =
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
