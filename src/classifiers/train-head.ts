import { AppError } from '../base/index.js';
import {
  FEATURE_GROUPS,
  logitsOf,
  scaledFeatures,
  softmax,
  squaredDistance,
  type ClassifierHead,
} from '../models/index.js';
import { foldsOf, type Grouped } from './folds.js';
import { fitLogistic, type Row } from './logistic-regression.js';

/** An example by its features. */
export interface TrainingExample extends Grouped {
  /** Of its picture as it is, then of changed ones: mirrored, cut, lighter, darker. */
  readonly variants: readonly Float32Array[];
}

/** What is known of a head by examples that it had not seen. */
export interface TrainingReport {
  /** Of each class, in their order. */
  readonly examples: readonly number[];
  /** Absent where no examples could be set aside: what it is worth is not known then. */
  readonly validation?: {
    /** Clips, or tracks where a class is of one clip alone, were set aside as a whole. */
    readonly by: 'clip' | 'track';
    readonly folds: number;
    /** Share of right answers where each must be answered, mean over the classes. */
    readonly accuracy: number;
    /** Share of examples that are answered, and of right ones among these. */
    readonly answered: number;
    readonly accuracyOfAnswered: number;
    /** A row for each class: how many of its examples were taken for each class, and, last, left unsure. */
    readonly confusion: readonly (readonly number[])[];
  };
  readonly temperature: number;
  readonly seconds: number;
}

const PENALTIES = [1e-4, 1e-3, 1e-2];
const ITERATIONS = 200;
/** Rows times classes above which fewer penalties and iterations are tried: seconds, not minutes. */
const WORK_MAX = 6000;
const TEMPERATURES = [0.25, 10] as const;
/** Where nothing is known of how right it is, it is not to be sure. */
const TEMPERATURE_UNKNOWN = 2;
/** Beyond the farthest example that was set aside, in squared distance. */
const REACH_FACTOR = 1.5;
/** Of the mean variance of its group, what each feature's counts more: one that hardly varies must not count for much. */
const VARIANCE_FLOOR = 0.1;

/** Examples that were set aside: what was said of each, logits by class, and how far it was from what was known. */
interface Judged {
  readonly label: number;
  readonly logits: readonly number[];
  readonly distance: number;
}

/**
 * Trains a head, and finds out what it is worth with examples that were set aside by groups.
 *
 * @param unsureBelow least probability of an answer, for the confusion matrix
 * @throws {AppError} `classifier/too-few-examples` where a class has fewer than `leastEach`
 */
export function trainHead(
  examples: readonly TrainingExample[],
  options: {
    readonly classes: readonly string[];
    readonly features: string;
    readonly unsureBelow: number;
    readonly leastEach: number;
  },
): { readonly head: ClassifierHead; readonly report: Omit<TrainingReport, 'seconds'> } {
  const { classes, features, unsureBelow, leastEach } = options;
  const usable = examples.filter(({ variants }) => variants[0]!.every((value) => Number.isFinite(value)));
  const counts = classes.map((_, label) => usable.filter((example) => example.label === label).length);
  refuseTooFew(classes, counts, leastEach);
  const folds = foldsOf(usable, classes.length);
  const work = usable.reduce((sum, { variants }) => sum + variants.length, 0) * classes.length;
  const iterations = work > WORK_MAX ? ITERATIONS / 2 : ITERATIONS;
  const penalties = work > WORK_MAX ? [PENALTIES[1]!] : PENALTIES;
  const fit = (of: readonly TrainingExample[], penalty: number) =>
    headOf(of, classes, features, penalty, iterations);

  let best: { penalty: number; judged: Judged[]; temperature: number; loss: number } | undefined;
  for (const penalty of folds === undefined ? [] : penalties) {
    const judged: Judged[] = [];
    for (let fold = 0; fold < folds!.count; fold++) {
      const known = usable.filter((_, at) => folds!.of[at] !== fold);
      const head = fit(known, penalty);
      usable.forEach((example, at) => {
        if (folds!.of[at] === fold) judged.push(judge(head, example));
      });
    }
    const { temperature, loss } = calibrate(judged, counts);
    if (best === undefined || loss < best.loss) best = { penalty, judged, temperature, loss };
  }
  const temperature = best?.temperature ?? TEMPERATURE_UNKNOWN;
  const made = fit(usable, best?.penalty ?? PENALTIES[1]!);
  const judged = best?.judged ?? usable.map((example) => judge(made, example));
  const reach = REACH_FACTOR * Math.max(...judged.map(({ distance }) => distance));
  return {
    head: { ...made, temperature, reach },
    report: {
      examples: counts,
      ...(folds !== undefined && {
        validation: {
          by: folds.by,
          folds: folds.count,
          ...scoresOf(judged, classes.length, temperature, unsureBelow),
        },
      }),
      temperature,
    },
  };
}

function refuseTooFew(classes: readonly string[], counts: readonly number[], leastEach: number): void {
  const short = classes.filter((_, at) => counts[at]! < leastEach);
  if (short.length === 0) return;
  const having = classes.map((name, at) => `${name} ${counts[at]}`).join(', ');
  throw new AppError(
    'classifier/too-few-examples',
    'conflict',
    `each class needs at least ${leastEach} examples, and there are: ${having}. Add examples of ${short.join(', ')}`,
  );
}

