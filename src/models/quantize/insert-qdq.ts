import { clone, create } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProto_DataType as DataType,
  type AttributeProto,
  type ModelProto,
  type NodeProto,
} from '../onnx/gen/onnx_pb.js';
import { dropUnusedWeights } from './fold-graph.js';
import { GraphView, realAttribute } from './graph-view.js';
import {
  int8Weights,
  scaleOf,
  scaleTensors,
  storedConstant,
  tensor,
  type ActivationType,
  type Int8Scale,
} from './int8-values.js';
import { fusedActivation, MOVING, type QuantisationPlan } from './plan-quantisation.js';
import type { ValueRange } from './value-range.js';

/** From opset 13 on ONNX's own QuantizeLinear knows a scale for each channel; before, Microsoft's does the same. */
const PER_CHANNEL_OPSET = 13n;
const MICROSOFT = 'com.microsoft';

/** How values are stored. */
export interface Int8Format {
  readonly activations: ActivationType;
  readonly weightBits: 7 | 8;
}

/**
 * Puts QuantizeLinear and DequantizeLinear around the nodes of a plan, so that the runtime replaces them by int8 kernels, and
 * stores weights as int8 with a scale for each channel. Changes the model.
 *
 * @param ranges of the plan's activations; those without one are taken to be 0 always
 */
export function insertQdq(
  model: ModelProto,
  plan: QuantisationPlan,
  ranges: ReadonlyMap<string, ValueRange>,
  format: Int8Format,
): void {
  const graph = model.graph!;
  const opset = model.opsetImport.find(({ domain }) => domain === '')?.version ?? 1n;
  const domain = opset >= PER_CHANNEL_OPSET ? '' : MICROSOFT;
  if (domain !== '' && !model.opsetImport.some((known) => known.domain === domain))
    model.opsetImport.push(create(OperatorSetIdProtoSchema, { domain, version: 1n }));
  const writer = new QdqWriter(new GraphView(graph), plan, ranges, format, domain);
  graph.node = writer.write();
  graph.valueInfo = [];
  dropUnusedWeights(graph);
}

class QdqWriter {
  readonly #nodes: NodeProto[] = [];
  /** Name of the dequantised form of float values that int8 nodes read. */
  readonly #dequantised = new Map<string, string>();
  readonly #scales = new Map<string, Int8Scale>();

  constructor(
    private readonly view: GraphView,
    private readonly plan: QuantisationPlan,
    private readonly ranges: ReadonlyMap<string, ValueRange>,
    private readonly format: Int8Format,
    private readonly domain: string,
  ) {}

  write(): NodeProto[] {
    // The view's graph lists nodes in the order in which they run.
    const fused = new Set<NodeProto>();
    for (const node of this.view.graph.node) {
      if (fused.has(node) || !this.plan.nodes.has(node.output[0]!)) {
        if (!fused.has(node)) this.#nodes.push(node);
        continue;
      }
      const activation = fusedActivation(this.view, node, this.plan.nodes);
      this.#quantise(node, activation);
      if (activation !== undefined) fused.add(activation);
    }
    return this.#nodes;
  }

