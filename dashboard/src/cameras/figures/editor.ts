import {
  CORNERS_MAX,
  freeName,
  inPicture,
  reversed,
  shifted,
  withCornerAt,
  withCornerOn,
  withoutCorner,
  type Drawing,
  type Figure,
  type Point,
} from './figure.js';
import { begun, redone, stepped, undone, type Undoable } from './undo.js';

/** What is on the drawing board. */
export interface Editor {
  readonly history: Undoable<Drawing>;
  /** The figure that is worked on, and the corner of it. */
  readonly selected?: { readonly key: string; readonly corner?: number };
  /** A figure of which some corners are placed. */
  readonly draft?: { readonly kind: Figure['kind']; readonly points: readonly Point[] };
}

/** What can be done to it. Steps with the same `mark` are taken back as one. */
export type EditorAction =
  | { readonly type: 'load'; readonly drawing: Drawing }
  /** What was drawn, and every step of it, on a configuration that has changed meanwhile. */
  | { readonly type: 'rebase'; readonly onto: (drawing: Drawing) => Drawing }
  | { readonly type: 'draw'; readonly kind: Figure['kind'] }
  | { readonly type: 'place'; readonly point: Point }
  | { readonly type: 'finish' | 'cancel' | 'unplace' | 'delete' | 'reverse' | 'undo' | 'redo' }
  | { readonly type: 'select'; readonly key?: string; readonly corner?: number }
  | {
      readonly type: 'move';
      readonly key: string;
      readonly corner: number;
      readonly to: Point;
      readonly mark?: string;
    }
  | {
      readonly type: 'shift';
      readonly key: string;
      /** This corner alone. */
      readonly corner?: number;
      readonly by: Point;
      readonly mark?: string;
    }
  | {
      readonly type: 'add-corner';
      readonly key: string;
      readonly side: number;
      readonly at: Point;
      readonly mark?: string;
    }
  | { readonly type: 'rename'; readonly key: string; readonly name: string }
  | {
      readonly type: 'add';
      readonly kind: Figure['kind'];
      readonly points: readonly Point[];
      readonly name?: string;
    };

/** What `finish` makes of a draft without corners, for those who draw with the keyboard. */
const MIDDLE: Readonly<Record<Figure['kind'], readonly Point[]>> = {
  zone: [
    [0.35, 0.35],
    [0.65, 0.35],
    [0.65, 0.65],
    [0.35, 0.65],
  ],
  line: [
    [0.35, 0.5],
    [0.65, 0.5],
  ],
};
const LEAST: Readonly<Record<Figure['kind'], number>> = { zone: 3, line: 2 };

/** An empty board. */
export const emptyEditor: Editor = { history: begun<Drawing>([]) };

/** The board after something was done to it. Pure. */
export function edited(editor: Editor, action: EditorAction): Editor {
  const { history, selected, draft } = editor;
  switch (action.type) {
    case 'load':
      return replayed(editor, begun(action.drawing));
    case 'rebase': {
      const { past, now, future } = history;
      const onto = [past.map(action.onto), action.onto(now), future.map(action.onto)] as const;
      return replayed(editor, { past: onto[0], now: onto[1], future: onto[2] });
    }
    case 'draw':
      return { history, draft: { kind: action.kind, points: [] } };
    case 'place':
      return draft === undefined ? editor : placed(editor, draft, action.point);
    case 'unplace':
      return draft === undefined
        ? editor
        : { history, draft: { ...draft, points: draft.points.slice(0, -1) } };
    case 'finish':
      return draft === undefined ? editor : finished(history, draft);
    case 'cancel':
      return { history, ...(draft === undefined ? {} : selected && { selected }) };
    case 'select':
      return action.key === undefined
        ? { history }
        : {
            history,
            selected: { key: action.key, ...(action.corner !== undefined && { corner: action.corner }) },
          };
    case 'move':
      return {
        ...changed(
          editor,
          action.key,
          (figure) => withCornerAt(figure, action.corner, action.to),
          action.mark,
        ),
        selected: { key: action.key, corner: action.corner },
      };
    case 'shift':
      return changed(
        editor,
        action.key,
        (figure) => shiftedPart(figure, action.by, action.corner),
        action.mark,
      );
    case 'add-corner':
      return {
        ...changed(editor, action.key, (figure) => withCornerOn(figure, action.side, action.at), action.mark),
        selected: { key: action.key, corner: action.side + 1 },
      };
    case 'reverse':
      return selected === undefined
        ? editor
        : changed(editor, selected.key, (figure) => (figure.kind === 'line' ? reversed(figure) : figure));
    case 'rename':
      return changed(
        editor,
        action.key,
        (figure) => ({ ...figure, name: action.name }),
        `rename ${action.key}`,
      );
    case 'delete':
      return selected === undefined ? editor : deleted(editor, selected);
    case 'add':
      return added(history, action.kind, action.points, action.name);
    case 'undo':
      return replayed(editor, undone(history));
    case 'redo':
      return replayed(editor, redone(history));
  }
}

