import type { AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto } from './onnx/gen/onnx_pb.js';

/** Every graph of a model: its own, those for training, and those within operators and functions, outer ones first. */
export function* graphsOf(model: ModelProto): Generator<GraphProto> {
  const forTraining = model.trainingInfo.flatMap((info) => [info.initialization, info.algorithm]);
  for (const graph of [model.graph, ...forTraining]) if (graph !== undefined) yield* withInner(graph);
  for (const made of model.functions) {
    yield* innerGraphs(made.attributeProto);
    for (const node of made.node) yield* innerGraphs(node.attribute);
  }
}

/** Every operator of a model, those in nested graphs and in functions too. */
export function* nodesOf(model: ModelProto): Generator<NodeProto> {
  for (const graph of graphsOf(model)) yield* graph.node;
  for (const made of model.functions) yield* made.node;
}

/** Every tensor that a model holds: weights, constants of operators, and the parts of sparse ones. */
export function* tensorsOf(model: ModelProto): Generator<TensorProto> {
  for (const graph of graphsOf(model)) {
    yield* graph.initializer;
    for (const { values, indices } of graph.sparseInitializer) yield* present([values, indices]);
  }
  for (const node of nodesOf(model)) yield* inAttributes(node.attribute);
  for (const made of model.functions) yield* inAttributes(made.attributeProto);
}

/** The graphs within an operator's attributes, with those within them. */
export function* innerGraphs(attributes: readonly AttributeProto[]): Generator<GraphProto> {
  for (const { g, graphs } of attributes)
    for (const graph of [g, ...graphs]) if (graph !== undefined) yield* withInner(graph);
}

function* withInner(graph: GraphProto): Generator<GraphProto> {
  yield graph;
  for (const node of graph.node) yield* innerGraphs(node.attribute);
}

function* inAttributes(attributes: readonly AttributeProto[]): Generator<TensorProto> {
  for (const { t, tensors, sparseTensor, sparseTensors } of attributes) {
    yield* present([t, ...tensors]);
    for (const sparse of [sparseTensor, ...sparseTensors]) yield* present([sparse?.values, sparse?.indices]);
  }
}

function* present(tensors: readonly (TensorProto | undefined)[]): Generator<TensorProto> {
  for (const tensor of tensors) if (tensor !== undefined) yield tensor;
}
