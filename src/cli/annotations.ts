import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, messageOf, toAppError } from '../base/index.js';
import {
  readClassNames,
  readCocoTruth,
  readVocAnnotation,
  readYoloLabels,
  type DetectionTruth,
  type LabelledImage,
} from '../evaluation/index.js';
import { COCO_CATEGORY_IDS, COCO_CLASSES } from '../models/index.js';
import type { Picture } from './detect-pictures.js';
import { pictureNumber } from './pictures.js';

/** Annotations as they were found on disk. */
export interface Annotations extends DetectionTruth {
  readonly format: 'COCO' | 'YOLO' | 'Pascal VOC';
  /** What a person should know of how they were read. */
  readonly notes: readonly string[];
}

/** Where a data set keeps the names of its classes. */
const CLASS_FILES = ['classes.yaml', 'data.yaml', 'classes.txt'];
const NAMES_SHOWN = 3;
/** Detections of other tools, and of `analyze --coco`, refer to COCO's categories where the annotations have no ids. */
const COCO_LABELS = new Map(COCO_CATEGORY_IDS.map((id, index) => [id, COCO_CLASSES[index] ?? String(id)]));

/**
 * Reads annotations of the format that their path tells: a `.json` file is COCO's, a folder of `.txt` files YOLO's, of `.xml` files
 * Pascal VOC's.
 *
 * @param pictures the pictures that are measured; YOLO's boxes are relative to their sizes
 * @throws {AppError} `cli/unreadable-file`, `cli/images-needed`, `evaluation/unknown-annotations`, `evaluation/invalid-truth`
 */
export async function readAnnotations(
  place: string,
  pictures: readonly Picture[] | undefined,
): Promise<Annotations> {
  const found = await stat(place).catch((error: unknown) => {
    throw unreadable(place, error);
  });
  if (!found.isDirectory()) {
    if (!/\.json$/i.test(place)) throw unknownAnnotations(place, 'a file that does not end in .json');
    const text = await readText(place);
    return { format: 'COCO', notes: [], ...naming(place, () => readCocoTruth(text)) };
  }
  const names = (await readdir(place)).sort();
  const labelFiles = names.filter((name) => /\.txt$/i.test(name) && !CLASS_FILES.includes(name));
  const xmlFiles = names.filter((name) => /\.xml$/i.test(name));
  if (xmlFiles.length > 0 && labelFiles.length > 0)
    throw unknownAnnotations(place, 'a folder with .txt and .xml files');
  if (xmlFiles.length > 0) return readVocFolder(place, xmlFiles, pictures);
  if (labelFiles.length > 0) return readYoloFolder(place, labelFiles, pictures);
  throw unknownAnnotations(place, 'a folder without .txt or .xml files');
}

/** Every picture; one without a label file holds no object, as YOLO has it. */
async function readYoloFolder(
  folder: string,
  labelFiles: readonly string[],
  pictures: readonly Picture[] | undefined,
): Promise<Annotations> {
  if (pictures === undefined)
    throw new AppError(
      'cli/images-needed',
      'input',
      `--annotations ${folder} holds YOLO labels, which are relative to image sizes: name the folder of images with --images`,
    );
  const classes = await readClasses(folder);
  const byStem = new Map(labelFiles.map((name) => [path.parse(name).name, name]));
  const ids = pictureIds(pictures.map(({ file }) => file));
  const images: LabelledImage[] = [];
  let unlabelled = 0;
  for (const [at, { file, size }] of pictures.entries()) {
    const name = byStem.get(path.parse(file).name);
    const labelFile = path.join(folder, name ?? '');
    const text = name === undefined ? '' : await readText(labelFile);
    if (name === undefined) unlabelled++;
    const objects = naming(labelFile, () => readYoloLabels(text, size, classes.names));
    images.push({ id: ids[at]!, fileName: path.basename(file), objects });
  }
  if (unlabelled === pictures.length) throw nothingInCommon(folder);
  const notes = [
    `class names from ${classes.from}`,
    ...(unlabelled === 0 ? [] : [`pictures without a label file, taken as without objects: ${unlabelled}`]),
    ...strayNote(labelFiles, pictures),
  ];
  return { format: 'YOLO', notes, images, labels: COCO_LABELS };
}

