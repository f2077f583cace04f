import type { ModelProto } from './gen/onnx_pb.js';

/** The first IR version in which weights need not be inputs. */
const CONSTANT_WEIGHTS_IR = 4n;

/**
 * Takes weights out of a model's inputs, where old exporters list them. A caller might replace them there, so the runtime would take none
 * of them for constant, and neither reorder them nor fold anything into them.
 */
export function makeWeightsConstant(model: ModelProto): void {
  const graph = model.graph!;
  const weights = new Set(graph.initializer.map(({ name }) => name));
  graph.input = graph.input.filter(({ name }) => !weights.has(name));
  if (model.irVersion < CONSTANT_WEIGHTS_IR) model.irVersion = CONSTANT_WEIGHTS_IR;
}
