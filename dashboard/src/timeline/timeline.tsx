import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { EventView } from '../../../src/server/protocol.js';
import { AXIS_PX, drawTimeline, LANE_PX, type TimelineInk } from './draw-timeline.js';
import { markAt, marksOf, type Mark, type RecordedLane } from './lanes.js';
import { panned, timeAt, zoomed, type TimeSpan } from './time-scale.js';
import { timelineTexts as texts } from './timeline-texts.js';
import './timeline.css';

export interface TimelineProps {
  readonly span: TimeSpan;
  /** Ids of cameras, from above; without one there is nothing to show. */
  readonly cameras: readonly string[];
  readonly events: readonly EventView[];
  readonly lanes: ReadonlyMap<string, RecordedLane>;
  /** Behind this there is nothing. */
  readonly nowMs: number;
  /** Another time is to be shown. */
  readonly onSpan: (span: TimeSpan) => void;
  /** An event was chosen. */
  readonly onChoose: (view: EventView) => void;
  /** What an event is called. */
  readonly nameOf: (view: EventView) => string;
}

const ZOOM = 1.6;
const PAN_SHARE = 0.2;
/** A wheel turned by one notch, in the browser's px. */
const WHEEL_NOTCH = 100;
/** Moved less far, a press of the pointer is a click. */
const CLICK_PX = 4;

/** Events and recordings of cameras over time: dragged and zoomed by mouse, finger and keyboard. */
export function Timeline(props: TimelineProps) {
  const { span, cameras, events, lanes, nowMs, onSpan, onChoose, nameOf } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [widthPx, setWidth] = useState(0);
  const [pointer, setPointer] = useState<{ readonly x: number; readonly y: number }>();
  const [look, setLook] = useState(0);
  const drag = useRef<{ readonly x: number; readonly span: TimeSpan; hasMoved: boolean } | undefined>(
    undefined,
  );
  const latest = useRef(props);
  latest.current = props;

  const heightPx = AXIS_PX + cameras.length * LANE_PX;
  const marks = marksOf(events, cameras, span, widthPx, nowMs);
  const hovered = pointer && markAt(marks, laneAt(pointer.y), pointer.x);

  useEffect(() => {
    const element = canvas.current!;
    const resizes = new ResizeObserver(() => setWidth(element.clientWidth));
    resizes.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const onScheme = () => setLook((count) => count + 1);
    scheme.addEventListener('change', onScheme);
    // Not by JSX: a listener that keeps the page from scrolling must say so.
    const onWheel = (event: WheelEvent) => {
      const { span: now, onSpan: tell, nowMs: end } = latest.current;
      if (!event.ctrlKey && !event.shiftKey && Math.abs(event.deltaX) <= Math.abs(event.deltaY)) {
        if (document.activeElement !== element) return;
      }
      event.preventDefault();
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        const by = event.deltaX === 0 ? event.deltaY : event.deltaX;
        return tell(panned(now, by / Math.max(1, element.clientWidth), end));
      }
      const factor = ZOOM ** (event.deltaY / WHEEL_NOTCH);
      tell(zoomed(now, factor, event.offsetX / Math.max(1, element.clientWidth), end));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      resizes.disconnect();
      scheme.removeEventListener('change', onScheme);
      element.removeEventListener('wheel', onWheel);
    };
  }, []);
  useLayoutEffect(() => {
    const element = canvas.current!;
    element.style.height = `${heightPx}px`;
    const scale = window.devicePixelRatio;
    element.width = Math.round(widthPx * scale);
    element.height = Math.round(heightPx * scale);
    const context = element.getContext('2d');
    if (context === null) return;
    context.scale(scale, scale);
    const scene = {
      ...{ span, marks, lanes: cameras.map((id) => lanes.get(id)) },
      ...{ hovered: hovered?.view.event.id, pointerX: pointer?.x },
    };
    drawTimeline(context, scene, { width: widthPx, height: heightPx }, inkOf(element));
  }, [span.fromMs, span.toMs, cameras, events, lanes, widthPx, heightPx, pointer, look, nowMs]);

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    canvas.current!.setPointerCapture(event.pointerId);
    canvas.current!.focus({ preventScroll: true });
    drag.current = { x: event.offsetX, span, hasMoved: false };
  };
  const onPointerMove = (event: PointerEvent) => {
    const { offsetX: x, offsetY: y } = event;
    setPointer({ x, y });
    const held = drag.current;
    if (held === undefined) return;
    held.hasMoved ||= Math.abs(x - held.x) > CLICK_PX;
    if (held.hasMoved) onSpan(panned(held.span, (held.x - x) / Math.max(1, widthPx), nowMs));
  };
  const onPointerUp = () => {
    const held = drag.current;
    drag.current = undefined;
    if (held !== undefined && !held.hasMoved && hovered !== undefined) onChoose(hovered.view);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = keyed(event.key, span, nowMs);
    if (to === undefined) return;
    event.preventDefault();
    onSpan(to);
  };
  const zoom = (factor: number) => onSpan(zoomed(span, factor, 0.5, nowMs));
  return (
    <div class="timeline">
      <div class="row timeline-tools">
        <span class="numbers">{texts.span(span.fromMs, span.toMs)}</span>
        <span class="row timeline-buttons">
          {texts.ranges.map(([word, ms]) => (
            <button
              key={word}
              type="button"
              class="plain"
              aria-label={texts.last(word)}
              onClick={() => onSpan({ fromMs: nowMs - ms, toMs: nowMs })}
            >
              {word}
            </button>
          ))}
          <Tool label={texts.earlier} sign="←" onPress={() => onSpan(panned(span, -PAN_SHARE, nowMs))} />
          <Tool label={texts.later} sign="→" onPress={() => onSpan(panned(span, PAN_SHARE, nowMs))} />
          <Tool label={texts.zoomOut} sign="−" onPress={() => zoom(ZOOM)} />
          <Tool label={texts.zoomIn} sign="+" onPress={() => zoom(1 / ZOOM)} />
        </span>
      </div>
      <div class="timeline-body">
        <ul class="timeline-names" aria-hidden="true">
          {cameras.map((id) => (
            <li key={id} title={id}>
              {id}
            </li>
          ))}
        </ul>
        <canvas
          ref={canvas}
          tabIndex={0}
          role="application"
          aria-label={texts.what(cameras.length)}
          data-over={hovered !== undefined}
          onPointerDown={onPointerDown}
          onPointerMove={onPointerMove}
          onPointerUp={onPointerUp}
          onPointerCancel={() => (drag.current = undefined)}
          onPointerLeave={() => setPointer(undefined)}
          onKeyDown={onKeyDown}
        />
      </div>
      <p class="timeline-foot">
        {pointer === undefined ? (
          <Legend />
        ) : (
          <span class="quiet numbers">{wordsAt(pointer, hovered, props, widthPx, nameOf)}</span>
        )}
      </p>
    </div>
  );
}

