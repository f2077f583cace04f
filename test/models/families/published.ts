import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { planAnalysis } from '../../../src/engine/analysis-plan.js';
import { readYoloLabels } from '../../../src/evaluation/index.js';
import { boxIou, type Box, type Detection, type Size } from '../../../src/geometry/index.js';
import { Detector } from '../../../src/inference/detector.js';
import {
  checkModel,
  COCO_CLASSES,
  prepareDetector,
  recogniseDetector,
  type DetectorDescription,
} from '../../../src/models/index.js';
import { GraphBuilder, type Dim } from '../../../src/models/onnx/graph-builder.js';
import { sharedDir } from '../../support/shared-data.js';

/** An output with what it always says; `declared` where the file leaves dimensions open. */
export interface Published {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number>;
  readonly declared?: readonly Dim[];
}

/** A model with the inputs and outputs of a published export, and nothing behind them. */
export interface PublishedModel {
  /** Height and width. */
  readonly input?: readonly [Dim, Dim];
  readonly furtherInputs?: Readonly<Record<string, readonly number[]>>;
  readonly outputs: Readonly<Record<string, Published>>;
  /** Operators with two operands that the graph also has. */
  readonly operators?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The bytes of such a model. */
export function published(model: PublishedModel): Uint8Array {
  const builder = new GraphBuilder();
  builder.input('images', 'float32', [1, 3, ...(model.input ?? [64, 64])]);
  for (const [name, dims] of Object.entries(model.furtherInputs ?? {})) builder.input(name, 'float32', dims);
  const one = builder.floats([1], Float32Array.of(1));
  for (const operator of model.operators ?? []) builder.node(operator, operands(operator, one));
  for (const [name, { dims, data, declared }] of Object.entries(model.outputs)) {
    builder.node('Identity', [builder.floats(dims, Float32Array.from(data))], {}, name);
    builder.output(name, declared ?? dims);
  }
  return builder.build('published', model.metadata);
}

const UNARY = ['Exp', 'Softmax', 'HardSwish', 'LeakyRelu'];
const operands = (operator: string, one: string) => (UNARY.includes(operator) ? [one] : [one, one]);

/** What a model is recognised as. */
export function recognised(model: PublishedModel): DetectorDescription {
  return recogniseDetector(checkModel(published(model)));
}

/** What a model finds, run as the server runs it, in a grey picture of `source` size. */
export async function foundBy(model: PublishedModel, source: Size, scoreMin = 0.3): Promise<Detection[]> {
  const bytes = published(model);
  const description = recogniseDetector(checkModel(bytes));
  const detector = await Detector.open(prepareDetector(bytes, description), description, {
    provider: 'cpu',
    isRequired: true,
  });
  const { frame, placed } = planAnalysis(source, 64, description.input);
  const memory = new SharedArrayBuffer((frame.widthPx * frame.heightPx * 3) / 2);
  const options = { scoreMin, iouMax: 0.6, countMax: 100 };
  return (await detector.detect({ memory, byteOffset: 0, frame, placed, options })).detections;
}

/** Zeros but for what is told row by row: `{ row: values }`. */
export function rowsWith(count: number, width: number, rows: Readonly<Record<number, readonly number[]>>) {
  const data = new Float32Array(count * width);
  for (const [row, values] of Object.entries(rows)) data.set(values, Number(row) * width);
  return data;
}

/** The same numbers, channel by channel. */
export function transposed(data: Float32Array, width: number): Float32Array {
  const count = data.length / width;
  return Float32Array.from(data, (_, at) => data[(at % count) * width + Math.floor(at / count)]!);
}

/** Runs a model file of the shared folder over pictures, as the server does. */
export class RealModel {
  readonly description: DetectorDescription;
  readonly #detector: Detector;

  private constructor(description: DetectorDescription, detector: Detector) {
    this.description = description;
    this.#detector = detector;
  }

  static async open(name: string): Promise<RealModel> {
    const bytes = readFileSync(path.join(sharedDir, 'models', name));
    const description = recogniseDetector(checkModel(bytes));
    return new RealModel(
      description,
      await Detector.open(prepareDetector(bytes, description), description, {
        provider: 'cpu',
        isRequired: true,
      }),
    );
  }

  async look(file: string, scoreMin = 0.3): Promise<Detection[]> {
    const { frame, placed } = planAnalysis(await sizeOf(file), 512, this.description.input);
    const scale = `scale=${frame.widthPx}:${frame.heightPx}:flags=bilinear:out_color_matrix=bt601:out_range=tv,format=yuv420p`;
    const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-vf', scale, '-f', 'rawvideo', '-'], {
      maxBuffer: 64 * 1024 * 1024,
    });
    const memory = new SharedArrayBuffer(raw.length);
    new Uint8Array(memory).set(raw);
    const options = { scoreMin, iouMax: 0.6, countMax: 100 };
    return (await this.#detector.detect({ memory, byteOffset: 0, frame, placed, options })).detections;
  }
}

const sizeOf = async (file: string): Promise<Size> => {
  const { width, height } = await sharp(file).metadata();
  return { widthPx: width, heightPx: height };
};

/** An annotated picture of the shared folder, and its true objects. */
export async function annotated(name: string): Promise<{ file: string; objects: readonly LabelledBox[] }> {
  const file = path.join(sharedDir, 'data/det/images', `${name}.jpg`);
  const text = readFileSync(path.join(sharedDir, 'data/det/labels', `${name}.txt`), 'utf8');
  return { file, objects: readYoloLabels(text, await sizeOf(file), COCO_CLASSES) };
}

interface LabelledBox {
  readonly label: string;
  readonly box: Box;
}

/** The highest IoU of any box of a label with `box`. */
export function bestIou(found: readonly LabelledBox[], label: string, box: Box): number {
  return Math.max(0, ...found.filter((one) => one.label === label).map((one) => boxIou(one.box, box)));
}
