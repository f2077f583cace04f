import type { AppError } from '../../base/index.js';
import { damaged } from './model-json.js';
import { dataInputs, nodeName, type TfGraph, type TfNode } from './tfjs-graph.js';

/** A node with the length of the longest way to it from an input or constant. */
export interface OrderedNode {
  readonly node: TfNode;
  readonly depth: number;
}

/**
 * The nodes that `outputs` depend on, each behind all that it reads.
 *
 * @throws {AppError} `model/import-invalid` when a node is missing or the graph is cyclic
 */
export function nodesInOrder(graph: TfGraph, outputs: readonly string[]): OrderedNode[] {
  const depths = new Map<string, number>();
  const open = new Set<string>();
  const ordered: OrderedNode[] = [];
  // A stack of our own: a graph may be deeper than the call stack.
  const stack = outputs.map(nodeName).reverse();
  for (let name = stack.at(-1); name !== undefined; name = stack.at(-1)) {
    const node = graph.nodes.get(name);
    if (node === undefined) throw missing(name);
    const inputs = dataInputs(node).map(nodeName);
    const waiting = depths.has(name) ? [] : inputs.filter((input) => !depths.has(input));
    if (waiting.length === 0) {
      stack.pop();
      open.delete(name);
      if (depths.has(name)) continue;
      const depth = inputs.reduce((deepest, input) => Math.max(deepest, depths.get(input)! + 1), 0);
      depths.set(name, depth);
      ordered.push({ node, depth });
      continue;
    }
    open.add(name);
    const again = waiting.find((input) => open.has(input));
    if (again !== undefined) throw damaged(`the graph is cyclic: node "${again}" depends on itself`);
    stack.push(...waiting);
  }
  return ordered;
}

/**
 * The nodes that `outputs` depend on, in no particular order; loops of TensorFlow's control flow may be among them.
 *
 * @throws {AppError} `model/import-invalid` when a node is missing
 */
export function reachableNodes(graph: TfGraph, outputs: readonly string[]): TfNode[] {
  const found = new Map<string, TfNode>();
  const open = outputs.map(nodeName);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    const node = graph.nodes.get(name);
    if (node === undefined) throw missing(name);
    found.set(name, node);
    open.push(...dataInputs(node).map(nodeName));
  }
  return [...found.values()];
}

function missing(name: string): AppError {
  return damaged(`there is no node "${name}", which others read`);
}
