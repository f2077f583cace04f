import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Place } from '../../live/picture-fit.js';
import type { Editor, EditorAction } from './editor.js';
import { DraftShape, FigureShape, Handles } from './figure-shapes.js';
import { figureTexts } from './figure-texts.js';
import type { Point } from './figure.js';
import { inShares, onBoard } from './place-in-picture.js';
import { snapped, SNAP_PX } from './snap.js';

/** One press of an arrow moves by so much of the picture; with Shift ten times as far. */
const STEP = 0.002;
const STEPS_FAR = 10;
const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** What the pointer holds. */
type Drag = { readonly key: string; readonly mark: string } & (
  { readonly corner: number } | { readonly last: Point }
);

export interface FigureLayerProps {
  readonly editor: Editor;
  readonly picture: Place;
  readonly dispatch: (action: EditorAction) => void;
  /** Beneath the figures. */
  readonly children?: ComponentChildren;
}

/** Zones and lines above the picture: drawn, dragged, and changed by keyboard. */
export function FigureLayer({ editor, picture, dispatch, children }: FigureLayerProps) {
  const layer = useRef<SVGSVGElement>(null);
  const drag = useRef<Drag>(undefined);
  const drags = useRef(0);
  const [pointer, setPointer] = useState<Point>();
  const { history, selected, draft } = editor;
  const drawing = history.now;
  const chosen = drawing.find(({ key }) => key === selected?.key);
  const isDrawing = draft !== undefined;
  useLayoutEffect(() => {
    if (isDrawing) layer.current?.focus();
    else setPointer(undefined);
  }, [isDrawing]);
  useKeptFocus(layer, editor);

  const at = (event: PointerEvent): Point => {
    const { left, top } = layer.current!.getBoundingClientRect();
    return inShares([event.clientX - left, event.clientY - top], picture);
  };
  const snap = (event: PointerEvent, key?: string): Point =>
    snapped(at(event), {
      others: drawing.filter((figure) => figure.key !== key),
      picture,
      ...(event.altKey && { radiusPx: 0 }),
    });
  const closes = (event: PointerEvent) => {
    const first = draft?.points[0];
    if (draft?.kind !== 'zone' || first === undefined || draft.points.length < 3) return false;
    const [[x, y], [firstX, firstY]] = [onBoard(at(event), picture), onBoard(first, picture)];
    return Math.hypot(x - firstX, y - firstY) <= SNAP_PX;
  };

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    if (isDrawing) {
      event.preventDefault();
      layer.current?.focus();
      dispatch(closes(event) ? { type: 'finish' } : { type: 'place', point: snap(event) });
      return;
    }
    const target = event.target as Element;
    const [corner, side, figure] = ['corner', 'side', 'figure'].map((what) => dataOf(target, what));
    const mark = `drag ${++drags.current}`;
    if (corner !== undefined && chosen !== undefined) {
      drag.current = { key: chosen.key, corner: Number(corner), mark };
      dispatch({ type: 'select', key: chosen.key, corner: Number(corner) });
    } else if (side !== undefined && chosen !== undefined) {
      dispatch({ type: 'add-corner', key: chosen.key, side: Number(side), at: at(event), mark });
      drag.current = { key: chosen.key, corner: Number(side) + 1, mark };
    } else if (figure !== undefined) {
      // The first click selects: nobody moves a zone by chance.
      if (figure === chosen?.key) drag.current = { key: figure, last: at(event), mark };
      dispatch({ type: 'select', key: figure });
    } else {
      dispatch({ type: 'select' });
    }
    if (drag.current !== undefined) layer.current?.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent) => {
    if (isDrawing) setPointer(snap(event));
    const held = drag.current;
    if (held === undefined) return;
    if ('corner' in held) {
      const { key, corner, mark } = held;
      dispatch({ type: 'move', key, corner, to: snap(event, key), mark });
      return;
    }
    const [x, y] = at(event);
    dispatch({ type: 'shift', key: held.key, by: [x - held.last[0], y - held.last[1]], mark: held.mark });
    drag.current = { ...held, last: [x, y] };
  };
  const letGo = () => (drag.current = undefined);

  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as Element;
    const action = isDrawing ? drawingKey(event) : editingKey(event, target, editor);
    if (action === undefined) return;
    event.preventDefault();
    dispatch(action);
  };
  const onFocusIn = (event: FocusEvent) => {
    if (isDrawing || drag.current !== undefined) return;
    const corner = dataOf(event.target as Element, 'corner');
    if (corner !== undefined && chosen !== undefined && Number(corner) !== selected?.corner)
      dispatch({ type: 'select', key: chosen.key, corner: Number(corner) });
  };

  return (
    <svg
      ref={layer}
      class="figures"
      data-drawing={isDrawing}
      role="group"
      tabindex={-1}
      aria-label={figureTexts.board}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={letGo}
      onPointerCancel={letGo}
      onKeyDown={onKeyDown}
      onFocusCapture={onFocusIn}
    >
      {children}
      {drawing.map((figure) => (
        <FigureShape key={figure.key} figure={figure} picture={picture} isSelected={figure === chosen} />
      ))}
      {chosen !== undefined && !isDrawing && (
        <Handles figure={chosen} picture={picture} corner={selected?.corner} />
      )}
      {draft !== undefined && <DraftShape draft={draft} pointer={pointer} picture={picture} />}
    </svg>
  );
}

/** A corner that was moved among others, or removed, leaves the focus on the one that is selected now. */
function useKeptFocus(
  layer: { readonly current: SVGSVGElement | null },
  { selected, history }: Editor,
): void {
  useLayoutEffect(() => {
    const board = layer.current;
    if (
      board === null ||
      !(board.contains(document.activeElement) || document.activeElement === document.body)
    )
      return;
    if (selected === undefined) return;
    const wanted =
      selected.corner === undefined
        ? board.querySelector<SVGElement>(`[data-figure="${CSS.escape(selected.key)}"]`)
        : board.querySelector<SVGElement>(`[data-corner="${selected.corner}"]`);
    if (wanted !== document.activeElement) wanted?.focus({ preventScroll: true });
  }, [selected?.key, selected?.corner, history.now.length]);
}

function drawingKey({ key }: KeyboardEvent): EditorAction | undefined {
  if (key === 'Enter') return { type: 'finish' };
  if (key === 'Escape') return { type: 'cancel' };
  return key === 'Backspace' ? { type: 'unplace' } : undefined;
}

function editingKey(event: KeyboardEvent, target: Element, { selected }: Editor): EditorAction | undefined {
  const figure = dataOf(target, 'figure');
  const corner = dataOf(target, 'corner');
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  if (event.key === 'Escape') return { type: 'select' };
  if (figure !== undefined && (event.key === 'Enter' || event.key === ' '))
    return { type: 'select', key: figure };
  if (selected === undefined || (corner === undefined && figure !== selected.key)) return undefined;
  if (event.key === 'Delete' || event.key === 'Backspace') return { type: 'delete' };
  const arrow = ARROWS[event.key];
  if (arrow === undefined) return undefined;
  const far = STEP * (event.shiftKey ? STEPS_FAR : 1);
  const by: Point = [arrow[0] * far, arrow[1] * far];
  return corner === undefined
    ? { type: 'shift', key: selected.key, by, mark: `keys ${selected.key}` }
    : {
        type: 'shift',
        key: selected.key,
        corner: Number(corner),
        by,
        mark: `keys ${selected.key} ${corner}`,
      };
}

function dataOf(target: Element, what: string): string | undefined {
  return target.closest(`[data-${what}]`)?.getAttribute(`data-${what}`) ?? undefined;
}