  #quantise(node: NodeProto, activation: NodeProto | undefined): void {
    const inputs = this.#inputs(node);
    if (node.opType === 'HardSwish') return this.#hardSwish(node, inputs[0]!);
    if (node.opType === 'HardSigmoid') return this.#hardSigmoid(node, inputs[0]!);
    const isMoving = MOVING.has(node.opType);
    const inherited = isMoving ? this.#scales.get(node.input[0]!) : undefined;
    if (activation === undefined) {
      const outputs = node.output.map((value) => `${value}_raw`);
      this.#nodes.push(this.#forInt8(node, inputs, outputs));
      node.output.forEach((value, i) =>
        this.#pair(outputs[i]!, value, inherited ?? this.#scaleOf(node, value)),
      );
      return;
    }
    const [value] = activation.output;
    this.#nodes.push(
      rewired(node, inputs, node.output),
      rewired(activation, activation.input, [`${value}_raw`]),
    );
    this.#pair(`${value}_raw`, value!, this.#scaleOf(activation, value!));
  }

  /** Int8 has a kernel for LeakyRelu but none for Relu: alpha 0 makes them one. */
  #forInt8(node: NodeProto, input: string[], output: string[]): NodeProto {
    const made = rewired(node, input, output);
    if (node.opType !== 'Relu') return made;
    made.opType = 'LeakyRelu';
    made.attribute = [real('alpha', 0)];
    return made;
  }

  #scaleOf(node: NodeProto, value: string): Int8Scale {
    // A sigmoid's range is known, whatever the footage shows.
    if (node.opType === 'Sigmoid') return scaleOf({ min: 0, max: 1 }, this.format.activations);
    return scaleOf(this.ranges.get(value) ?? { min: 0, max: 0 }, this.format.activations);
  }

  #inputs(node: NodeProto): string[] {
    if (node.opType === 'Conv') return this.#convInputs(node);
    const isJoining = !MOVING.has(node.opType) && node.opType !== 'Clip';
    return node.input.map((value, i) => {
      if (value === '' || (i > 0 && !isJoining)) return value;
      return this.view.weights.has(value) ? this.#constant(value) : this.#activation(value);
    });
  }

  #convInputs(node: NodeProto): string[] {
    const [source, weightName, biasName = ''] = node.input;
    const input = this.#activation(source!);
    const dims = this.view.weights.get(weightName!)!.dims.map(Number);
    const channels = dims[0]!;
    const scale = this.#scales.get(source!)!.scale;
    const bias = biasName === '' ? undefined : this.view.floats(biasName);
    const made = int8Weights(this.view.floats(weightName)!, bias, channels, scale, this.format.weightBits);
    const stem = `${node.output[0]}_int8`;
    this.view.graph.initializer.push(
      tensor(`${stem}_w`, DataType.INT8, dims, made.weights),
      tensor(`${stem}_w_scale`, DataType.FLOAT, [channels], made.weightScales),
      tensor(`${stem}_w_zero`, DataType.INT8, [channels], new Int8Array(channels)),
    );
    this.#dequantise(`${stem}_w`, `${stem}_w`, `${stem}_weights`, true);
    if (made.bias === undefined) return [input, `${stem}_weights`];
    this.view.graph.initializer.push(
      tensor(`${stem}_b`, DataType.INT32, [channels], made.bias),
      tensor(`${stem}_b_scale`, DataType.FLOAT, [channels], made.biasScales),
      tensor(`${stem}_b_zero`, DataType.INT32, [channels], new Int32Array(channels)),
    );
    this.#dequantise(`${stem}_b`, `${stem}_b`, `${stem}_bias`, true);
    return [input, `${stem}_weights`, `${stem}_bias`];
  }

  /** An activation as an int8 node reads it. Those that int8 nodes made are dequantised under their own name. */
  #activation(value: string): string {
    const maker = this.view.makerOf(value);
    if (maker !== undefined && this.plan.nodes.has(maker.output[0]!)) return value;
    const known = this.#dequantised.get(value);
    if (known !== undefined) return known;
    const name = `${value}_int8`;
    const at = scaleOf(this.ranges.get(value) ?? { min: 0, max: 0 }, this.format.activations);
    this.#scales.set(value, at);
    this.#dequantised.set(value, name);
    this.#pair(value, name, at);
    return name;
  }

  #constant(value: string): string {
    const known = this.#dequantised.get(value);
    if (known !== undefined) return known;
    const data = this.view.floats(value)!;
    const range = {
      min: data.reduce((a, b) => Math.min(a, b), 0),
      max: data.reduce((a, b) => Math.max(a, b), 0),
    };
    const at = scaleOf(range, this.format.activations);
    const name = `${value}_int8`;
    const dims = this.view.weights.get(value)!.dims.map(Number);
    this.view.graph.initializer.push(
      storedConstant(`${name}_stored`, dims, data, at, this.format.activations),
      ...scaleTensors(name, at, this.format.activations),
    );
    this.#dequantise(`${name}_stored`, name, name, false);
    this.#dequantised.set(value, name);
    return name;
  }

  /**
   * x·h(x) with h(x) = min(max(x/6 + 1/2, 0), 1). Stored at a scale that ends at -3 and 3, x saturates as h does, and the same bytes
   * read at another scale are h(x): one table look-up and one int8 product.
   */
  #hardSwish(node: NodeProto, input: string): void {
    const value = node.output[0]!;
    const gate = this.#gate(node, input, 1 / 6, 0.5);
    this.#nodes.push(
      create(NodeProtoSchema, {
        name: node.name,
        opType: 'Mul',
        input: [input, gate],
        output: [`${value}_raw`],
      }),
    );
    this.#pair(`${value}_raw`, value, this.#scaleOf(node, value));
  }

  #hardSigmoid(node: NodeProto, input: string): void {
    this.#gate(
      node,
      input,
      realAttribute(node, 'alpha', 0.2),
      realAttribute(node, 'beta', 0.5),
      node.output[0],
    );
  }

  #gate(node: NodeProto, input: string, alpha: number, beta: number, as = `${node.output[0]}_gate`): string {
    const { activations } = this.format;
    const least = activations === 'u8' ? 0 : -128;
    const saturating = { scale: Math.fround(1 / (255 * alpha)), zeroPoint: Math.round(255 * beta) + least };
    const read = { scale: Math.fround(1 / 255), zeroPoint: least };
    const stem = `${node.output[0]}_gate`;
    this.view.graph.initializer.push(
      ...scaleTensors(`${stem}_in`, saturating, activations),
      ...scaleTensors(stem, read, activations),
    );
    this.#nodes.push(
      create(NodeProtoSchema, {
        name: `${stem}_raw`,
        opType: 'LeakyRelu',
        input: [input],
        output: [`${stem}_raw`],
        attribute: [real('alpha', 1)],
      }),
    );
    this.#linear('QuantizeLinear', `${stem}_raw`, `${stem}_in`, `${stem}_stored`, false);
    this.#dequantise(`${stem}_stored`, stem, as, false);
    this.#scales.set(as, read);
    return as;
  }

  #pair(from: string, to: string, at: Int8Scale): void {
    this.#scales.set(to, at);
    this.view.graph.initializer.push(...scaleTensors(to, at, this.format.activations));
    this.#linear('QuantizeLinear', from, to, `${to}_stored`, false);
    this.#dequantise(`${to}_stored`, to, to, false);
  }

  #dequantise(from: string, scaleStem: string, to: string, isPerChannel: boolean): void {
    this.#linear('DequantizeLinear', from, scaleStem, to, isPerChannel);
  }

  #linear(opType: string, from: string, scaleStem: string, to: string, isPerChannel: boolean): void {
    const input = [from, `${scaleStem}_scale`, `${scaleStem}_zero`];
    const attribute = isPerChannel
      ? [create(AttributeProtoSchema, { name: 'axis', type: AttributeType.INT, i: 0n })]
      : [];
    this.#nodes.push(
      create(NodeProtoSchema, {
        name: `${to}_${opType}`,
        opType,
        domain: this.domain,
        input,
        output: [to],
        attribute,
      }),
    );
  }
}

function real(name: string, value: number): AttributeProto {
  return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value });
}

/** A copy of a node between other values; the node itself stays, since the view knows it. */
function rewired(node: NodeProto, input: readonly string[], output: readonly string[]): NodeProto {
  const made = clone(NodeProtoSchema, node);
  made.input = [...input];
  made.output = [...output];
  return made;
}
