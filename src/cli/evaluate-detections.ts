import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { AppError, messageOf } from '../base/index.js';
import {
  evaluateDetections,
  readCocoResults,
  readCocoTruth,
  readYoloLabels,
  type CocoTruth,
  type DetectionMetrics,
  type LabelledImage,
} from '../evaluation/index.js';
import { COCO_CATEGORY_IDS, COCO_CLASSES } from '../models/index.js';
import type { CliIo } from './cli-io.js';
import { table } from './table.js';

const PICTURE = /\.(jpe?g|png|bmp|webp)$/i;

/** The flags of `sightline evaluate detections`. */
export interface EvaluateDetectionsOptions {
  readonly truth: string;
  readonly results: string;
  readonly images?: string;
  readonly json?: true;
}

/**
 * `sightline evaluate detections`: prints COCO's figures.
 *
 * @throws {AppError} `cli/unreadable-file`, `cli/images-needed`, `evaluation/*`
 */
export async function evaluateDetectionFiles(options: EvaluateDetectionsOptions, io: CliIo): Promise<void> {
  const truth = await readTruth(options);
  const results = readCocoResults(await readText(options.results), truth.labels);
  const metrics = evaluateDetections(truth.images, results);
  io.stdout.write(
    options.json === true
      ? `${JSON.stringify({ images: truth.images.length, ...metrics }, null, 2)}\n`
      : metricsText(metrics, truth.images.length),
  );
}

/** The labelled images of an annotation file or folder.
 *
 * @throws {AppError} `cli/unreadable-file`, `cli/images-needed`, `evaluation/invalid-truth`
 */
export async function readTruth({
  truth,
  images,
}: Pick<EvaluateDetectionsOptions, 'truth' | 'images'>): Promise<CocoTruth> {
  const isFolder = await stat(truth).then(
    (found) => found.isDirectory(),
    () => false, // reading it as a file says what is wrong
  );
  if (!isFolder) return readCocoTruth(await readText(truth));
  if (images === undefined) {
    throw new AppError(
      'cli/images-needed',
      'input',
      `--truth ${truth} holds YOLO labels, which are relative to image sizes: name the folder of images with --images`,
    );
  }
  return {
    labels: new Map(COCO_CATEGORY_IDS.map((id, index) => [id, COCO_CLASSES[index] ?? String(id)])),
    images: await yoloTruth(truth, images),
  };
}

/** Every image of the folder; one without a label file holds no object. */
async function yoloTruth(labelDir: string, imageDir: string): Promise<LabelledImage[]> {
  const names = (await readdir(imageDir)).filter((name) => PICTURE.test(name)).sort();
  return Promise.all(
    names.map(async (fileName, index) => {
      const { width, height } = await sharp(path.join(imageDir, fileName)).metadata();
      const labelFile = path.join(labelDir, `${path.parse(fileName).name}.txt`);
      const text = await readFile(labelFile, 'utf8').catch(() => '');
      return {
        id: imageId(fileName, index),
        fileName,
        objects: readYoloLabels(text, { widthPx: width, heightPx: height }, COCO_CLASSES),
      };
    }),
  );
}

/** As `analyze --coco` numbers images: the last number in the file's name, else the index. */
function imageId(fileName: string, index: number): number {
  const inName = /(\d+)\D*$/.exec(path.parse(fileName).name)?.[1];
  return inName === undefined ? index : Number(inName);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new AppError('cli/unreadable-file', 'input', `cannot read ${file}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function metricsText(metrics: DetectionMetrics, images: number): string {
  const figure = (value: number) => (Number.isNaN(value) ? '-' : value.toFixed(3));
  const overall = table([
    ['images', String(images)],
    ['AP', figure(metrics.ap)],
    ['AP50', figure(metrics.ap50)],
    ['AP75', figure(metrics.ap75)],
    ['AP small', figure(metrics.apSmall)],
    ['AP medium', figure(metrics.apMedium)],
    ['AP large', figure(metrics.apLarge)],
    ['AR', figure(metrics.ar)],
  ]);
  const byLabel = metrics.labels.map(({ label, objects, ap, ap50 }) => [
    label,
    String(objects),
    figure(ap),
    figure(ap50),
  ]);
  return `${overall}\n${table([['label', 'objects', 'AP', 'AP50'], ...byLabel])}`;
}