function Tool(props: { readonly label: string; readonly sign: string; readonly onPress: () => void }) {
  return (
    <button
      type="button"
      class="secondary"
      aria-label={props.label}
      title={props.label}
      onClick={props.onPress}
    >
      {props.sign}
    </button>
  );
}

function Legend() {
  return (
    <>
      {Object.entries(texts.severities).map(([severity, word]) => (
        <span key={severity} class="timeline-key quiet" data-severity={severity}>
          {word}
        </span>
      ))}
      <span class="timeline-key quiet" data-severity="recorded">
        {texts.legendRecorded}
      </span>
    </>
  );
}

/** What is at the pointer, in words. */
function wordsAt(
  { x, y }: { readonly x: number; readonly y: number },
  mark: Mark | undefined,
  { span, cameras, lanes }: TimelineProps,
  widthPx: number,
  nameOf: (view: EventView) => string,
): string {
  const ms = timeAt(span, widthPx, x);
  const camera = cameras[laneAt(y)];
  const lane = camera === undefined ? undefined : lanes.get(camera);
  const covers = (one: TimeSpan) => one.fromMs <= ms && ms < one.toMs;
  const fault = lane?.faults.find(covers);
  const recorded = lane?.spans.some(covers) === true ? texts.recorded : fault && texts.reason(fault.reason);
  return [texts.moment(ms), camera, mark === undefined ? recorded : nameOf(mark.view)]
    .filter((part) => part !== undefined)
    .join(' · ');
}

function laneAt(y: number): number {
  return Math.floor((y - AXIS_PX) / LANE_PX);
}

/** Where a key leads; undefined for keys that are not ours. */
function keyed(key: string, span: TimeSpan, nowMs: number): TimeSpan | undefined {
  switch (key) {
    case 'ArrowLeft':
      return panned(span, -PAN_SHARE, nowMs);
    case 'ArrowRight':
      return panned(span, PAN_SHARE, nowMs);
    case '+':
    case '=':
      return zoomed(span, 1 / ZOOM, 0.5, nowMs);
    case '-':
      return zoomed(span, ZOOM, 0.5, nowMs);
    case 'Home':
      return { fromMs: nowMs - (span.toMs - span.fromMs), toMs: nowMs };
    default:
      return undefined;
  }
}

/** Canvases know no CSS variables. */
function inkOf(element: Element): TimelineInk {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ...{ line: colour('line'), quiet: colour('quiet'), accent: colour('accent') },
    ...{ recorded: colour('recorded'), fault: colour('busy') },
    marks: { info: colour('accent'), warning: colour('busy'), alert: colour('bad') },
  };
}
