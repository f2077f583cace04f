import { AppError } from '../base/index.js';
import { loadTrials, type DetectorFile, type Picture } from '../inference/index.js';
import {
  convolutionsOf,
  foldModel,
  planConvolution,
  planModel,
  quantizeModel,
  type Int8Format,
  type KeepFloat,
  type ValueRange,
} from '../models/index.js';
import type { QuantizeOptions } from './models-quantize.js';
import { progressBar } from './progress.js';

/** So few are enough to tell sensitive layers from others. */
const SENSITIVITY_PICTURES = 3;

/** How much a model's outputs suffer when one convolution alone works on int8. */
export interface LayerSensitivity {
  readonly name: string;
  readonly dims: readonly number[];
  /** Signal to noise of the output that suffers most, dB. */
  readonly sqnrDb: number;
  readonly keptFloat: boolean;
}

interface Made {
  readonly model: Uint8Array;
  readonly facts: object;
  /** Worst first; only when they were measured. */
  readonly layers: LayerSensitivity[] | undefined;
}

type Settings = Pick<
  QuantizeOptions,
  'method' | 'activations' | 'keepFloat' | 'keepBelow' | 'sensitivity'
> & { readonly weightBits: 7 | 8; readonly file: DetectorFile; readonly pictures: readonly Picture[] };

/**
 * Calibrates a detector on pictures and quantises it to int8.
 * @throws {AppError} `model/quantise-unsupported` when nothing in it can be quantised; `cli/bad-keep-float`
 */
export async function quantiseToInt8(settings: Settings): Promise<Made> {
  const { file, pictures, method, activations, weightBits, keepBelow } = settings;
  const folded = foldModel(file.bytes);
  const named = keepFloatOf(settings.keepFloat);
  const widest = planModel(folded, named);
  if (widest.nodes.size === 0)
    throw new AppError(
      'model/quantise-unsupported',
      'input',
      `${file.name} has no convolution with float32 weights that could become int8, or all are kept in float.`,
    );
  const format: Int8Format = { activations, weightBits };
  const convs = convolutionsOf(folded);
  const isMeasured = settings.sensitivity === true || keepBelow !== undefined;
  const alone = isMeasured ? convs.map(({ output }) => planConvolution(folded, output)) : [];
  const values = [...new Set([widest, ...alone].flatMap((plan) => plan.activations))];
  const ranges = await rangesOf(settings, folded, values);

  let keep: KeepFloat = named;
  let layers: LayerSensitivity[] | undefined;
  if (isMeasured) {
    const measured = await measureLayers(settings, folded, ranges, format);
    const worst = new Set(
      [...measured].filter(([, sqnrDb]) => sqnrDb < (keepBelow ?? -Infinity)).map(([output]) => output),
    );
    keep = (node) => named(node) || worst.has(node.output);
    layers = convs
      .map(({ name, output, dims }) => ({
        name: name === '' ? output : name,
        dims,
        sqnrDb: Number(measured.get(output)!.toFixed(1)),
        keptFloat: keep({ name, output }),
      }))
      .sort((a, b) => a.sqnrDb - b.sqnrDb);
  }
  const plan = planModel(folded, keep);
  const model = quantizeModel(folded, plan, ranges, format);
  const int8 = convs.filter(({ output }) => plan.nodes.has(output)).length;
  const facts = {
    precision: 'int8',
    method,
    activations,
    weightBits,
    pictures: pictures.length,
    convolutions: { int8, keptFloat: convs.length - int8 },
  };
  return { model, facts, layers };
}

async function rangesOf(
  { file, pictures, method }: Settings,
  model: Uint8Array,
  values: readonly string[],
): Promise<Map<string, ValueRange>> {
  let bar: ReturnType<typeof progressBar> | undefined;
  const { description } = file;
  const onPicture = (total: number) => {
    bar ??= progressBar(total, 'calibration runs');
    bar.advance();
  };
  try {
    const { collectHistograms } = await loadTrials();
    const histograms = await collectHistograms({ model, description, values, pictures, onPicture });
    const found = new Map<string, ValueRange>();
    for (const [value, histogram] of histograms) {
      const range = histogram.range(method);
      if (range !== undefined) found.set(value, range);
    }
    return found;
  } finally {
    bar?.stop();
  }
}

/** SQNR of each convolution alone, by the name of its output. */
async function measureLayers(
  { file, pictures }: Settings,
  folded: Uint8Array,
  ranges: ReadonlyMap<string, ValueRange>,
  format: Int8Format,
): Promise<Map<string, number>> {
  const convs = convolutionsOf(folded);
  const few = pictures.slice(0, SENSITIVITY_PICTURES);
  const { OutputReference } = await loadTrials();
  const reference = await OutputReference.open(folded, file.description, few);
  const bar = progressBar(convs.length, 'layers');
  const found = new Map<string, number>();
  try {
    for (const { output } of convs) {
      const one = quantizeModel(folded, planConvolution(folded, output), ranges, format);
      found.set(output, await reference.sqnrDb(one));
      bar.advance();
    }
  } finally {
    bar.stop();
  }
  return found;
}

/**
 * Reads `--keep-float`: names with commas between, or a regular expression that is searched for in names of nodes and outputs.
 * @throws {AppError} `cli/bad-keep-float`
 */
function keepFloatOf(text: string | undefined): KeepFloat {
  if (text === undefined) return () => false;
  if (/^[\w./:-]+(,[\w./:-]+)*$/.test(text)) {
    const names = new Set(text.split(','));
    return ({ name, output }) => names.has(name) || names.has(output);
  }
  try {
    const pattern = new RegExp(text);
    return ({ name, output }) => pattern.test(name) || pattern.test(output);
  } catch (error) {
    throw new AppError('cli/bad-keep-float', 'input', `--keep-float ${text}: it is no regular expression`, {
      cause: error,
    });
  }
}