function headOf(
  examples: readonly TrainingExample[],
  classes: readonly string[],
  features: string,
  penalty: number,
  iterations: number,
): ClassifierHead {
  const all = examples.flatMap(({ variants, label }) => variants.map((values) => ({ values, label })));
  const { mean, scale } = scalesOf(all.map(({ values }) => values));
  const counts = classes.map((_, label) => all.filter((row) => row.label === label).length);
  const rows = all.map(({ values, label }): Row => ({
    features: Float64Array.from(scaledFeatures({ mean, scale }, values)),
    label,
    // Each class counts the same, however many examples it has.
    weight: all.length / (classes.length * Math.max(1, counts[label]!)),
  }));
  const { weights, bias } = fitLogistic(rows, classes.length, penalty, iterations);
  const middles = classes.map((_, label) =>
    meanOf(
      rows.filter((row) => row.label === label),
      mean.length,
    ),
  );
  return {
    ...{ features, classes, mean, scale },
    weights: weights.map((row) => [...row]),
    bias: [...bias],
    ...{ temperature: 1, middles, reach: Infinity },
  };
}

/** Each group of features counts the same, however long it is. */
function scalesOf(rows: readonly Float32Array[]): { readonly mean: number[]; readonly scale: number[] } {
  const length = rows[0]!.length;
  const mean = new Array<number>(length).fill(0);
  const variance = new Array<number>(length).fill(0);
  for (const row of rows) for (let i = 0; i < length; i++) mean[i]! += row[i]! / rows.length;
  for (const row of rows)
    for (let i = 0; i < length; i++) variance[i]! += (row[i]! - mean[i]!) ** 2 / rows.length;
  const scale = new Array<number>(length).fill(1);
  let from = 0;
  for (const count of FEATURE_GROUPS) {
    const usual = variance.slice(from, from + count).reduce((a, b) => a + b, 0) / count;
    for (let i = from; i < from + count; i++)
      scale[i] = Math.sqrt((variance[i]! + VARIANCE_FLOOR * usual + 1e-9) * count);
    from += count;
  }
  return { mean, scale };
}

function meanOf(rows: readonly Row[], length: number): number[] {
  const mean = new Array<number>(length).fill(0);
  for (const { features } of rows) for (let i = 0; i < length; i++) mean[i]! += features[i]! / rows.length;
  return mean;
}

function judge(head: ClassifierHead, { label, variants }: TrainingExample): Judged {
  const scaled = scaledFeatures(head, variants[0]!);
  return { label, logits: logitsOf(head, scaled), distance: squaredDistance(scaled, head.middles) };
}

/**
 * The temperature under which what was said was likeliest (Guo et al., 2017), by a golden-section search. Targets are Platt's (1999), a little short
 * of certain: a few examples that are all told apart would make it endlessly sure else.
 */
function calibrate(
  judged: readonly Judged[],
  counts: readonly number[],
): { temperature: number; loss: number } {
  const loss = (logT: number) =>
    judged.reduce((sum, { label, logits }) => {
      const shares = softmax(logits.map((logit) => logit / Math.exp(logT)));
      const wanted = (counts[label]! + 1) / (counts[label]! + counts.length);
      const rest = (1 - wanted) / Math.max(1, counts.length - 1);
      return shares.reduce(
        (part, share, k) => part - (k === label ? wanted : rest) * Math.log(Math.max(share, 1e-12)),
        sum,
      );
    }, 0) / judged.length;
  let [low, high] = TEMPERATURES.map(Math.log) as [number, number];
  const golden = (Math.sqrt(5) - 1) / 2;
  for (let round = 0; round < 30; round++) {
    const [a, b] = [high - golden * (high - low), low + golden * (high - low)];
    if (loss(a) < loss(b)) high = b;
    else low = a;
  }
  return { temperature: Math.exp((low + high) / 2), loss: loss((low + high) / 2) };
}

function scoresOf(judged: readonly Judged[], classes: number, temperature: number, unsureBelow: number) {
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes + 1).fill(0));
  const right = new Array<number>(classes).fill(0);
  const seen = new Array<number>(classes).fill(0);
  for (const { label, logits } of judged) {
    const shares = softmax(logits.map((logit) => logit / temperature));
    const best = shares.indexOf(Math.max(...shares));
    confusion[label]![shares[best]! >= unsureBelow ? best : classes]!++;
    seen[label]!++;
    if (best === label) right[label]!++;
  }
  const answered = judged.length - confusion.reduce((sum, row) => sum + row[classes]!, 0);
  const rightAnswers = confusion.reduce((sum, row, label) => sum + row[label]!, 0);
  return {
    accuracy: rounded(right.reduce((sum, count, label) => sum + count / seen[label]!, 0) / classes),
    answered: rounded(answered / judged.length),
    accuracyOfAnswered: rounded(answered === 0 ? 0 : rightAnswers / answered),
    confusion,
  };
}

const rounded = (share: number) => Math.round(share * 1000) / 1000;
