import { labelColour, maskStrips, placeTags } from '../../../src/geometry/index.js';
import type { FrameObject } from '../../../src/server/protocol.js';
import { texts } from '../texts.js';
import type { BoxChoice, ShownObject } from './box-choice.js';
import type { Layer } from './layers.js';
import { placeBox, type Place, type Size } from './picture-fit.js';

/** All in CSS px. */
const LINE = 2;
const HALO = 4;
interface TagStyle {
  readonly font: number;
  readonly padding: number;
  readonly hasScore: boolean;
}
const TAG: TagStyle = { font: 12, padding: 4, hasScore: true };
/** On a phone, full tags would hide more than the boxes show. */
const SMALL_TAG: TagStyle = { font: 10, padding: 3, hasScore: false };
const SMALL_PICTURE = 560;
const DASH = [6, 4];
const INK = '#0b0e11';
/** A mask is drawn as so many strips at most. */
const MASK_STRIPS_MAX = 160;
const MASK_ALPHA = 0.4;
const HALO_INK = 'rgb(11 14 17 / 0.55)';

/**
 * Draws masks, boxes and their tags, as far as they are wanted; the unit of the canvas is CSS px.
 *
 * @param options.picture where the picture is within the canvas
 */
export function drawBoxes(
  context: CanvasRenderingContext2D,
  { objects, frame }: BoxChoice,
  options: { readonly picture: Place; readonly canvas: Size; readonly layers: readonly Layer[] },
): void {
  const { picture, canvas, layers } = options;
  const style = picture.width < SMALL_PICTURE ? SMALL_TAG : TAG;
  context.font = `600 ${style.font}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  const placed = objects.map((object) => ({ object, place: placeBox(object.box, frame, picture) }));
  if (layers.includes('masks'))
    for (const { object, place } of placed)
      drawMask(
        context,
        object,
        placeBox(object.maskBox ?? object.box, frame, picture),
        place,
        frame,
        picture,
      );
  if (layers.includes('boxes')) for (const { object, place } of placed) drawBox(context, object, place);
  if (!layers.includes('labels')) return;
  const texted = placed.map(({ object, place }) => ({
    ...tagOf(context, object, style),
    place: outline(place),
  }));
  // Above all boxes, so that each can be read.
  placeTags(texted, canvas).forEach((spot, at) => drawTag(context, texted[at]!, spot, style));
}

/**
 * What of the box is the object, tinted.
 *
 * @param from where the box is that the mask was told with
 * @param to where it is drawn
 */
function drawMask(
  context: CanvasRenderingContext2D,
  { label, mask }: ShownObject,
  from: Place,
  to: Place,
  frame: Size,
  picture: Place,
): void {
  if (mask === undefined) return;
  context.save();
  context.translate(to.x, to.y);
  context.scale(to.width / from.width, to.height / from.height);
  context.translate(picture.x - from.x, picture.y - from.y);
  context.scale(picture.width / frame.width, picture.height / frame.height);
  context.beginPath();
  for (const { x1, y1, x2, y2 } of maskStrips(mask, MASK_STRIPS_MAX)) context.rect(x1, y1, x2 - x1, y2 - y1);
  context.globalAlpha = MASK_ALPHA;
  context.fillStyle = labelColour(label);
  context.fill();
  context.restore();
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

/** The outer rim of a box's line. */
function outline({ x, y, width, height }: Place): Place {
  return { x: x - LINE / 2, y: y - LINE / 2, width: width + LINE, height: height + LINE };
}

function tagOf(
  context: CanvasRenderingContext2D,
  object: FrameObject,
  { font, padding, hasScore }: TagStyle,
) {
  const text = texts.tag(object, hasScore);
  const width = context.measureText(text).width + 2 * padding;
  return { text, colour: labelColour(object.label), tag: { width, height: font + 2 * padding - 1 } };
}

function drawTag(
  context: CanvasRenderingContext2D,
  { text, colour }: { readonly text: string; readonly colour: string },
  { x, y, width, height }: Place,
  { padding }: TagStyle,
): void {
  context.fillStyle = colour;
  context.fillRect(x, y, width, height);
  context.fillStyle = INK;
  context.fillText(text, x + padding, y + height / 2);
}
