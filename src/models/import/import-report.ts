import type { TensorDescription } from '../check-model.js';
import { FUSABLE } from './activations.js';
import { reachableNodes } from './graph-order.js';
import { outputNodes, type ConvertOptions } from './import-tfjs.js';
import { OPERATORS, WITHOUT_COUNTERPART } from './operators.js';
import { fusedOps, textAttribute, typeAttribute, type TfGraph, type TfNode } from './tfjs-graph.js';

/** An operator and the nodes that have it. */
export interface OperatorCount {
  /** TensorFlow's name, with what is special about it where that is what cannot be converted. */
  readonly operator: string;
  readonly count: number;
  /** The first few by name. */
  readonly examples: readonly string[];
}

/** What of a graph can be converted, by operator, most frequent first. */
export interface ImportReport {
  /** The placeholders as the source has them; an open length is `?`. */
  readonly inputs: readonly TensorDescription[];
  /** The nodes that are, or would be, converted with what they need. */
  readonly outputs: readonly string[];
  readonly operators: readonly OperatorCount[];
  readonly unsupported: readonly OperatorCount[];
}

const EXAMPLES_MAX = 3;

/**
 * Tells which operators the outputs need, and which of them have no ONNX counterpart here, without converting anything.
 * Constants and inputs do not count.
 *
 * @throws {AppError} `model/import-invalid` for a graph that is incomplete or has no such outputs
 */
export function reportImport(graph: TfGraph, options: Pick<ConvertOptions, 'outputs'> = {}): ImportReport {
  const supported = new Map<string, TfNode[]>();
  const unsupported = new Map<string, TfNode[]>();
  const outputs = outputNodes(graph, options.outputs);
  const inputs: TensorDescription[] = [];
  for (const node of reachableNodes(graph, outputs)) {
    if (node.op === 'Placeholder') inputs.push(describe(node));
    if (node.op === 'Placeholder' || node.op === 'Const') continue;
    const problem = unsupportedIn(node);
    const counts = problem === undefined ? supported : unsupported;
    const key = problem ?? node.op;
    counts.set(key, [...(counts.get(key) ?? []), node]);
  }
  return { inputs, outputs, operators: counted(supported), unsupported: counted(unsupported) };
}

function describe(placeholder: TfNode): TensorDescription {
  const dims = (placeholder.attr?.['shape']?.shape?.dim ?? []).map(({ size }) => Number(size ?? -1));
  return {
    name: placeholder.name,
    type: typeAttribute(placeholder, 'dtype').replace('float32', 'float'),
    dims: dims.map((length) => (length < 0 ? '?' : length)),
  };
}

/** A list of operators as a sentence has it. */
export function unsupportedText(operators: readonly OperatorCount[]): string {
  return operators
    .map(({ operator, count, examples }) => {
      const more = count > examples.length ? ', …' : '';
      return `${operator} ×${count} (${examples.join(', ')}${more})`;
    })
    .join('; ');
}

function counted(nodes: ReadonlyMap<string, readonly TfNode[]>): OperatorCount[] {
  return [...nodes]
    .map(([operator, list]) => ({
      operator,
      count: list.length,
      examples: list.slice(0, EXAMPLES_MAX).map(({ name }) => name),
    }))
    .sort((a, b) => b.count - a.count || (a.operator < b.operator ? -1 : 1));
}

function unsupportedIn(node: TfNode): string | undefined {
  if (WITHOUT_COUNTERPART.has(node.op)) return undefined;
  if (!Object.hasOwn(OPERATORS, node.op)) return node.op;
  const fused = fusedOps(node).find((operation) => !FUSABLE.has(operation));
  if (fused !== undefined) return `${node.op} with ${fused}`;
  const layout = textAttribute(node, 'data_format');
  return layout === undefined || layout === 'NHWC' ? undefined : `${node.op} in ${layout}`;
}
