import { AppError } from '../base/index.js';
import type { ModelDescription, TensorDescription } from './check-model.js';
import type { DecodeDetections, DetectorDescription, DetectorInput } from './detector-spec.js';
import { FAMILIES } from './families/index.js';

/** Longest side of a fixed input. */
const INPUT_SIDE_MAX_PX = 4096;

/**
 * Finds out which detector a model is.
 *
 * @param family the one that the user says it is; the model is then held against no other
 * @throws {AppError} `model/shape` when it is none that we know, or not the one said, naming what was expected and what it has;
 *   `model/unknown-family`; `model/input-size`
 */
export function recogniseDetector(model: ModelDescription, family?: string): DetectorDescription {
  const candidates = family === undefined ? FAMILIES : FAMILIES.filter(({ name }) => name === family);
  if (candidates.length === 0) throw unknownFamily(family ?? '');
  for (const candidate of candidates) {
    const description = candidate.describe(model);
    if (description === undefined) continue;
    checkInputSize(description.input);
    return { ...description, outputsVary: model.outputsVary ?? false };
  }
  const got = `Got: in ${list(model.inputs)}, out ${list(model.outputs)}.`;
  const [only] = candidates;
  throw new AppError(
    'model/shape',
    'input',
    family === undefined || only === undefined
      ? `This is no detector that Sightline knows: its inputs and outputs fit none of the families in docs/models.md. ${got}`
      : `This is no ${only.name}. Expected ${only.signature}. ${got}`,
  );
}

/** Pictures come with their colours halved in both directions; and a model must not have any amount of memory allocated for it. */
function checkInputSize({ name, size }: DetectorInput): void {
  if (size === 'dynamic') return;
  const { widthPx, heightPx } = size;
  const isFit = (lengthPx: number) => lengthPx >= 2 && lengthPx <= INPUT_SIDE_MAX_PX && lengthPx % 2 === 0;
  if (isFit(widthPx) && isFit(heightPx)) return;
  throw new AppError(
    'model/input-size',
    'input',
    `Input "${name}" takes pictures of ${widthPx}×${heightPx}; width and height must be even and at most ${INPUT_SIDE_MAX_PX}. ` +
      'Export the model with another size.',
  );
}

/**
 * How a recognised detector's outputs are read.
 * @throws {AppError} `model/unknown-family`
 */
export function decoderOf({ family }: DetectorDescription): DecodeDetections {
  const found = FAMILIES.find(({ name }) => name === family);
  if (found === undefined) throw unknownFamily(family);
  return found.decode;
}

function unknownFamily(family: string): AppError {
  const names = FAMILIES.map(({ name }) => name).join(', ');
  return new AppError(
    'model/unknown-family',
    'input',
    `There is no family of detectors "${family}"; the families are ${names}.`,
  );
}

function list(tensors: readonly TensorDescription[]): string {
  return (
    tensors.map(({ name, type, dims }) => `${name} ${type} [${dims.join(', ')}]`).join(', ') || 'nothing'
  );
}
