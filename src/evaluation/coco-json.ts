import { z } from 'zod';
import { AppError, messageOf } from '../base/index.js';
import type { Box, Detection } from '../geometry/index.js';
import type { DetectionsByImage, LabelledImage } from './detection-metrics.js';

const bbox = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const truthSchema = z.object({
  images: z.array(z.object({ id: z.number(), file_name: z.string() })),
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
  z.object({ image_id: z.number(), category_id: z.number(), bbox, score: z.number() }),
);

/** Labelled images, and the labels by the category ids that results refer to. */
export interface CocoTruth {
  readonly images: readonly LabelledImage[];
  readonly labels: ReadonlyMap<number, string>;
}

/**
 * Reads a COCO annotation file (`instances_*.json`).
 *
 * @throws {AppError} `evaluation/invalid-truth` naming what is wrong with it
 */
export function readCocoTruth(json: string): CocoTruth {
  const { images, annotations, categories } = parse(
    truthSchema,
    json,
    'evaluation/invalid-truth',
    'annotations',
  );
  const labels = new Map(categories.map(({ id, name }) => [id, name]));
  const byImage = new Map<number, typeof annotations>();
  for (const annotation of annotations) {
    const list = byImage.get(annotation.image_id);
    if (list === undefined) byImage.set(annotation.image_id, [annotation]);
    else list.push(annotation);
  }
  return {
    labels,
    images: images.map(({ id, file_name: fileName }) => ({
      id,
      fileName,
      objects: (byImage.get(id) ?? []).map(
        ({ category_id: category, bbox: [x, y, width, height], area, iscrowd }) => ({
          label: labels.get(category) ?? String(category),
          box: [x, y, x + width, y + height] as Box,
          areaPx: area ?? width * height,
          isCrowd: Boolean(iscrowd),
        }),
      ),
    })),
  };
}

/**
 * Reads a COCO results file.
 *
 * @param labels label by category id
 * @throws {AppError} `evaluation/invalid-results` naming what is wrong with it
 */
export function readCocoResults(json: string, labels: ReadonlyMap<number, string>): DetectionsByImage {
  const results = new Map<number, Detection[]>();
  for (const row of parse(resultsSchema, json, 'evaluation/invalid-results', 'results')) {
    const [x, y, width, height] = row.bbox;
    const label = labels.get(row.category_id) ?? String(row.category_id);
    const list = results.get(row.image_id) ?? [];
    list.push({ label, score: row.score, box: [x, y, x + width, y + height] });
    results.set(row.image_id, list);
  }
  return results;
}

function parse<T>(schema: z.ZodType<T>, json: string, code: string, what: string): T {
  try {
    return schema.parse(JSON.parse(json));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new AppError(code, 'input', `These are no COCO ${what}: ${why.slice(0, 500)}`, { cause: error });
  }
}
