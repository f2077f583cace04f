import type { Conversion, Value } from './conversion.js';
import { dataInputs, type TfNode } from './tfjs-graph.js';

const SIXTH = 1 / 6;
/** float16 weights hold 1/6 only to so much; what is missing is kept as the value's `scale`. */
const TOLERANCE = 1e-3;

/** x · relu6(x + 3) / 6, in any order of its factors: written as ONNX's HardSwish, which costs one pass instead of four. */
export function hardSwishOf(node: TfNode, conversion: Conversion): Value | undefined {
  const factors = factorsOf(node, conversion);
  const sixth = factors.find((factor) => isScalar(conversion, factor, SIXTH));
  const [first, second, ...more] = factors.filter((factor) => factor !== sixth);
  if (sixth === undefined || first === undefined || second === undefined || more.length > 0) return undefined;
  for (const [gate, source] of [[first, second] as const, [second, first] as const]) {
    const gated = gateInput(gate, conversion);
    if (gated !== undefined && conversion.resolve(gated) === conversion.resolve(source)) {
      const input = conversion.value(source);
      return {
        ...input,
        name: conversion.graph.node('HardSwish', [input.name]),
        ...missing(conversion, sixth),
      };
    }
  }
  return undefined;
}

/** relu6(x + 3) / 6: ONNX's HardSigmoid with slope 1/6 and offset 1/2. */
export function hardSigmoidOf(node: TfNode, conversion: Conversion): Value | undefined {
  const factors = dataInputs(node);
  const sixth = factors.find((factor) => isScalar(conversion, factor, SIXTH));
  const gate = factors.find((factor) => factor !== sixth);
  if (sixth === undefined || gate === undefined) return undefined;
  const source = gateInput(gate, conversion);
  if (source === undefined) return undefined;
  const input = conversion.value(source);
  const attributes = { alpha: { float: SIXTH }, beta: { float: 0.5 } };
  const name = conversion.graph.node('HardSigmoid', [input.name], attributes);
  return { ...input, name, ...missing(conversion, sixth) };
}

/** What the model multiplies with in place of 1/6, by 1/6. */
function missing(conversion: Conversion, sixth: string): Pick<Value, 'scale'> {
  const scale = conversion.constantOf(sixth)!.data[0]! / SIXTH;
  // Float32's own rounding is no difference.
  return Math.abs(scale - 1) < 1e-7 ? {} : { scale };
}

/** The factors of a product of up to three, one level of nesting deep. */
function factorsOf(node: TfNode, conversion: Conversion): string[] {
  return dataInputs(node).flatMap((input) => {
    const inner = conversion.nodeOf(input);
    if (inner?.op !== 'Mul') return [input];
    // Only a product with the constant belongs to this pattern; any other is a value of its own.
    const parts = dataInputs(inner);
    return parts.some((part) => isScalar(conversion, part, SIXTH)) ? parts : [input];
  });
}

/** The x of relu6(x + 3). */
function gateInput(reference: string, conversion: Conversion): string | undefined {
  const relu6 = conversion.nodeOf(reference);
  if (relu6?.op !== 'Relu6') return undefined;
  const sum = conversion.nodeOf(dataInputs(relu6)[0] ?? '');
  if (sum?.op !== 'Add' && sum?.op !== 'AddV2') return undefined;
  const terms = dataInputs(sum);
  const three = terms.find((term) => isScalar(conversion, term, 3));
  return three === undefined ? undefined : terms.find((term) => term !== three);
}

function isScalar(conversion: Conversion, reference: string, expected: number): boolean {
  const constant = conversion.constantOf(reference);
  return constant?.data.length === 1 && Math.abs(constant.data[0]! - expected) < TOLERANCE;
}
