import type { ModelDescription, TensorDescription } from '../check-model.js';
import type { FollowerDescription, FollowerTuning } from './follower-spec.js';
import type { FollowerPair } from './sightline-pair.js';

const TEMPLATE_PX = 127;
const SEARCH_PX = 255;
const STRIDE_PX = 16;
const KERNEL_CELLS = 8;
const FEATURE_CELLS = 16;
/** The backbone's padded convolutions see cell i around pixel 16·i; pixel numbers are half a pixel less than our coordinates. */
const MIDDLE_PX = SEARCH_PX / 2;

/** `TRACK` in the authors' configv2.yaml and configv3.yaml, by the cells of the score map. */
const TUNINGS: ReadonlyMap<number, FollowerTuning> = new Map([
  [16, { penaltyK: 0.15, windowInfluence: 0.49, sizeRate: 0.385 }],
  [15, { penaltyK: 0.138, windowInfluence: 0.455, sizeRate: 0.348 }],
]);

/**
 * NanoTrack v2 and v3, exported as a backbone for a search crop (`input` [1, 3, 255, 255], BGR 0..255) and a head (features of template
 * and search crop to two logits and four distances for each cell). v2 has 16 cells in each direction, v3 has 15.
 *
 * from  https://github.com/HonglinChu/SiamTrackers/tree/master/NanoTrack, opset 14, Apache-2.0
 */
export function describeNanotrack({ first, second }: FollowerPair): FollowerDescription | undefined {
  const channels = channelsOf(first);
  const gridCells = second.outputs[0]?.dims[3];
  const tuning = typeof gridCells === 'number' ? TUNINGS.get(gridCells) : undefined;
  if (channels === undefined || typeof gridCells !== 'number' || tuning === undefined) return undefined;
  const features = (cells: number) => [1, channels, cells, cells];
  const fits =
    second.inputs.length === 2 &&
    second.outputs.length === 2 &&
    is(second.inputs[0], features(KERNEL_CELLS)) &&
    is(second.inputs[1], features(FEATURE_CELLS)) &&
    is(second.outputs[0], [1, 2, gridCells, gridCells]) &&
    is(second.outputs[1], [1, 4, gridCells, gridCells]);
  if (!fits) return undefined;
  return {
    family: 'nanotrack',
    geometry: {
      templatePx: TEMPLATE_PX,
      searchPx: SEARCH_PX,
      gridCells,
      stridePx: STRIDE_PX,
      firstCellPx: MIDDLE_PX - Math.floor(gridCells / 2) * STRIDE_PX,
      context: 0.5,
    },
    tuning,
    order: 'bgr',
    kernel: [channels, KERNEL_CELLS, KERNEL_CELLS],
    embeddingLength: 0,
    batchMax: 1,
  };
}

function channelsOf({ inputs, outputs }: ModelDescription): number | undefined {
  const channels = outputs[0]?.dims[1];
  if (inputs.length !== 1 || outputs.length !== 1 || typeof channels !== 'number') return undefined;
  if (!is(inputs[0], [1, 3, SEARCH_PX, SEARCH_PX])) return undefined;
  return is(outputs[0], [1, channels, FEATURE_CELLS, FEATURE_CELLS]) ? channels : undefined;
}

function is(tensor: TensorDescription | undefined, dims: readonly number[]): boolean {
  return (
    tensor?.type === 'float' &&
    tensor.dims.length === dims.length &&
    dims.every((length, at) => tensor.dims[at] === length)
  );
}
