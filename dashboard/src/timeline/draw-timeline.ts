import { WEIGHT, type Mark, type RecordedLane } from './lanes.js';
import { ticksOf, xOf, type TimeSpan } from './time-scale.js';
import { timelineTexts as texts } from './timeline-texts.js';

/** CSS px. */
export const LANE_PX = 30;
/** Of the line of times above the lanes. */
export const AXIS_PX = 22;
const RECORDED_PX = 5;
/** Heights of marks, by how much they matter: not by colour alone. */
const MARK_PX = [9, 14, 19];
const LABEL_GAP_PX = 4;
const BEGAN_PX = 3;
const LASTING_ALPHA = 0.28;

/** Colours, as the page's style has them now. */
export interface TimelineInk {
  readonly line: string;
  readonly quiet: string;
  readonly recorded: string;
  readonly fault: string;
  readonly accent: string;
  readonly marks: Readonly<Record<keyof typeof WEIGHT, string>>;
}

/** What is drawn. */
export interface TimelineScene {
  readonly span: TimeSpan;
  readonly lanes: readonly (RecordedLane | undefined)[];
  readonly marks: readonly Mark[];
  /** Id of an event, and a place, that the pointer is at. */
  readonly hovered?: string | undefined;
  readonly pointerX?: number | undefined;
}

/** Draws a timeline; the canvas must be clear, its unit CSS px. */
export function drawTimeline(
  context: CanvasRenderingContext2D,
  { span, lanes, marks, hovered, pointerX }: TimelineScene,
  { width, height }: { readonly width: number; readonly height: number },
  ink: TimelineInk,
): void {
  context.lineWidth = 1;
  context.font = '12px system-ui, sans-serif';
  context.textBaseline = 'middle';
  for (const { ms, tells } of ticksOf(span, width)) {
    const x = Math.round(xOf(span, width, ms)) + 0.5;
    vertical(context, x, AXIS_PX, height, ink.line);
    context.fillStyle = ink.quiet;
    context.fillText(texts.tick(ms, tells), x + LABEL_GAP_PX, AXIS_PX / 2);
    vertical(context, x, 4, AXIS_PX, ink.line);
  }
  lanes.forEach((lane, at) => {
    const top = AXIS_PX + at * LANE_PX;
    context.fillStyle = ink.line;
    context.fillRect(0, top, width, 1);
    if (lane !== undefined) drawRecorded(context, lane, span, width, top + LANE_PX - RECORDED_PX - 1, ink);
  });
  for (const mark of marks) drawMark(context, mark, mark.view.event.id === hovered, ink);
  if (pointerX !== undefined) vertical(context, Math.round(pointerX) + 0.5, AXIS_PX, height, ink.accent);
}

function drawRecorded(
  context: CanvasRenderingContext2D,
  { spans, faults }: RecordedLane,
  span: TimeSpan,
  width: number,
  y: number,
  ink: TimelineInk,
): void {
  context.fillStyle = ink.recorded;
  for (const { fromMs, toMs } of spans) {
    const x = xOf(span, width, fromMs);
    context.fillRect(x, y, Math.max(1, xOf(span, width, toMs) - x), RECORDED_PX);
  }
  context.strokeStyle = ink.fault;
  context.setLineDash([2, 3]);
  for (const { fromMs, toMs } of faults) {
    context.beginPath();
    context.moveTo(xOf(span, width, fromMs), y + RECORDED_PX / 2);
    context.lineTo(xOf(span, width, toMs), y + RECORDED_PX / 2);
    context.stroke();
  }
  context.setLineDash([]);
}

function drawMark(
  context: CanvasRenderingContext2D,
  { view, lane, x, width }: Mark,
  isHovered: boolean,
  ink: TimelineInk,
): void {
  const { severity } = view.event;
  const height = MARK_PX[WEIGHT[severity]]!;
  const bottom = AXIS_PX + lane * LANE_PX + LANE_PX - RECORDED_PX - 3;
  context.fillStyle = ink.marks[severity];
  // A false alarm is an outline: it does not count.
  if (view.review?.verdict === 'false alarm') {
    context.strokeStyle = ink.marks[severity];
    context.strokeRect(x + 0.5, bottom - height + 0.5, Math.max(2, width - 1), height - 1);
  } else {
    // When it began stands out; how long it went on is a tint, through which others are seen.
    context.globalAlpha = LASTING_ALPHA;
    context.fillRect(x, bottom - height, width, height);
    context.globalAlpha = 1;
    context.fillRect(x, bottom - height, Math.min(width, BEGAN_PX), height);
  }
  if (isHovered) {
    context.strokeStyle = ink.accent;
    context.strokeRect(x - 1.5, bottom - height - 1.5, width + 3, height + 3);
  }
}

function vertical(
  context: CanvasRenderingContext2D,
  x: number,
  from: number,
  to: number,
  colour: string,
): void {
  context.strokeStyle = colour;
  context.beginPath();
  context.moveTo(x, from);
  context.lineTo(x, to);
  context.stroke();
}
