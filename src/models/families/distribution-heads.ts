import type { Size } from '../../geometry/index.js';
import type { ModelDescription, TensorDescription } from '../check-model.js';
import type { DetectorDescription, DetectOptions, Tensors } from '../detector-spec.js';
import type { Letterbox } from '../../geometry/index.js';
import { Candidates } from './candidates.js';
import { collectDistributions } from './distribution.js';
import { cellCount, isFixed, levelsOf, mayBe } from './shapes.js';
import { floats } from './tensors.js';

/** What the outputs of each stride say, as facts of a description, and how many classes there are. */
export interface DistributionHeads {
  readonly classes: number;
  readonly facts: Readonly<Record<string, string>>;
}

/**
 * Finds the outputs of networks that deliver, for each stride, class scores [1, cells, C] and distances [1, cells, 4 × bins]:
 * told by their cells where the size is fixed, by their order where it is open.
 */
export function findHeads(
  { outputs }: ModelDescription,
  size: Size | 'dynamic',
  stridesPx: readonly number[],
): DistributionHeads | undefined {
  if (outputs.length !== 2 * stridesPx.length || !outputs.every(({ dims }) => mayBe(dims, [1, '*', '*'])))
    return undefined;
  const sides = outputs.filter((output) => areSides(output, outputs));
  const scores = outputs.filter((output) => !sides.includes(output));
  const classes = scores[0]?.dims[2];
  const bins = sides[0]?.dims[2];
  if (sides.length !== stridesPx.length || !isFixed(classes) || !isFixed(bins) || bins % 4 !== 0)
    return undefined;
  if (
    ![...scores.map(({ dims }) => dims[2] === classes), ...sides.map(({ dims }) => dims[2] === bins)].every(
      Boolean,
    )
  )
    return undefined;
  const facts: Record<string, string> = {};
  for (const [index, stridePx] of stridesPx.entries()) {
    const isOfStride = ({ dims }: TensorDescription) =>
      size !== 'dynamic' && dims[1] === cellCount(size, [stridePx]);
    const scoresOf = size === 'dynamic' ? scores[index] : scores.find(isOfStride);
    const sidesOf = size === 'dynamic' ? sides[index] : sides.find(isOfStride);
    if (scoresOf === undefined || sidesOf === undefined) return undefined;
    facts[`scores ${stridePx}`] = scoresOf.name;
    facts[`sides ${stridePx}`] = sidesOf.name;
  }
  return { classes, facts };
}

/** Told by name, else by the 4 × 8 bins that all published models have, else by coming behind the scores. */
function areSides({ name, dims }: TensorDescription, outputs: readonly TensorDescription[]): boolean {
  const isSideName = (text: string) => /dis|reg|bbox|box/i.test(text);
  if (outputs.some((output) => isSideName(output.name))) return isSideName(name);
  const lengths = new Set(outputs.map((output) => output.dims[2]));
  if (lengths.size === 2 && lengths.has(32)) return dims[2] === 32;
  return outputs.findIndex((output) => output.name === name) >= outputs.length / 2;
}

/** Collects from all strides; a cell's point lies in its middle. */
export function collectHeads(
  outputs: Tensors,
  placed: Letterbox,
  { scoreMin }: DetectOptions,
  { facts, classes }: DetectorDescription,
  stridesPx: readonly number[],
): Candidates {
  const found = new Candidates();
  for (const level of levelsOf(placed.input, stridesPx)) {
    const cells = level.columns * level.rows;
    const sidesName = String(facts[`sides ${level.stridePx}`]);
    const scores = floats(outputs, String(facts[`scores ${level.stridePx}`]), [1, cells, classes.length]);
    const sides = floats(outputs, sidesName, [1, cells, '*']);
    const sideStep = sides.length / cells;
    const map = {
      level,
      pointAt: 0.5,
      classes: classes.length,
      scores,
      scoreFrom: 0,
      scoreStep: classes.length,
    };
    collectDistributions({ ...map, sides, sideFrom: 0, sideStep, bins: sideStep / 4 }, scoreMin, found);
  }
  return found;
}
