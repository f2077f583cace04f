import type { Box } from './box.js';

/**
 * A movement with rotation and one scale: a point goes to `(a·x - b·y + dx, b·x + a·y + dy)`. Pixels of its holder's space.
 * As a camera's motion it takes places in the picture before to places in this one.
 */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly dx: number;
  readonly dy: number;
}

/** The upright box around the moved centre, with its sides scaled. */
export function moveBox([x1, y1, x2, y2]: Box, { a, b, dx, dy }: Similarity): Box {
  const x = (x1 + x2) / 2;
  const y = (y1 + y2) / 2;
  const scale = Math.hypot(a, b);
  const halfWidth = ((x2 - x1) / 2) * scale;
  const halfHeight = ((y2 - y1) / 2) * scale;
  const centreX = a * x - b * y + dx;
  const centreY = b * x + a * y + dy;
  return [centreX - halfWidth, centreY - halfHeight, centreX + halfWidth, centreY + halfHeight];
}

/** First `inner`, then `outer`. */
export function composeSimilarities(outer: Similarity, inner: Similarity): Similarity {
  return {
    a: outer.a * inner.a - outer.b * inner.b,
    b: outer.b * inner.a + outer.a * inner.b,
    dx: outer.a * inner.dx - outer.b * inner.dy + outer.dx,
    dy: outer.b * inner.dx + outer.a * inner.dy + outer.dy,
  };
}

/** The way back. */
export function invertSimilarity({ a, b, dx, dy }: Similarity): Similarity {
  const square = a * a + b * b;
  const [ia, ib] = [a / square, -b / square];
  return { a: ia, b: ib, dx: -(ia * dx - ib * dy), dy: -(ib * dx + ia * dy) };
}
