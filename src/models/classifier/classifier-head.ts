/** What is said where no class is sure enough; no class may be called so. */
export const UNSURE = 'unsure';

/** A trained head over features: plain numbers, kept as JSON. */
export interface ClassifierHead {
  /** Version of the features that it is for: those of another are of no use to it. */
  readonly features: string;
  /** In the order of rows and answers. */
  readonly classes: readonly string[];
  /** Of each feature over what it was trained on; a feature counts as `(value - mean) / scale`. */
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  /** A row of weights for each class, and what is added. */
  readonly weights: readonly (readonly number[])[];
  readonly bias: readonly number[];
  /** Logits are divided by it, so that of answers with a probability of 0.9 nine in ten are right. */
  readonly temperature: number;
  /** Middles of the classes among scaled features, and how far from the nearest of them, squared, something known may be. */
  readonly middles: readonly (readonly number[])[];
  readonly reach: number;
}

/** What a classifier says of one picture. */
export interface Classification {
  /** A class, or {@link UNSURE}. */
  readonly value: string;
  /** Probability of the likeliest class, 0..1; 0 for what is like nothing that it was shown. */
  readonly confidence: number;
  /** Probabilities of the classes, in their order. */
  readonly probabilities: readonly number[];
}

/**
 * What a head says of features.
 *
 * @param features as long as the head's rows; ones that are not finite make it unsure
 * @param unsureBelow least probability of an answer, 0..1
 */
export function classify(
  head: ClassifierHead,
  features: ArrayLike<number>,
  unsureBelow: number,
): Classification {
  const { classes, middles, reach, temperature } = head;
  const scaled = scaledFeatures(head, features);
  const probabilities = softmax(logitsOf(head, scaled).map((logit) => logit / temperature));
  const isFinite = probabilities.every((value) => Number.isFinite(value));
  if (!isFinite)
    return { value: UNSURE, confidence: 0, probabilities: classes.map(() => 1 / classes.length) };
  if (squaredDistance(scaled, middles) > reach) return { value: UNSURE, confidence: 0, probabilities };
  let best = 0;
  for (let i = 1; i < probabilities.length; i++) if (probabilities[i]! > probabilities[best]!) best = i;
  const confidence = probabilities[best]!;
  return { value: confidence >= unsureBelow ? classes[best]! : UNSURE, confidence, probabilities };
}

/** Features as a head counts them. */
export function scaledFeatures(
  { mean, scale }: Pick<ClassifierHead, 'mean' | 'scale'>,
  features: ArrayLike<number>,
): number[] {
  return mean.map((middle, i) => (features[i]! - middle) / scale[i]!);
}

/** A logit for each class, before the temperature. */
export function logitsOf(
  { weights, bias }: Pick<ClassifierHead, 'weights' | 'bias'>,
  scaled: readonly number[],
): number[] {
  return weights.map((row, k) => {
    let sum = bias[k]!;
    for (let i = 0; i < row.length; i++) sum += row[i]! * scaled[i]!;
    return sum;
  });
}

/** Shares that sum to 1. */
export function softmax(logits: readonly number[]): number[] {
  const top = Math.max(...logits);
  const raised = logits.map((logit) => Math.exp(logit - top));
  const sum = raised.reduce((a, b) => a + b, 0);
  return raised.map((value) => value / sum);
}

/** To the nearest of some middles, squared. */
export function squaredDistance(scaled: readonly number[], middles: readonly (readonly number[])[]): number {
  let least = Infinity;
  for (const middle of middles) {
    let sum = 0;
    for (let i = 0; i < middle.length; i++) sum += (scaled[i]! - middle[i]!) ** 2;
    least = Math.min(least, sum);
  }
  return least;
}
