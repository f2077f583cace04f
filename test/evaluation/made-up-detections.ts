/** Pseudo-random numbers 0..1 that are the same on every machine (Park and Miller's generator). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/** A row of COCO annotations or results. */
export interface CocoRow {
  readonly image_id: number;
  readonly category_id: number;
  /** x, y, width, height in pixels. */
  readonly bbox: readonly number[];
}

/**
 * COCO results that a middling detector might give for `objects`: moved boxes, misses, duplicates, wrong categories and equal scores.
 * The same for the same objects on every machine.
 */
export function madeUpDetections(objects: readonly CocoRow[]): (CocoRow & { readonly score: number })[] {
  const random = generator(128);
  const categories = [...new Set(objects.map(({ category_id: id }) => id))];
  return objects.flatMap(({ image_id, category_id, bbox }) =>
    Array.from({ length: Math.floor(random() * 3) }, () => ({
      image_id,
      category_id: random() < 0.9 ? category_id : categories[Math.floor(random() * categories.length)]!,
      bbox: bbox.map(
        (side, at) =>
          Math.round((side + (random() - 0.5) * bbox[2 + (at % 2)]! * (at < 2 ? 0.25 : 0.4)) * 100) / 100,
      ),
      score: Math.round(random() * 500) / 500,
    })),
  );
}
