/** What is learnt from: a row of scaled features, its class by number, and how much it counts. */
export interface Row {
  readonly features: Float64Array;
  readonly label: number;
  readonly weight: number;
}

/** Rows of weights by class, and what is added. */
export interface Fitted {
  readonly weights: readonly Float64Array[];
  readonly bias: Float64Array;
}

const MOMENTUM = 0.95;

/**
 * Multinomial logistic regression with an L2 penalty, by gradient descent with Nesterov's momentum and the step that the largest row
 * allows (the curvature of the loss is at most half of its squared length). Deterministic.
 *
 * @param penalty of the squared weights, beside the mean loss of the rows
 */
export function fitLogistic(
  rows: readonly Row[],
  classes: number,
  penalty: number,
  iterations: number,
): Fitted {
  const length = rows[0]!.features.length;
  const weights = Array.from({ length: classes }, () => new Float64Array(length));
  const bias = new Float64Array(classes);
  const speeds = weights.map(() => new Float64Array(length));
  const biasSpeed = new Float64Array(classes);
  const gradients = weights.map(() => new Float64Array(length));
  const biasGradient = new Float64Array(classes);
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  const longest = Math.max(...rows.map(({ features }) => 1 + squaredLength(features)));
  const step = 1 / (0.5 * longest + penalty);
  const shares = new Float64Array(classes);
  for (let iteration = 0; iteration < iterations; iteration++) {
    // Nesterov: the gradient where momentum is about to lead.
    move(weights, bias, speeds, biasSpeed, MOMENTUM);
    for (const gradient of gradients) gradient.fill(0);
    biasGradient.fill(0);
    for (const { features, label, weight } of rows) {
      sharesOf({ weights, bias }, features, shares);
      for (let k = 0; k < classes; k++) {
        const error = ((shares[k]! - (k === label ? 1 : 0)) * weight) / total;
        const gradient = gradients[k]!;
        for (let i = 0; i < length; i++) gradient[i]! += error * features[i]!;
        biasGradient[k]! += error;
      }
    }
    for (let k = 0; k < classes; k++) {
      const [of, gradient, speed] = [weights[k]!, gradients[k]!, speeds[k]!];
      for (let i = 0; i < length; i++) {
        const change = -step * (gradient[i]! + penalty * of[i]!);
        of[i]! += change;
        speed[i] = MOMENTUM * speed[i]! + change;
      }
      const change = -step * biasGradient[k]!;
      bias[k]! += change;
      biasSpeed[k] = MOMENTUM * biasSpeed[k]! + change;
    }
  }
  return { weights, bias };
}

function move(
  weights: readonly Float64Array[],
  bias: Float64Array,
  speeds: readonly Float64Array[],
  biasSpeed: Float64Array,
  by: number,
): void {
  weights.forEach((row, k) => {
    const speed = speeds[k]!;
    for (let i = 0; i < row.length; i++) row[i]! += by * speed[i]!;
    bias[k]! += by * biasSpeed[k]!;
  });
}

/** Writes the softmax of a row's logits. */
function sharesOf({ weights, bias }: Fitted, features: Float64Array, target: Float64Array): void {
  let top = -Infinity;
  for (let k = 0; k < target.length; k++) {
    const row = weights[k]!;
    let sum = bias[k]!;
    for (let i = 0; i < features.length; i++) sum += row[i]! * features[i]!;
    target[k] = sum;
    top = Math.max(top, sum);
  }
  let total = 0;
  for (let k = 0; k < target.length; k++) total += target[k] = Math.exp(target[k]! - top);
  for (let k = 0; k < target.length; k++) target[k]! /= total;
}

function squaredLength(features: Float64Array): number {
  let sum = 0;
  for (const value of features) sum += value * value;
  return sum;
}
