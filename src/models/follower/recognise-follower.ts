import { AppError } from '../../base/index.js';
import type { ModelDescription, TensorDescription } from '../check-model.js';
import type { FollowerDescription } from './follower-spec.js';
import { describeNanotrack } from './nanotrack.js';
import { describeSightline, type FollowerPair } from './sightline-pair.js';

/**
 * Finds out which follower two files are: one of ours (template and search), or NanoTrack's v2 or v3 (backbone and head).
 *
 * @param first the file that makes templates, or the backbone
 * @param second the file that searches, or the head
 * @throws {AppError} `model/shape` when they are no pair that we know
 */
export function recogniseFollower(first: ModelDescription, second: ModelDescription): FollowerDescription {
  const pair: FollowerPair = { first, second };
  const found = describeSightline(pair) ?? describeNanotrack(pair);
  if (found !== undefined) return found;
  throw new AppError(
    'model/shape',
    'input',
    'These two files are no follower that Sightline knows: template.onnx and search.onnx of its own (docs/follow.md), or ' +
      `backbone and head of NanoTrack v2 or v3. Got: ${list(first)}; and ${list(second)}.`,
  );
}

function list({ inputs, outputs }: ModelDescription): string {
  const all = (tensors: readonly TensorDescription[]) =>
    tensors.map(({ name, type, dims }) => `${name} ${type} [${dims.join(', ')}]`).join(', ') || 'nothing';
  return `in ${all(inputs)}, out ${all(outputs)}`;
}
