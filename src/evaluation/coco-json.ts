import path from 'node:path';
import { z } from 'zod';
import { AppError, messageOf } from '../base/index.js';
import type { Box, Detection } from '../geometry/index.js';
import type { DetectionsByImage, DetectionTruth, LabelledImage } from './labelled-image.js';

const side = z.number().nonnegative();
const bbox = z.tuple([z.number(), z.number(), side, side]);
const truthSchema = z.object({
  images: z.array(
    z.object({
      id: z.number(),
      file_name: z.string(),
      width: z.number().optional(),
      height: z.number().optional(),
    }),
  ),
  annotations: z.array(
    z.object({
      image_id: z.number(),
      category_id: z.number(),
      bbox,
      area: z.number().optional(),
      iscrowd: z.union([z.number(), z.boolean()]).optional(),
    }),
  ),
  categories: z.array(z.object({ id: z.number(), name: z.string() })),
});
const resultsSchema = z.array(
  z.object({
    image_id: z.number(),
    file_name: z.string().optional(),
    category_id: z.number(),
    bbox,
    score: z.number(),
  }),
);
const INVALID_TRUTH = 'evaluation/invalid-truth';

/** What a results file holds, and what of it belongs to nothing in the truth and was left out. */
export interface CocoResults {
  readonly detections: DetectionsByImage;
  readonly onOtherImages: number;
  /** Detections by the category ids that the truth lacks. */
  readonly ofOtherCategories: ReadonlyMap<number, number>;
}

/**
 * Reads a COCO annotation file (`instances_*.json`).
 *
 * @throws {AppError} `evaluation/invalid-truth` naming what is wrong with it, and where
 */
export function readCocoTruth(json: string): DetectionTruth {
  const { images, annotations, categories } = parse(truthSchema, json, INVALID_TRUTH, 'annotations');
  const labels = new Map(categories.map(({ id, name }) => [id, name]));
  const byId = new Map<number, LabelledImage & { objects: LabelledImage['objects'][number][] }>();
  for (const [at, { id, file_name: fileName, width, height }] of images.entries()) {
    if (byId.has(id))
      throw refusal(INVALID_TRUTH, 'annotations', `images[${at}]: there is an image ${id} already`);
    const size = width && height ? { size: { widthPx: width, heightPx: height } } : {};
    byId.set(id, { id, fileName, ...size, objects: [] });
  }
  for (const [at, annotation] of annotations.entries()) {
    const { image_id: imageId, category_id: category, bbox: sides, area, iscrowd } = annotation;
    const image = byId.get(imageId);
    const label = labels.get(category);
    const lacking =
      image === undefined ? `image ${imageId}` : label === undefined ? `category ${category}` : '';
    if (image === undefined || label === undefined)
      throw refusal(INVALID_TRUTH, 'annotations', `annotations[${at}]: there is no ${lacking}`);
    image.objects.push({
      label,
      box: boxOf(sides),
      areaPx: area ?? sides[2] * sides[3],
      isCrowd: Boolean(iscrowd),
    });
  }
  return { labels, images: [...byId.values()] };
}

/**
 * Reads a COCO results file. A detection belongs to the image of its `file_name`, which `analyze --coco` writes, else to
 * that of its `image_id`.
 *
 * @throws {AppError} `evaluation/invalid-results` naming what is wrong with it, and where
 */
export function readCocoResults(json: string, { images, labels }: DetectionTruth): CocoResults {
  const ids = new Set(images.map(({ id }) => id));
  const idsByName = new Map(images.map(({ id, fileName }) => [path.basename(fileName), id]));
  // Where two folders have pictures of one name, only ids tell them apart.
  const byName = idsByName.size === images.length ? idsByName : undefined;
  const detections = new Map<number, Detection[]>();
  const ofOtherCategories = new Map<number, number>();
  let onOtherImages = 0;
  for (const row of parse(resultsSchema, json, 'evaluation/invalid-results', 'results')) {
    const { image_id: imageId, file_name: fileName, category_id: category, score } = row;
    const id = fileName === undefined || byName === undefined ? imageId : byName.get(path.basename(fileName));
    const label = labels.get(category);
    if (id === undefined || !ids.has(id)) onOtherImages++;
    else if (label === undefined) ofOtherCategories.set(category, (ofOtherCategories.get(category) ?? 0) + 1);
    else {
      const list = detections.get(id) ?? [];
      list.push({ label, score, box: boxOf(row.bbox) });
      detections.set(id, list);
    }
  }
  return { detections, onOtherImages, ofOtherCategories };
}

function boxOf([x, y, width, height]: z.infer<typeof bbox>): Box {
  return [x, y, x + width, y + height];
}

function parse<T>(schema: z.ZodType<T>, json: string, code: string, what: string): T {
  let written: unknown;
  try {
    written = JSON.parse(json);
  } catch (error) {
    throw refusal(code, what, `${lineOf(error, json)}${messageOf(error)}`, error);
  }
  const { data, error } = schema.safeParse(written);
  if (error === undefined) return data;
  const [first, ...others] = error.issues;
  const place = z.core.toDotPath(first?.path ?? []);
  const more = others.length > 0 ? ` (and ${others.length} more like it)` : '';
  throw refusal(code, what, `${place === '' ? '' : `${place}: `}${first?.message ?? ''}${more}`, error);
}

/** `line 3: ` where a syntax error tells its position, as most of V8's do; the others quote what is around it. */
function lineOf(error: unknown, json: string): string {
  const position = /at position (\d+)/.exec(messageOf(error))?.[1];
  return position === undefined ? '' : `line ${json.slice(0, Number(position)).split('\n').length}: `;
}

function refusal(code: string, what: string, why: string, cause?: unknown): AppError {
  return new AppError(code, 'input', `these are no COCO ${what}: ${why.replace(/\s+/g, ' ').slice(0, 500)}`, {
    cause,
  });
}