/** Every image with an annotation file, of those that there are pictures of. */
async function readVocFolder(
  folder: string,
  xmlFiles: readonly string[],
  pictures: readonly Picture[] | undefined,
): Promise<Annotations> {
  const byStem = new Map(pictures?.map(({ file }) => [path.parse(file).name, path.basename(file)]));
  const wanted =
    pictures === undefined ? xmlFiles : xmlFiles.filter((name) => byStem.has(path.parse(name).name));
  if (wanted.length === 0) throw nothingInCommon(folder);
  const ids = pictureIds(wanted);
  const images: LabelledImage[] = [];
  for (const [at, name] of wanted.entries()) {
    const file = path.join(folder, name);
    const text = await readText(file);
    const { fileName = `${path.parse(name).name}.jpg`, ...annotation } = naming(file, () =>
      readVocAnnotation(text),
    );
    images.push({ id: ids[at]!, fileName: byStem.get(path.parse(name).name) ?? fileName, ...annotation });
  }
  return {
    format: 'Pascal VOC',
    notes: pictures === undefined ? [] : strayNote(xmlFiles, pictures),
    images,
    labels: COCO_LABELS,
  };
}

/** Class names from a file within the folder of labels, beside it, or above a folder named `labels`; COCO's by default. */
async function readClasses(folder: string): Promise<{ names: readonly string[]; from: string }> {
  const beside = path.dirname(path.resolve(folder));
  const places = [folder, beside, ...(path.basename(beside) === 'labels' ? [path.dirname(beside)] : [])];
  for (const place of places) {
    for (const name of CLASS_FILES) {
      const file = path.join(place, name);
      const text = await readFile(file, 'utf8').catch(() => undefined);
      if (text === undefined) continue;
      const format = name.endsWith('.txt') ? 'lines' : 'yaml';
      return { names: naming(file, () => readClassNames(text, format)), from: path.relative('', file) };
    }
  }
  return { names: COCO_CLASSES, from: "COCO's 80: there is no classes.yaml, data.yaml or classes.txt" };
}

/** As `analyze --coco` numbers images: the number in the file's name, unless two have the same; else the index. */
function pictureIds(files: readonly string[]): number[] {
  const ids = files.map((file, index) => pictureNumber(file) ?? index);
  return new Set(ids).size === ids.length ? ids : [...files.keys()];
}

function strayNote(annotationFiles: readonly string[], pictures: readonly Picture[]): string[] {
  const stems = new Set(pictures.map(({ file }) => path.parse(file).name));
  const stray = annotationFiles.filter((name) => !stems.has(path.parse(name).name));
  if (stray.length === 0) return [];
  const more = stray.length > NAMES_SHOWN ? ', …' : '';
  return [
    `annotation files without a picture: ${stray.length} (${stray.slice(0, NAMES_SHOWN).join(', ')}${more})`,
  ];
}

/**
 * Reads a text file.
 *
 * @throws {AppError} `cli/unreadable-file`
 */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Runs `read`, whose errors get the name of the file that it reads. */
export function naming<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { code, kind, message } = toAppError(error);
    throw new AppError(code, kind, `${file}: ${message}`, { cause: error });
  }
}

/** The error for annotations of which no picture is measured. */
export function nothingInCommon(annotations: string): AppError {
  return new AppError(
    'evaluation/nothing-in-common',
    'input',
    `--annotations ${annotations}: none of them is of a picture in --images; their file names must agree`,
  );
}

function unreadable(file: string, error: unknown): AppError {
  return new AppError('cli/unreadable-file', 'input', `cannot read ${file}: ${messageOf(error)}`, {
    cause: error,
  });
}

function unknownAnnotations(place: string, what: string): AppError {
  return new AppError(
    'evaluation/unknown-annotations',
    'input',
    `--annotations ${place} is ${what}; expected a COCO .json file, a folder of YOLO .txt files or one of Pascal VOC .xml files`,
  );
}
