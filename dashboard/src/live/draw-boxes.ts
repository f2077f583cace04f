import type { FrameObject } from '../../../src/server/protocol.js';
import { texts } from '../texts.js';
import type { BoxChoice } from './box-choice.js';
import { labelColour } from './label-colour.js';
import { placeBox, placeTag, type Place, type Size } from './picture-fit.js';

/** All in CSS px. */
const LINE = 2;
const HALO = 4;
const TAG_FONT_PX = 12;
const TAG_PADDING = 4;
const TAG_HEIGHT = TAG_FONT_PX + 2 * TAG_PADDING - 1;
const DASH = [6, 4];
const INK = '#0b0e11';
const HALO_INK = 'rgb(11 14 17 / 0.55)';

/**
 * Draws boxes and their tags; the canvas must be clear, its unit CSS px.
 *
 * @param picture where the picture is within the canvas
 */
export function drawBoxes(
  context: CanvasRenderingContext2D,
  { objects, frame }: BoxChoice,
  picture: Place,
  canvas: Size,
): void {
  context.font = `600 ${TAG_FONT_PX}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  const placed = objects.map((object) => ({ object, place: placeBox(object.box, frame, picture) }));
  for (const { object, place } of placed) drawBox(context, object, place);
  // Above all boxes, so that each can be read.
  for (const { object, place } of placed) drawTag(context, object, place, canvas);
}

/** A line in the label's colour on a dark one, so that it stands out from any picture. Dashed where it is a guess. */
function drawBox(context: CanvasRenderingContext2D, { label, state }: FrameObject, place: Place): void {
  const { x, y, width, height } = place;
  context.setLineDash([]);
  context.lineWidth = HALO;
  context.strokeStyle = HALO_INK;
  context.strokeRect(x, y, width, height);
  context.setLineDash(state === 'predicted' || state === 'occluded' ? DASH : []);
  context.lineWidth = state === 'tentative' ? LINE / 2 : LINE;
  context.strokeStyle = labelColour(label);
  context.strokeRect(x, y, width, height);
}

function drawTag(context: CanvasRenderingContext2D, object: FrameObject, place: Place, canvas: Size): void {
  const text = texts.tag(object);
  const size = { width: context.measureText(text).width + 2 * TAG_PADDING, height: TAG_HEIGHT };
  const edge = { ...place, x: place.x - LINE / 2, y: place.y - LINE / 2 };
  const { x, y } = placeTag(edge, size, canvas);
  context.fillStyle = labelColour(object.label);
  context.fillRect(x, y, size.width, size.height);
  context.fillStyle = INK;
  context.fillText(text, x + TAG_PADDING, y + size.height / 2);
}
