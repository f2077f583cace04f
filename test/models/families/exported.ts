import { letterbox, type Size } from '../../../src/geometry/index.js';
import { Detector } from '../../../src/inference/detector.js';
import {
  checkModel,
  prepareDetector,
  recogniseDetector,
  type DetectOptions,
  type DetectorDescription,
} from '../../../src/models/index.js';
import {
  GraphBuilder,
  typeNumber,
  type Dim,
  type ElementType,
} from '../../../src/models/onnx/graph-builder.js';

/** An output with values of its own, whatever the picture. Integers and halves are cast from float32. */
export interface FixedOutput {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly type?: ElementType;
  /** What the file says of its shape; the shape itself by default. */
  readonly dims?: readonly Dim[];
}

/** What an exporter writes: inputs and outputs under its own names. */
export interface Layout {
  readonly inputs: Readonly<Record<string, readonly [ElementType, readonly Dim[]]>>;
  readonly outputs: Readonly<Record<string, FixedOutput>>;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Adds outputs that depend on inputs. */
  readonly more?: (builder: GraphBuilder) => void;
}

/** A whole ONNX model with the layout of an exporter. */
export function exported({ inputs, outputs, metadata, more }: Layout): Uint8Array {
  const builder = new GraphBuilder();
  for (const [name, [type, dims]] of Object.entries(inputs)) builder.input(name, type, dims);
  for (const [name, { shape, values, type = 'float32', dims = shape }] of Object.entries(outputs)) {
    const weights = builder.floats(shape, Float32Array.from(values));
    builder.node('Cast', [weights], { to: { int: typeNumber(type) } }, name);
    builder.output(name, dims, type);
  }
  more?.(builder);
  return builder.build('exported', metadata);
}

/** What Sightline makes of a model from its bytes alone. */
export function recognised(model: Uint8Array, family?: string): DetectorDescription {
  return recogniseDetector(checkModel(model), family);
}

const OPTIONS: DetectOptions = { scoreMin: 0.3, iouMax: 0.6, countMax: 100 };

/**
 * Recognises, prepares and runs a model with the real runtime on grey pictures, one for each luma given.
 *
 * @param source shown as it is where the model's input allows, else stretched over it
 */
export async function detectAll(
  model: Uint8Array,
  source: Size,
  pictures: readonly ((luma: Uint8Array) => void)[] = [() => undefined],
  options: Partial<DetectOptions> = {},
) {
  const description = recognised(model);
  const { size } = description.input;
  const frame = size === 'dynamic' ? source : size;
  const placed = letterbox(source, frame, frame);
  const detector = await Detector.open(prepareDetector(model, description), description, {
    provider: 'cpu',
    isRequired: true,
  });
  const area = frame.widthPx * frame.heightPx;
  const results = [];
  for (const draw of pictures) {
    const memory = new SharedArrayBuffer(area * 1.5);
    const picture = new Uint8Array(memory).fill(128);
    draw(picture.subarray(0, area));
    const job = { memory, byteOffset: 0, frame, placed, options: { ...OPTIONS, ...options } };
    results.push((await detector.detect(job)).detections);
  }
  return results;
}

/** Rows of `columns` numbers that are all `fill` but where told: `[row, column, value]`. */
export function matrix(
  rows: number,
  columns: number,
  fill: number,
  cells: readonly (readonly [row: number, column: number, value: number])[],
): number[] {
  const values = new Array<number>(rows * columns).fill(fill);
  for (const [row, column, value] of cells) values[row * columns + column] = value;
  return values;
}
