import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { AppError, createLog, messageOf, systemClock } from '../base/index.js';
import {
  evaluateDetections,
  precisionRecallPicture,
  readCocoResults,
  type DetectionsByImage,
  type DetectionTruth,
  type LabelledImage,
} from '../evaluation/index.js';
import { findFfmpeg } from '../media/index.js';
import { DEFAULT_LONG_SIDE_PX } from './analysis-defaults.js';
import { naming, nothingInCommon, readAnnotations, readText, type Annotations } from './annotations.js';
import type { CliIo } from './cli-io.js';
import { detectPictures, type Picture } from './detect-pictures.js';
import { missingLabels, missingNote, reportJson, reportText } from './evaluation-report.js';
import { openDetector } from './open-detector.js';
import { picturesIn, pictureSize } from './pictures.js';
import { progressBar } from './progress.js';

/** The flags of `sightline evaluate detections`. */
export interface EvaluateDetectionsOptions {
  readonly annotations: string;
  readonly images?: string;
  readonly detections?: string;
  /** The model's label by the annotations' one. */
  readonly rename?: ReadonlyMap<string, string>;
  /** An `.svg` or `.png` file. */
  readonly plot?: string;
  readonly json?: true;
  readonly width?: number;
  readonly models?: readonly string[];
  readonly ffmpegPath?: string;
}

/** What was found in the images. */
interface Found {
  readonly detections: DetectionsByImage;
  /** Labels that could have been found: the model's, or all that the results have. */
  readonly labels: ReadonlySet<string>;
  readonly detector?: { readonly version: string; readonly seconds: number };
  readonly notes: readonly string[];
}

/**
 * `sightline evaluate detections`: prints COCO's figures of the detector on a folder of pictures, or of detections made earlier.
 *
 * @throws {AppError} `cli/images-needed`, `cli/unreadable-file`, `cli/unwritable-file`, `evaluation/*`, and what detecting throws
 */
export async function evaluateDetectionFiles(options: EvaluateDetectionsOptions, io: CliIo): Promise<void> {
  const { images, detections, plot } = options;
  if (images === undefined && detections === undefined)
    throw new AppError(
      'cli/images-needed',
      'input',
      'name the folder of pictures with --images, or detections made earlier with --detections',
    );
  const pictures = images === undefined ? undefined : await readPictures(images);
  const read = renamed(await readAnnotations(options.annotations, pictures), options.rename);
  const truth = pictures === undefined ? read : among(pictures, read, options.annotations);
  const found =
    detections === undefined
      ? await detect(truth.images, pictures ?? [], options, io)
      : await readDetections(detections, truth);

  const metrics = evaluateDetections(truth.images, found.detections);
  const missing = missingLabels(metrics, found.labels);
  const report = {
    format: truth.format,
    images: truth.images.length,
    ...(found.detector === undefined ? {} : { detector: found.detector }),
    metrics,
    missingLabels: missing,
    notes: [...truth.notes, ...found.notes, ...missingNote(metrics, missing, found.detector !== undefined)],
  };
  io.stdout.write(options.json === true ? reportJson(report) : reportText(report));
  if (plot === undefined) return;
  const title = `${found.detector?.version ?? path.basename(detections ?? '')}, ${report.images} images`;
  await writePicture(plot, precisionRecallPicture(metrics, title));
}

function readPictures(folder: string): Promise<Picture[]> {
  return Promise.all(picturesIn(folder).map(async (file) => ({ file, size: await pictureSize(file) })));
}

function renamed(annotations: Annotations, names: ReadonlyMap<string, string> = new Map()): Annotations {
  const known = new Set(annotations.images.flatMap(({ objects }) => objects.map(({ label }) => label)));
  const unknown = [...names.keys()].filter((name) => !known.has(name));
  const rename = (label: string) => names.get(label) ?? label;
  return {
    ...annotations,
    images: annotations.images.map((image) => ({
      ...image,
      objects: image.objects.map((object) => ({ ...object, label: rename(object.label) })),
    })),
    labels: new Map([...annotations.labels].map(([id, label]) => [id, rename(label)])),
    notes: [
      ...annotations.notes,
      ...unknown.map((name) => `--rename ${name}=…: no object is called ${name}`),
    ],
  };
}

