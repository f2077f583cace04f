import sharp from 'sharp';
import { AppError, messageOf } from '../base/index.js';
import { runModel, type RawTensor, type RawTensors } from '../inference/index.js';
import type { TensorDescription } from '../models/index.js';
import type { TfjsFiles } from './tfjs-files.js';
import { runTfjs } from './tfjs-reference.js';

/** How far an output of the ONNX model is from TF.js's. */
export interface OutputError {
  /** What was fed. */
  readonly input: string;
  readonly output: string;
  /** Greatest |ONNX − TF.js| of all elements; NaN when only one of them is finite, or the shapes differ. */
  readonly maxAbsError: number;
  /** Greatest |TF.js| of all elements. */
  readonly largestValue: number;
  /** tolerance × max(1, largestValue). */
  readonly allowed: number;
  readonly isWithin: boolean;
}

/** The comparison of an imported model with its source. */
export interface ImportCheck {
  readonly tfjsVersion: string;
  readonly tolerance: number;
  readonly seed: number;
  readonly outputs: readonly OutputError[];
}

/** What to compare. */
export interface ImportCheckOptions {
  readonly source: TfjsFiles;
  /** The imported model. */
  readonly onnx: Uint8Array;
  readonly inputs: readonly TensorDescription[];
  /** Node names. */
  readonly outputs: readonly string[];
  /** Sizes in place of open ones. */
  readonly size?: { readonly widthPx: number; readonly heightPx: number };
  /** A picture for inputs that could take one. */
  readonly picture?: string;
  readonly tolerance: number;
  readonly seed: number;
}

/**
 * Runs the imported model in ONNX Runtime and its source in TF.js, on random numbers of a seed and, where an input has the form of
 * a picture, on a picture in the ranges that models are trained on.
 *
 * @throws {AppError} as {@link runModel}, {@link runTfjs}; `model/picture-unreadable`
 */
export async function checkImport(options: ImportCheckOptions): Promise<ImportCheck> {
  const { source, onnx, outputs, tolerance, seed } = options;
  const feeds = await checkInputs(options);
  const runs = [...feeds.values()];
  const reference = await runTfjs(source, runs, outputs);
  const made = await runModel(onnx, runs);
  const errors = [...feeds.keys()].flatMap((input, run) =>
    outputs.map((output) => {
      const expected = reference.outputs[run]![output]!;
      return { input, output, ...difference(made[run]![output], expected, tolerance) };
    }),
  );
  return { tfjsVersion: reference.version, tolerance, seed, outputs: errors };
}

function difference(
  actual: RawTensor | undefined,
  expected: RawTensor,
  tolerance: number,
): Pick<OutputError, 'maxAbsError' | 'largestValue' | 'allowed' | 'isWithin'> {
  let [maxAbsError, largestValue] = [0, 0];
  const isAlike = actual?.dims.join() === expected.dims.join();
  for (let i = 0; i < expected.data.length; i++) {
    const [a, b] = [actual?.data[i] ?? NaN, expected.data[i]!];
    // Both may be NaN, or the same infinity.
    const error = Object.is(a, b) ? 0 : Math.abs(a - b);
    if (error > maxAbsError || Number.isNaN(error)) maxAbsError = error;
    if (Number.isNaN(maxAbsError)) break;
    if (Number.isFinite(b)) largestValue = Math.max(largestValue, Math.abs(b));
  }
  if (!isAlike) maxAbsError = NaN;
  const allowed = tolerance * Math.max(1, largestValue);
  return { maxAbsError, largestValue, allowed, isWithin: maxAbsError <= allowed };
}

/** The inputs of each run, by a name for it. */
async function checkInputs({
  inputs,
  size,
  picture,
  seed,
}: ImportCheckOptions): Promise<Map<string, RawTensors>> {
  const shaped = inputs.map(({ name, type, dims }) => ({
    name,
    type: type === 'float' ? 'float32' : (type as RawTensor['type']),
    dims: dims.map((length, axis) => lengthOf(length, axis, size)),
  }));
  const random = randomNumbers(seed);
  const feedsOf = (fill: (tensor: (typeof shaped)[number]) => Float32Array) =>
    Object.fromEntries(shaped.map((tensor) => [tensor.name, typed(tensor, fill(tensor))]));
  const noise = ({ type, dims }: (typeof shaped)[number]) =>
    Float32Array.from({ length: elements(dims) }, () => random() * scaleOf(type));
  const feeds = new Map([['random', feedsOf(noise)]]);
  if (picture === undefined || !shaped.some(({ dims }) => isPicture(dims))) return feeds;

  const pixels = new Map<string, Float32Array>();
  for (const { name, dims } of shaped)
    if (isPicture(dims)) pixels.set(name, await readPicture(picture, dims));
  const isFloat = shaped.some(({ name, type }) => pixels.has(name) && type === 'float32');
  for (const highest of isFloat ? [1, 255] : [255])
    feeds.set(
      `picture 0..${highest}`,
      feedsOf((tensor) => pixels.get(tensor.name)?.map((value) => (value * highest) / 255) ?? noise(tensor)),
    );
  return feeds;
}

function lengthOf(length: number | string, axis: number, size: ImportCheckOptions['size']): number {
  if (typeof length === 'number') return length;
  const given = axis === 1 ? size?.heightPx : axis === 2 ? size?.widthPx : undefined;
  return given ?? 1;
}

function elements(dims: readonly number[]): number {
  return dims.reduce((product, length) => product * length, 1);
}

function scaleOf(type: RawTensor['type']): number {
  return { float32: 1, int32: 256, uint8: 256, bool: 2 }[type];
}

function typed({ type, dims }: Omit<RawTensor, 'data'>, values: Float32Array): RawTensor {
  if (type === 'float32') return { type, dims, data: values };
  return { type, dims, data: type === 'int32' ? Int32Array.from(values) : Uint8Array.from(values) };
}

/** Whether a tensor could be one picture, grey or in colour, in TensorFlow's order. */
function isPicture(dims: readonly number[]): boolean {
  return dims.length === 4 && dims[0] === 1 && (dims[3] === 1 || dims[3] === 3) && dims[1]! * dims[2]! > 1;
}

/** A picture as 0..255, stretched to the input, row by row with its channels together. */
async function readPicture(file: string, dims: readonly number[]): Promise<Float32Array> {
  const [, height, width, channels] = dims as [number, number, number, number];
  try {
    const image = sharp(file).resize(width, height, { fit: 'fill' }).removeAlpha();
    const colours = channels === 1 ? image.greyscale() : image.toColourspace('srgb');
    return Float32Array.from(await colours.raw().toBuffer());
  } catch (error) {
    throw new AppError(
      'model/picture-unreadable',
      'input',
      `Cannot read the picture ${file} (${messageOf(error)}).`,
      {
        cause: error,
      },
    );
  }
}

/** Numbers of [0, 1) that follow from a seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
