import type { Box } from './box.js';

/** How the two branches of a Siamese network see a picture, in pixels of its search crop where nothing else is said. */
export interface FollowerGeometry {
  /** Side of the square that a template is made from. */
  readonly templatePx: number;
  /** Side of the square that is searched. */
  readonly searchPx: number;
  /** Cells in each direction of the score map. */
  readonly gridCells: number;
  /** Distance between the centres of two neighbouring cells. */
  readonly stridePx: number;
  /** Centre of the first cell, from the left and from the top edge of the search crop. */
  readonly firstCellPx: number;
  /** Share of a box's width and height together that surrounds it in a template. */
  readonly context: number;
}

/** The square around a box that its template is made from, in the box's space (SiamFC: side √((w + p)(h + p)), p = context·(w + h)). */
export function templateRegion(box: Box, { context }: Pick<FollowerGeometry, 'context'>): Box {
  return squareAround(box, contextSide(box[2] - box[0], box[3] - box[1], context));
}

/** The square around a box in which it is searched: at the template's scale, as much larger as the search crop is. */
export function searchRegion(
  box: Box,
  { context, searchPx, templatePx }: Pick<FollowerGeometry, 'context' | 'searchPx' | 'templatePx'>,
): Box {
  const side = contextSide(box[2] - box[0], box[3] - box[1], context);
  return squareAround(box, (side * searchPx) / templatePx);
}

/** The side of the square that a box of this size is looked at in. */
export function contextSide(width: number, height: number, context: number): number {
  const around = context * (width + height);
  return Math.sqrt((width + around) * (height + around));
}

function squareAround([x1, y1, x2, y2]: Box, side: number): Box {
  const [x, y] = [(x1 + x2 - side) / 2, (y1 + y2 - side) / 2];
  return [x, y, x + side, y + side];
}
