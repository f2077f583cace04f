import { AppError } from '../base/index.js';
import { centernet } from './centernet.js';
import type { ModelDescription, TensorDescription } from './check-model.js';
import type { DetectorSpec } from './detector-spec.js';

/** A tensor as a family has it; `*` stands for any length, fixed or open. */
interface ExpectedTensor {
  readonly name: string;
  readonly type: string;
  readonly dims: readonly (number | '*')[];
}

/** A family of detectors, told by the names, types and shapes of its inputs and outputs. */
interface DetectorFamily {
  readonly name: string;
  readonly inputs: readonly ExpectedTensor[];
  readonly outputs: readonly ExpectedTensor[];
  /** The spec of a model that fits. */
  spec(model: ModelDescription): DetectorSpec;
}

const FAMILIES: readonly DetectorFamily[] = [
  {
    name: 'centernet',
    inputs: [{ name: 'image', type: 'uint8', dims: [1, '*', '*', 3] }],
    outputs: [
      { name: 'logits', type: 'float', dims: [1, '*', '*', 80] },
      { name: 'best', type: 'float', dims: [1, '*', '*'] },
      { name: 'wh', type: 'float', dims: [1, '*', '*', 4] },
    ],
    spec(model) {
      const [, heightPx, widthPx] = model.inputs[0]!.dims;
      const isFixed = typeof heightPx === 'number' && typeof widthPx === 'number';
      return centernet(isFixed ? { widthPx, heightPx } : 'dynamic');
    },
  },
];

/**
 * Finds out which detector a model is.
 *
 * @throws {AppError} `model/shape` when it is none that we know, saying what was expected and what it has
 */
export function recogniseDetector(model: ModelDescription): DetectorSpec {
  const family = FAMILIES.find(
    ({ inputs, outputs }) => fit(inputs, model.inputs) && fit(outputs, model.outputs),
  );
  if (family !== undefined) return family.spec(model);
  const expected = FAMILIES.map(
    ({ name, inputs, outputs }) => `${name}: in ${list(inputs)}, out ${list(outputs)}`,
  );
  throw new AppError(
    'model/shape',
    'input',
    `This is no detector that Sightline knows. Expected ${expected.join('; or ')}. ` +
      `Got: in ${list(model.inputs)}, out ${list(model.outputs)}.`,
  );
}

function fit(expected: readonly ExpectedTensor[], got: readonly TensorDescription[]): boolean {
  return (
    expected.length === got.length &&
    expected.every(({ name, type, dims }) => {
      const tensor = got.find((candidate) => candidate.name === name);
      return (
        tensor?.type === type &&
        tensor.dims.length === dims.length &&
        dims.every((length, axis) => length === '*' || tensor.dims[axis] === length)
      );
    })
  );
}

function list(tensors: readonly (ExpectedTensor | TensorDescription)[]): string {
  return (
    tensors.map(({ name, type, dims }) => `${name} ${type} [${dims.join(', ')}]`).join(', ') || 'nothing'
  );
}
