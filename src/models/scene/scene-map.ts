import { AppError } from '../../base/index.js';
import type { Size } from '../../geometry/index.js';
import type { OutputTensor } from '../detector-spec.js';
import type { SceneModel } from './scene-model.js';

/** Cells of a map's longer side: finer is no better than what networks answer, and contours run between cells. */
const CELLS_MAX = 224;
/** Of each cell, so many pixels in each direction are looked at. */
const SAMPLES = 2;
/** How far from 1 the channels of a pixel may sum up and still be probabilities. */
const SUM_TOLERANCE = 0.01;

/** What a picture shows where, in cells that are stretched over it. */
export interface SceneMap {
  readonly size: Size;
  /** What zones may be called; {@link probabilities} has one plane more before these, of all that is none of them. */
  readonly classes: readonly string[];
  /** `[1 + classes, height, width]`, 0..1; the planes sum up to 1. The caller's. */
  readonly probabilities: Float32Array;
}

/**
 * Makes a map of a network's output: its channels become probabilities, those of one zone are summed up, and pixels become cells.
 * @throws {AppError} `model/output-shape` for another number of channels than promised, or values that are no numbers
 */
export function decodeScene({ data, dims }: OutputTensor, { output, classSet }: SceneModel): SceneMap {
  const channels = classSet.channels.length;
  const [height, width, depth] =
    output.layout === 'nhwc' ? [dims[1]!, dims[2]!, dims[3]!] : [dims[2]!, dims[3]!, dims[1]!];
  if (!(data instanceof Float32Array) || depth !== channels || data.length !== width * height * channels)
    throw badOutput(output.name, `should be float32 with ${channels} channels and is [${dims.join(', ')}]`);
  const [pixelStep, channelStep] = output.layout === 'nhwc' ? [channels, 1] : [1, width * height];
  const size = cellsOf({ widthPx: width, heightPx: height });
  const classes = Object.keys(classSet.zones);
  const planes = planesOf(classSet, classes);
  const cells = size.widthPx * size.heightPx;
  const probabilities = new Float32Array((1 + classes.length) * cells);
  const areProbabilities = sumUpToOne(data, width * height, { channels, pixelStep, channelStep });
  const pixel = new Float32Array(channels);
  const [xs, ys] = [samples(size.widthPx, width), samples(size.heightPx, height)];
  for (let row = 0; row < size.heightPx; row++)
    for (let column = 0; column < size.widthPx; column++)
      for (const y of ys[row]!)
        for (const x of xs[column]!) {
          const from = (y * width + x) * pixelStep;
          for (let c = 0; c < channels; c++) pixel[c] = data[from + c * channelStep]!;
          const total = areProbabilities ? sum(pixel) : exponents(pixel);
          if (!(total > 0)) throw badOutput(output.name, 'has values that are no numbers');
          const weight = 1 / (total * ys[row]!.length * xs[column]!.length);
          const cell = row * size.widthPx + column;
          for (let c = 0; c < channels; c++) {
            const at = planes[c]! * cells + cell;
            probabilities[at] = probabilities[at]! + pixel[c]! * weight;
          }
        }
  return { size, classes, probabilities };
}

/** The plane of each channel. */
function planesOf({ channels, zones }: SceneModel['classSet'], classes: readonly string[]): number[] {
  return channels.map((name) => 1 + classes.findIndex((zone) => zones[zone]!.includes(name)));
}

function cellsOf({ widthPx, heightPx }: Size): Size {
  const scale = Math.min(1, CELLS_MAX / Math.max(widthPx, heightPx));
  const side = (px: number) => Math.max(1, Math.round(px * scale));
  return { widthPx: side(widthPx), heightPx: side(heightPx) };
}

/** For each cell along one side, the pixels that are looked at. */
function samples(cells: number, pixels: number): number[][] {
  return Array.from({ length: cells }, (_, cell) => {
    const [from, to] = [(cell * pixels) / cells, ((cell + 1) * pixels) / cells];
    const all = Array.from({ length: SAMPLES }, (__, i) =>
      Math.floor(from + ((i + 0.5) / SAMPLES) * (to - from)),
    );
    return [...new Set(all)];
  });
}

/** Whether a network has its softmax within: told by the sums of some pixels' channels. */
function sumUpToOne(
  data: Float32Array,
  pixels: number,
  {
    channels,
    pixelStep,
    channelStep,
  }: { readonly channels: number; readonly pixelStep: number; readonly channelStep: number },
): boolean {
  const step = Math.max(1, Math.floor(pixels / 64));
  for (let pixel = 0; pixel < pixels; pixel += step) {
    let total = 0;
    for (let c = 0; c < channels; c++) {
      const value = data[pixel * pixelStep + c * channelStep]!;
      if (value < -SUM_TOLERANCE) return false;
      total += value;
    }
    if (!(Math.abs(total - 1) <= SUM_TOLERANCE)) return false;
  }
  return true;
}

function sum(values: Float32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Logits become what is proportional to probabilities, in place; gives their sum. */
function exponents(values: Float32Array): number {
  let highest = -Infinity;
  for (const value of values) highest = Math.max(highest, value);
  let total = 0;
  for (let c = 0; c < values.length; c++) total += values[c] = Math.exp(values[c]! - highest);
  return total;
}

function badOutput(name: string, what: string): AppError {
  return new AppError('model/output-shape', 'internal', `Output "${name}" ${what}.`);
}
