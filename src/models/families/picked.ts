import { pasteMask, type Box, type Detection, type Letterbox } from '../../geometry/index.js';
import type { TensorDescription } from '../check-model.js';
import type { DetectOptions, DetectorDescription, Tensors } from '../detector-spec.js';
import { Candidates } from './candidates.js';
import { classIndex, type NumberedClasses } from './numbering.js';
import { mayBe } from './shapes.js';
import { numbers } from './tensors.js';

/** Where detections that the model itself has picked are to be found. */
export interface PickedOutputs {
  /** [n, 4] or [1, n, 4] */
  readonly boxes: string;
  /** [n] or [1, n] */
  readonly labels: string;
  readonly scores: string;
  /** [n, 1, rows, columns] or [1, n, rows, columns]: each over its box, or of the input's own size over the whole input. */
  readonly masks?: string;
}

const INTEGERS = new Set(['int64', 'int32']);
const FLOATS = new Set(['float', 'float16']);

/**
 * Which outputs are boxes, labels, scores and perhaps masks, by their types and ranks, or by their names where a file does not
 * tell ranks; undefined when one is missing or there are others.
 *
 * @param hasBatch boxes are [1, n, 4], not [n, 4]
 */
export function pickedOutputs(
  outputs: readonly TensorDescription[],
  hasBatch: boolean,
): PickedOutputs | undefined {
  const rows = hasBatch ? ([1, '*'] as const) : (['*'] as const);
  const isFor = (
    tensor: TensorDescription,
    types: ReadonlySet<string>,
    dims: readonly (number | '*')[],
    name: RegExp,
  ) =>
    types.has(tensor.type) && (tensor.dims.length === 0 ? name.test(tensor.name) : mayBe(tensor.dims, dims));
  const found: Partial<Record<keyof PickedOutputs, string>> = {};
  for (const tensor of outputs) {
    const role = isFor(tensor, INTEGERS, rows, /label|class/i)
      ? 'labels'
      : isFor(tensor, FLOATS, [...rows, 4], /box/i)
        ? 'boxes'
        : isFor(tensor, FLOATS, ['*', '*', '*', '*'], /mask/i)
          ? 'masks'
          : isFor(tensor, FLOATS, rows, /score/i)
            ? 'scores'
            : undefined;
    if (role === undefined || found[role] !== undefined) return undefined;
    found[role] = tensor.name;
  }
  const { boxes, labels, scores, masks } = found;
  if (boxes === undefined || labels === undefined || scores === undefined) return undefined;
  return { boxes, labels, scores, ...(masks === undefined ? {} : { masks }) };
}

/** What the numbers of a box are. */
export interface BoxFormat {
  readonly corners: 'xyxy' | 'yxyx';
  /** Of the input: in pixels, or as shares of its sides. */
  readonly unit: 'pixels' | 'shares';
}

/** The facts that {@link decodePicked} needs. */
export function pickedFacts(
  outputs: PickedOutputs,
  format: BoxFormat,
  { numbering }: NumberedClasses,
): DetectorDescription['facts'] {
  return { ...outputs, ...format, numbering };
}

/** Detections that come as boxes, labels and scores, for families without anything left to suppress. */
export function decodePicked(
  outputs: Tensors,
  placed: Letterbox,
  options: DetectOptions,
  description: DetectorDescription,
): Detection[] {
  const { facts } = description;
  const values = (fact: string, dims: readonly (number | '*')[]) => {
    const name = String(facts[fact]);
    const hasBatch = outputs[name]?.dims.length === dims.length + 1;
    return numbers(outputs, name, hasBatch ? [1, ...dims] : dims);
  };
  const boxes = values('boxes', ['*', 4]);
  const scores = values('scores', [boxes.length / 4]);
  const labels = values('labels', [boxes.length / 4]);
  const toInput = inInputPixels(description, placed);
  const found = new Candidates();
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row]!;
    if (!(score >= options.scoreMin)) continue;
    const label = classIndex(labels[row]!, description);
    if (label !== undefined) found.add(row, label, score, ...toInput(boxes, row * 4));
  }
  const kept = found.kept({ placed, options, description }, true);
  if (facts['masks'] === undefined || kept.length === 0) return kept.map(({ detection }) => detection);
  const maskOf = masksOf(outputs, String(facts['masks']), placed);
  return kept.map(({ row, inInput, detection }) => ({
    ...detection,
    mask: maskOf(row, inInput, detection.box),
  }));
}

function inInputPixels({ facts }: DetectorDescription, { input }: Letterbox) {
  const [across, down] = facts['unit'] === 'shares' ? [input.widthPx, input.heightPx] : [1, 1];
  const [x, y] = facts['corners'] === 'yxyx' ? [1, 0] : [0, 1];
  return (boxes: Float32Array, at: number): [x1: number, y1: number, x2: number, y2: number] => [
    boxes[at + x]! * across,
    boxes[at + y]! * down,
    boxes[at + 2 + x]! * across,
    boxes[at + 2 + y]! * down,
  ];
}

/** Masks of probabilities: of the size of the input, or a small grid over each box. */
function masksOf(outputs: Tensors, name: string, placed: Letterbox) {
  const { input } = placed;
  const values = numbers(outputs, name, ['*', '*', '*', '*']);
  const [rows, columns] = outputs[name]!.dims.slice(2) as [number, number];
  const isWhole = rows === input.heightPx && columns === input.widthPx;
  return (row: number, inInput: Box, box: Box) =>
    pasteMask(
      {
        values: values.subarray(row * rows * columns, (row + 1) * rows * columns),
        rows,
        columns,
        over: isWhole ? [0, 0, input.widthPx, input.heightPx] : inInput,
        threshold: 0.5,
      },
      box,
      placed,
    );
}
