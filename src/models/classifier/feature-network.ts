import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { FOLLOWER_TENSORS } from '../follower/follower-spec.js';
import { GraphBuilder } from '../onnx/graph-builder.js';
import { ModelProtoSchema, type GraphProto } from '../onnx/gen/onnx_pb.js';
import { invalid } from '../model-errors.js';

/** Side of both pictures that {@link featureNetwork} takes, px. */
export const FEATURE_SIDE_PX = 64;
/** Length of the two groups of features: of the follower's kernel, and of the colours. */
export const FEATURE_GROUPS = [128, 24] as const;
/** Names of the tensors of a feature network, and of what {@link classifierModel} makes of it. */
export const FEATURE_TENSORS = {
  boxed: FOLLOWER_TENSORS.crop,
  stretched: 'stretched',
  features: 'features',
  probabilities: 'probabilities',
} as const;

/** The follower's kernel has 64 channels of 8 × 8; an upper and a lower half are told apart. */
const KERNEL = [64, 8] as const;
const HALF = KERNEL[1] / 2;
const BINS = 8;
/** The part of the stretched picture that its colours are taken from: at its border is what is behind the object. */
const [TOP, LEFT] = [8, 12];
/** Lightness, red against green, yellow against blue: rows of weights of red, green and blue, 0..1 each, and what is added. */
const OPPONENTS = [
  [1 / 3, 1 / 3, 1 / 3, 0],
  [2, -2, 0, 0.5],
  [1, 1, -2, 0.5],
] as const;
/** Below all that a share of a picture may be, so that a root's slope at 0 does no harm. */
const LEAST = 1e-12;
const [STRETCHED, FEATURES] = [FEATURE_TENSORS.stretched, FEATURE_TENSORS.features];

/**
 * Makes the network whose numbers classifiers are trained on out of the template network of the default follower: its kernel, pooled over
 * the upper and the lower half, beside a histogram of colours (opponent colours, eight overlapping bins each; roots, as Hellinger's
 * distance has them).
 *
 * In: `crop` float32 [N, 3, 64, 64], RGB 0..255, the picture of an object with its aspect kept and borders of its mean colour; `stretched`, the
 * same picture over the whole square. Out: `features` float32 [N, 152].
 *
 * @param template bytes of a template network as `prepareFollower` gives it, with a kernel of [64, 8, 8]; only read
 * @throws {AppError} `model/invalid` where it has no such kernel
 */
export function featureNetwork(template: Uint8Array): Uint8Array {
  const model = fromBinary(ModelProtoSchema, template);
  const graph = model.graph!;
  const kernel = graph.output.find(({ name }) => name === FOLLOWER_TENSORS.kernel);
  if (kernel === undefined) throw invalid(`it has no output "${FOLLOWER_TENSORS.kernel}"`);
  const tail = new GraphBuilder('features_');
  tail.input(STRETCHED, 'float32', ['N', 3, FEATURE_SIDE_PX, FEATURE_SIDE_PX]);
  const pooled = tail.node('AveragePool', [kernel.name], windowOf([HALF, KERNEL[1]]));
  const parts = [tail.node('Flatten', [pooled]), colours(tail)];
  tail.node('Concat', parts, { axis: { int: 1 } }, FEATURES);
  tail.output(FEATURES, ['N', FEATURE_GROUPS[0] + FEATURE_GROUPS[1]]);
  graph.output = [];
  append(graph, tail);
  return toBinary(ModelProtoSchema, model);
}

/** Adds what was built to a graph, behind its nodes. */
export function append(graph: GraphProto, tail: GraphBuilder): void {
  const made = fromBinary(ModelProtoSchema, tail.build('tail')).graph!;
  graph.node.push(...made.node);
  graph.initializer.push(...made.initializer);
  graph.input.push(...made.input);
  graph.output.push(...made.output);
}

/** The histogram, [N, 24]. */
function colours(tail: GraphBuilder): string {
  const inner = tail.node('Slice', [
    STRETCHED,
    tail.int64s([TOP, LEFT]),
    tail.int64s([FEATURE_SIDE_PX - TOP, FEATURE_SIDE_PX - LEFT]),
    tail.int64s([2, 3]),
  ]);
  const weights = OPPONENTS.flatMap((row) => row.slice(0, 3).map((weight) => weight / 255));
  const opponent = tail.node(
    'Conv',
    [
      inner,
      tail.floats([3, 3, 1, 1], Float32Array.from(weights)),
      tail.floats(
        [3],
        Float32Array.from(OPPONENTS, (row) => row[3]),
      ),
    ],
    { kernel_shape: { ints: [1, 1] } },
  );
  const one = tail.floats([1], Float32Array.of(1));
  const zero = tail.floats([1], Float32Array.of(0));
  const within = tail.node('Max', [tail.node('Min', [opponent, one]), zero]);
  // [N, 3, 1, h, w] against [8, 1, 1]: how near each pixel is to the middle of each bin, in bins.
  const spread = tail.node('Unsqueeze', [within, tail.int64s([2])]);
  const middles = tail.floats(
    [BINS, 1, 1],
    Float32Array.from({ length: BINS }, (_, i) => i / (BINS - 1)),
  );
  const distance = tail.node('Abs', [tail.node('Sub', [spread, middles])]);
  const inBins = tail.node('Mul', [distance, tail.floats([1], Float32Array.of(BINS - 1))]);
  const share = tail.node('Relu', [tail.node('Sub', [one, inBins])]);
  const mean = tail.node('ReduceMean', [share], { axes: { ints: [3, 4] }, keepdims: { int: 0 } });
  const root = tail.node('Sqrt', [tail.node('Max', [mean, tail.floats([1], Float32Array.of(LEAST))])]);
  return tail.node('Flatten', [root]);
}

function windowOf(sides: readonly [number, number]) {
  return { kernel_shape: { ints: sides }, strides: { ints: sides } };
}