/** The annotations of those images that there are pictures of. */
function among(pictures: readonly Picture[], annotations: Annotations, place: string): Annotations {
  const byName = new Map(pictures.map((picture) => [path.basename(picture.file), picture]));
  const seen = new Set<string>();
  const images = annotations.images.filter(({ fileName, size }) => {
    const name = path.basename(fileName);
    const picture = byName.get(name);
    if (picture === undefined) return false;
    if (seen.has(name)) throw invalid(place, `two images are called ${name}: give each a name of its own`);
    seen.add(name);
    const { widthPx, heightPx } = picture.size;
    if (size !== undefined && (size.widthPx !== widthPx || size.heightPx !== heightPx))
      throw invalid(
        place,
        `${fileName} was annotated at ${size.widthPx}×${size.heightPx} px, but the picture has ` +
          `${widthPx}×${heightPx}`,
      );
    return true;
  });
  if (images.length === 0) throw nothingInCommon(place);
  const lacking = annotations.images.length - images.length;
  const unannotated = pictures.length - images.length;
  return {
    ...annotations,
    images,
    notes: [
      ...annotations.notes,
      ...(lacking === 0 ? [] : [`annotated images that are not among the pictures, left out: ${lacking}`]),
      ...(unannotated === 0 ? [] : [`pictures without annotations, left out: ${unannotated}`]),
    ],
  };
}

async function detect(
  images: readonly LabelledImage[],
  pictures: readonly Picture[],
  options: EvaluateDetectionsOptions,
  io: CliIo,
): Promise<Found> {
  const log = createLog('warn');
  const { ffmpegPath: configuredPath } = options;
  const ffmpeg = await findFfmpeg({
    env: io.env,
    ...(configuredPath === undefined ? {} : { configuredPath }),
  });
  const byName = new Map(pictures.map((picture) => [path.basename(picture.file), picture]));
  const wanted = images.flatMap(({ fileName }) => byName.get(path.basename(fileName)) ?? []);
  const pool = await openDetector(options.models, { env: io.env, log, follows: false });
  const startedMs = systemClock.monotonicMs();
  const bar = progressBar(wanted.length, 'pictures');
  try {
    const found = await detectPictures(wanted, {
      pool,
      ffmpeg,
      longSidePx: options.width ?? DEFAULT_LONG_SIDE_PX,
      clock: systemClock,
      log,
      onPicture: () => bar.advance(),
    });
    const seconds = (systemClock.monotonicMs() - startedMs) / 1000;
    return {
      detections: new Map(images.map(({ id }, at) => [id, found[at]!])),
      labels: new Set(pool.model.labels),
      detector: { version: pool.model.version, seconds: Number(seconds.toFixed(2)) },
      notes: [],
    };
  } finally {
    bar.stop();
    await pool.close();
  }
}

async function readDetections(file: string, truth: DetectionTruth): Promise<Found> {
  const text = await readText(file);
  const { detections, onOtherImages, ofOtherCategories } = naming(file, () => readCocoResults(text, truth));
  const others = [...ofOtherCategories.values()].reduce((sum, count) => sum + count, 0);
  const ids = [...ofOtherCategories.keys()].sort((a, b) => a - b).join(', ');
  return {
    detections,
    labels: new Set([...detections.values()].flatMap((ofImage) => ofImage.map(({ label }) => label))),
    notes: [
      ...(onOtherImages === 0 ? [] : [`detections on other images, left out: ${onOtherImages}`]),
      ...(others === 0
        ? []
        : [`detections of a category_id that the annotations lack (${ids}), left out: ${others}`]),
    ],
  };
}

async function writePicture(file: string, svg: string): Promise<void> {
  try {
    // Twice the drawn size, for screens that show it so.
    await (file.endsWith('.png')
      ? sharp(Buffer.from(svg), { density: 144 }).png().toFile(file)
      : writeFile(file, svg));
  } catch (error) {
    throw new AppError('cli/unwritable-file', 'input', `cannot write --plot ${file}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function invalid(place: string, why: string): AppError {
  return new AppError('evaluation/invalid-truth', 'input', `${place}: ${why}`);
}
