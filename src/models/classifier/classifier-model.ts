import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { GraphBuilder } from '../onnx/graph-builder.js';
import { ModelProtoSchema, StringStringEntryProtoSchema } from '../onnx/gen/onnx_pb.js';
import type { ClassifierHead } from './classifier-head.js';
import { append, FEATURE_TENSORS } from './feature-network.js';

/**
 * A classifier as one ONNX model: the feature network with the head behind it. In as `featureNetwork`; out: `probabilities` float32
 * [N, classes], calibrated. Classes (JSON), the least probability of an answer and the version of the features are in its metadata. Whether a
 * picture is like anything that the head was shown is not asked there.
 *
 * @param features bytes of the feature network that the head was trained on; only read
 */
export function classifierModel(
  features: Uint8Array,
  head: ClassifierHead,
  {
    name,
    version,
    unsureBelow,
  }: { readonly name: string; readonly version: number; readonly unsureBelow: number },
): Uint8Array {
  const model = fromBinary(ModelProtoSchema, features);
  const { classes, mean, scale, weights, bias, temperature } = head;
  const tail = new GraphBuilder('head_');
  // Scale, temperature and weights are one matrix: [features, classes].
  const matrix = new Float32Array(mean.length * classes.length);
  const offset = Float32Array.from(bias, (value) => value / temperature);
  weights.forEach((row, k) =>
    row.forEach((weight, i) => {
      const factor = weight / scale[i]! / temperature;
      matrix[i * classes.length + k] = factor;
      offset[k]! -= factor * mean[i]!;
    }),
  );
  const logits = tail.node('Gemm', [
    FEATURE_TENSORS.features,
    tail.floats([mean.length, classes.length], matrix),
    tail.floats([classes.length], offset),
  ]);
  tail.node('Softmax', [logits], { axis: { int: 1 } }, FEATURE_TENSORS.probabilities);
  tail.output(FEATURE_TENSORS.probabilities, ['N', classes.length]);
  model.graph!.output = [];
  append(model.graph!, tail);
  const facts = {
    'sightline.task': 'classify',
    'sightline.name': name,
    'sightline.version': String(version),
    'sightline.classes': JSON.stringify(classes),
    'sightline.unsureBelow': String(unsureBelow),
    'sightline.features': head.features,
  };
  model.metadataProps = Object.entries(facts).map(([key, value]) =>
    create(StringStringEntryProtoSchema, { key, value }),
  );
  return toBinary(ModelProtoSchema, model);
}
