import * as ort from 'onnxruntime-node';
import { AppError, messageOf } from '../base/index.js';

/** Shapes of one item of a network's inputs and outputs, all float32, by their names. */
export interface NetworkShapes {
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly outputs: Readonly<Record<string, readonly number[]>>;
}

/** The tensors of runs with one number of items. */
interface Run {
  readonly feeds: ort.InferenceSession.OnnxValueMapType;
  /** The first run's outputs; later runs write into them. */
  outputs?: ort.InferenceSession.OnnxValueMapType;
}

/** A session that is run on one to `batchMax` items, in memory that stays. */
export class CropNetwork {
  readonly #session: ort.InferenceSession;
  readonly #shapes: NetworkShapes;
  readonly #inputs = new Map<string, Float32Array>();
  readonly #runs: Run[];
  #outputs: ort.InferenceSession.OnnxValueMapType = {};

  constructor(session: ort.InferenceSession, batchMax: number, shapes: NetworkShapes) {
    this.#session = session;
    this.#shapes = shapes;
    for (const [name, shape] of Object.entries(shapes.inputs))
      this.#inputs.set(name, new Float32Array(batchMax * lengthOf(shape)));
    this.#runs = Array.from({ length: batchMax }, (_, i) => ({ feeds: this.#feeds(i + 1) }));
  }

  /** Where an input of an item is to be written; stays the network's. */
  input(name: string, item: number): Float32Array {
    return itemOf(this.#inputs.get(name)!, this.#shapes.inputs[name]!, item);
  }

  /** An output of an item, valid until the next run. */
  output(name: string, item: number): Float32Array {
    return itemOf(this.#outputs[name]!.data as Float32Array, this.#shapes.outputs[name]!, item);
  }

  /**
   * Runs on the first `count` items, whose inputs are written.
   * @throws {AppError} `model/output-shape`; `inference/failed` when the runtime fails
   */
  async run(count: number): Promise<void> {
    const run = this.#runs[count - 1]!;
    if (run.outputs !== undefined) {
      this.#outputs = await this.#session.run(run.feeds, run.outputs).catch(runtimeFailed);
      return;
    }
    const outputs = await this.#session.run(run.feeds).catch(runtimeFailed);
    for (const [name, shape] of Object.entries(this.#shapes.outputs)) {
      const made = outputs[name];
      const isFit = made?.data instanceof Float32Array && made.data.length === count * lengthOf(shape);
      if (!isFit)
        throw new AppError(
          'model/output-shape',
          'internal',
          `The output "${name}" has the shape [${made?.dims.join(', ') ?? 'none'}], and [${count}, ${shape.join(', ')}] was promised.`,
        );
    }
    run.outputs = outputs;
    this.#outputs = outputs;
  }

  async close(): Promise<void> {
    await this.#session.release();
  }

  #feeds(count: number): ort.InferenceSession.OnnxValueMapType {
    return Object.fromEntries(
      Object.entries(this.#shapes.inputs).map(([name, shape]) => {
        const data = this.#inputs.get(name)!.subarray(0, count * lengthOf(shape));
        return [name, new ort.Tensor('float32', data, [count, ...shape])];
      }),
    );
  }
}

function itemOf(all: Float32Array, shape: readonly number[], item: number): Float32Array {
  const length = lengthOf(shape);
  return all.subarray(item * length, (item + 1) * length);
}

function lengthOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** The items in parts of at most `countMax`. */
export function* batches<Item>(items: readonly Item[], countMax: number): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += countMax) yield items.slice(from, from + countMax);
}

function runtimeFailed(error: unknown): never {
  throw new AppError('inference/failed', 'internal', `ONNX Runtime failed: ${messageOf(error)}`, {
    cause: error,
  });
}
