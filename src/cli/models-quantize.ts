import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError, createLog, messageOf, type Log } from '../base/index.js';
import { ensureDefaultDetector, readDetector, type DetectorFile } from '../inference/index.js';
import { findFfmpeg } from '../media/index.js';
import {
  checkModel,
  markQuantised,
  recogniseDetector,
  toFloat16,
  type CalibrationMethod,
} from '../models/index.js';
import type { CliIo } from './cli-io.js';
import { compareModels } from './compare-precision.js';
import { readFootage, spread } from './footage.js';
import { progressBar } from './progress.js';
import { precisionText, type PrecisionReport } from './precision-report.js';
import { quantiseToInt8 } from './quantise-int8.js';
import { defaultWeightBits, processorName } from './processor.js';

/** The flags of `sightline models quantize`. */
export interface QuantizeOptions {
  readonly calibrate: string;
  readonly out?: string;
  readonly method: CalibrationMethod;
  readonly precision: 'int8' | 'fp16';
  readonly activations: 'u8' | 's8';
  readonly weightBits?: 7 | 8;
  /** A regular expression, or names with commas between. */
  readonly keepFloat?: string;
  readonly keepBelow?: number;
  readonly sensitivity?: true;
  readonly labels?: string;
  readonly frames: number;
  readonly width: number;
  readonly family?: string;
  readonly dryRun?: true;
  readonly json?: true;
  readonly ffmpegPath?: string;
}

/**
 * `sightline models quantize`: makes a model of less precision, and tells whether it is worth it.
 *
 * @param model path of an ONNX file, or `default`
 * @throws {AppError} `model/*`, `cli/*`, and for footage that is not there or cannot be decoded
 */
export async function quantizeDetector(model: string, options: QuantizeOptions, io: CliIo): Promise<void> {
  const log = createLog('warn');
  const file = await openModel(model, options.family, log);
  const ffmpeg = await findFfmpeg({
    env: io.env,
    ...(options.ffmpegPath === undefined ? {} : { configuredPath: options.ffmpegPath }),
  });
  const { input } = file.description;
  // Twice as many: the other half is what the comparison is made on. With labels, all that has some.
  const footage = await readFootage({
    source: options.calibrate,
    input,
    longSidePx: options.width,
    ffmpeg,
    log,
    ...(options.labels === undefined ? { countMax: 2 * options.frames } : {}),
  });
  if (footage.length === 0)
    throw new AppError(
      'cli/no-pictures',
      'input',
      `${options.calibrate}: it holds no picture to calibrate on`,
    );
  const calibration =
    options.labels === undefined ? footage.filter((_, i) => i % 2 === 0) : spread(footage, options.frames);
  const held = footage.filter((picture) => !calibration.includes(picture));
  const compared = options.labels !== undefined || held.length === 0 ? footage : held;

  const weightBits = options.weightBits ?? defaultWeightBits();
  const made =
    options.precision === 'fp16'
      ? { model: toFloat16(file.bytes), facts: { precision: 'fp16' }, layers: undefined }
      : await quantiseToInt8({ ...options, weightBits, file, pictures: calibration });
  const name = `${file.name}-${options.precision}`;
  const bytes = markQuantised(made.model, name, made.facts);
  recogniseDetector(checkModel(bytes), file.description.family);

  const out = options.dryRun === true ? undefined : (options.out ?? `${name}.onnx`);
  if (out !== undefined) await write(out, bytes);
  const bar = progressBar(2 * compared.length, 'pictures compared');
  const comparison = await compareModels({
    base: file.bytes,
    other: bytes,
    description: file.description,
    pictures: compared,
    onPicture: () => bar.advance(),
    ...(options.labels === undefined ? {} : { labels: options.labels }),
  }).finally(() => bar.stop());
  const report: PrecisionReport = {
    model: file.name,
    processor: processorName(),
    ...(out === undefined ? {} : { out: path.resolve(out) }),
    facts: made.facts,
    calibrationPictures: options.precision === 'fp16' ? 0 : calibration.length,
    ...comparison,
    bytes: [file.bytes.byteLength, bytes.byteLength],
    ...(made.layers === undefined ? {} : { layers: made.layers }),
  };
  io.stdout.write(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : precisionText(report));
}

async function openModel(model: string, family: string | undefined, log: Log): Promise<DetectorFile> {
  if (model !== 'default') return readDetector(model, family);
  return readDetector(await ensureDefaultDetector({ log, onProgress: () => undefined }));
}

async function write(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(file, bytes);
  } catch (error) {
    throw new AppError(
      'cli/unwritable-file',
      'input',
      `--out ${file}: it cannot be written (${messageOf(error)}); name another`,
      { cause: error },
    );
  }
}
