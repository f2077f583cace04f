import { labelColour } from '../../../src/geometry/index.js';
import type { CameraShapes, SharePoint } from './camera-shapes.js';
import type { Place, Size } from './picture-fit.js';
import type { Trail } from './trails.js';

/** All in CSS px. */
const LINE = 2;
const ARROW = 12;
const NAME_FONT = '500 11px system-ui, sans-serif';
const ZONE_INK = '#f2f5f8';
const ZONE_FILL = 'rgb(242 245 248 / 0.10)';
const HALO = 'rgb(11 14 17 / 0.7)';

/** Draws where objects came from: fading towards the past. */
export function drawTrails(
  context: CanvasRenderingContext2D,
  trails: readonly Trail[],
  frame: Size,
  picture: Place,
): void {
  context.save();
  context.lineWidth = LINE;
  context.lineCap = 'round';
  context.setLineDash([]);
  const [xScale, yScale] = [picture.width / frame.width, picture.height / frame.height];
  for (const { label, points } of trails) {
    context.strokeStyle = labelColour(label);
    for (let at = 1; at < points.length; at++) {
      context.globalAlpha = at / points.length;
      context.beginPath();
      for (const [x, y] of [points[at - 1]!, points[at]!])
        context.lineTo(picture.x + x * xScale, picture.y + y * yScale);
      context.stroke();
    }
  }
  context.restore();
}

/** Draws zones, and lines with an arrow to the side that is in. */
export function drawShapes(context: CanvasRenderingContext2D, shapes: CameraShapes, picture: Place): void {
  const place = ([x, y]: SharePoint) =>
    [picture.x + x * picture.width, picture.y + y * picture.height] as const;
  context.save();
  context.font = NAME_FONT;
  context.textBaseline = 'top';
  for (const [name, { polygon }] of Object.entries(shapes.zones ?? {})) {
    const corners = polygon.map(place);
    path(context, corners);
    context.closePath();
    context.fillStyle = ZONE_FILL;
    context.fill();
    stroke(context);
    drawName(context, name, corners[0]!);
  }
  for (const [name, { points }] of Object.entries(shapes.lines ?? {})) {
    const ends = points.map(place);
    path(context, ends);
    const [[x1, y1], [x2, y2]] = [ends[0]!, ends[1]!];
    const length = Math.hypot(x2 - x1, y2 - y1) || 1;
    const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
    context.moveTo(x, y);
    // On a screen, y grows downwards: right of the way from the first end to the second.
    context.lineTo(x - (ARROW * (y2 - y1)) / length, y + (ARROW * (x2 - x1)) / length);
    stroke(context);
    drawName(context, name, ends[0]!);
  }
  context.restore();
}

function path(context: CanvasRenderingContext2D, points: readonly (readonly [number, number])[]): void {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
}

/** Light on dark, to be seen on any picture. */
function stroke(context: CanvasRenderingContext2D): void {
  context.lineWidth = 2 * LINE;
  context.strokeStyle = HALO;
  context.stroke();
  context.lineWidth = LINE / 2;
  context.strokeStyle = ZONE_INK;
  context.stroke();
}

function drawName(context: CanvasRenderingContext2D, name: string, [x, y]: readonly [number, number]): void {
  const width = context.measureText(name).width + 8;
  context.fillStyle = HALO;
  context.fillRect(x, y, width, 16);
  context.fillStyle = ZONE_INK;
  context.fillText(name, x + 4, y + 3);
}