function placed(editor: Editor, draft: NonNullable<Editor['draft']>, point: Point): Editor {
  const points = [...draft.points, inPicture(point)];
  if (draft.kind === 'line' && points.length === 2) return finished(editor.history, { ...draft, points });
  if (points.length > CORNERS_MAX) return editor;
  return { ...editor, draft: { ...draft, points } };
}

function finished(history: Undoable<Drawing>, { kind, points }: NonNullable<Editor['draft']>): Editor {
  if (points.length === 0) return added(history, kind, MIDDLE[kind]);
  // Too few corners enclose nothing: drawing goes on.
  if (points.length < LEAST[kind]) return { history, draft: { kind, points } };
  return added(history, kind, points);
}

function added(
  history: Undoable<Drawing>,
  kind: Figure['kind'],
  points: readonly Point[],
  wish?: string,
): Editor {
  const names = history.now.filter((figure) => figure.kind === kind).map(({ name }) => name);
  const name = wish !== undefined && !names.includes(wish) ? wish : freeName(wish ?? kind, names);
  // Taken back and drawn anew, it is another figure: its key is one that no step of the past has had.
  const key = freeName(
    'new',
    [...history.past, history.now].flatMap((drawing) => drawing.map((figure) => figure.key)),
  );
  const figure: Figure = { key, kind, name, points: points.map(inPicture) };
  return { history: stepped(history, [...history.now, figure]), selected: { key } };
}

function changed(editor: Editor, key: string, change: (figure: Figure) => Figure, mark?: string): Editor {
  const now = editor.history.now;
  const at = now.findIndex((figure) => figure.key === key);
  if (at < 0) return editor;
  const figure = change(now[at]!);
  return figure === now[at]
    ? editor
    : { ...editor, history: stepped(editor.history, now.with(at, figure), mark) };
}

function shiftedPart(figure: Figure, [byX, byY]: Point, corner: number | undefined): Figure {
  if (corner === undefined) return shifted(figure, byX, byY);
  const [x, y] = figure.points[corner]!;
  return withCornerAt(figure, corner, [x + byX, y + byY]);
}

function deleted(editor: Editor, { key, corner }: NonNullable<Editor['selected']>): Editor {
  const { history } = editor;
  const figure = history.now.find((one) => one.key === key);
  if (figure === undefined) return editor;
  const rest = corner === undefined ? undefined : withoutCorner(figure, corner);
  if (rest === undefined)
    return {
      history: stepped(
        history,
        history.now.filter((one) => one !== figure),
      ),
    };
  const next = { key, corner: Math.min(corner!, rest.points.length - 1) };
  return { ...changed(editor, key, () => rest), selected: next };
}

function replayed({ selected, draft }: Editor, history: Undoable<Drawing>): Editor {
  return { history, ...stillSelected(selected, history.now), ...(draft !== undefined && { draft }) };
}

function stillSelected(selected: Editor['selected'], drawing: Drawing): Pick<Editor, 'selected'> {
  const figure = drawing.find(({ key }) => key === selected?.key);
  if (figure === undefined) return {};
  const corner = selected?.corner;
  const isThere = corner !== undefined && corner < figure.points.length;
  return { selected: { key: figure.key, ...(isThere && { corner }) } };
}
