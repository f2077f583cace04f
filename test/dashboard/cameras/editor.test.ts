import { describe, expect, it } from '@jest/globals';
import {
  edited,
  emptyEditor,
  type Editor,
  type EditorAction,
} from '../../../dashboard/src/cameras/figures/editor.js';
import type { Drawing, Point } from '../../../dashboard/src/cameras/figures/figure.js';

const after = (...actions: EditorAction[]): Editor => actions.reduce(edited, emptyEditor);
const drawingOf = ({ history }: Editor): Drawing => history.now;
const corners: readonly Point[] = [[0.1, 0.1], [0.5, 0.1], [0.3, 0.6]]; // prettier-ignore
const drawn: readonly EditorAction[] = [
  { type: 'draw', kind: 'zone' },
  ...corners.map((point) => ({ type: 'place', point }) as const),
  { type: 'finish' },
];
const key = 'new-1';

describe('drawing', () => {
  it('makes a zone of the places that were clicked, selected and with a name of its own', () => {
    const editor = after(...drawn);
    expect(drawingOf(editor)).toEqual([{ key, kind: 'zone', name: 'zone-1', points: corners }]);
    expect(editor.selected).toEqual({ key });
    expect(editor.draft).toBeUndefined();
  });

  it('ends a line with its second place', () => {
    const editor = after({ type: 'draw', kind: 'line' }, { type: 'place', point: [0, 0] }, { type: 'place', point: [1, 1] }); // prettier-ignore
    expect(drawingOf(editor)).toMatchObject([{ kind: 'line', name: 'line-1', points: [[0, 0], [1, 1]] }]); // prettier-ignore
  });

  it('goes on where two corners would be a zone, and takes the last one back', () => {
    const two = after(...drawn.slice(0, 3), { type: 'finish' });
    expect(two.draft?.points).toEqual(corners.slice(0, 2));
    expect(edited(two, { type: 'unplace' }).draft?.points).toEqual(corners.slice(0, 1));
    expect(drawingOf(edited(two, { type: 'cancel' }))).toEqual([]);
  });

  it('puts a figure in the middle for those who place no corner', () => {
    expect(drawingOf(after({ type: 'draw', kind: 'zone' }, { type: 'finish' }))[0]?.points).toHaveLength(4);
    expect(drawingOf(after({ type: 'draw', kind: 'line' }, { type: 'finish' }))[0]?.points).toHaveLength(2);
  });

  it('names what is added as was wished, or as near as that is free', () => {
    const add = { type: 'add', kind: 'zone', points: corners, name: 'road' } as const;
    expect(drawingOf(after(add, add, add)).map(({ name }) => name)).toEqual(['road', 'road-1', 'road-2']);
  });
});

describe('undo and redo', () => {
  it('take back a whole drag, and bring it again', () => {
    const drag = [0.2, 0.3, 0.4].map((x) => ({ type: 'move', key, corner: 0, to: [x, 0.2], mark: 'drag 1' }) as const); // prettier-ignore
    const dragged = after(...drawn, ...drag);
    expect(drawingOf(dragged)[0]?.points[0]).toEqual([0.4, 0.2]);
    const back = edited(dragged, { type: 'undo' });
    expect(drawingOf(back)[0]?.points[0]).toEqual([0.1, 0.1]);
    expect(drawingOf(edited(back, { type: 'redo' }))[0]?.points[0]).toEqual([0.4, 0.2]);
    expect(drawingOf(edited(back, { type: 'undo' }))).toEqual([]);
  });

  it('keep two drags of one corner apart', () => {
    const move = (x: number, mark: string) => ({ type: 'move', key, corner: 0, to: [x, 0.2], mark }) as const;
    const back = edited(after(...drawn, move(0.2, 'drag 1'), move(0.3, 'drag 2')), { type: 'undo' });
    expect(drawingOf(back)[0]?.points[0]).toEqual([0.2, 0.2]);
  });

  it('forget what was taken back once something else is done', () => {
    const other = after(...drawn, { type: 'undo' }, { type: 'add', kind: 'line', points: [[0, 0], [1, 0]] }); // prettier-ignore
    expect(edited(other, { type: 'redo' })).toEqual(other);
  });

  it('do nothing where there is nothing', () => {
    expect(drawingOf(after({ type: 'undo' }, { type: 'redo' }))).toEqual([]);
  });

  it('let go of a corner that is no longer there', () => {
    const corner = after(...drawn, { type: 'add-corner', key, side: 2, at: [0.2, 0.3] });
    expect(corner.selected).toEqual({ key, corner: 3 });
    expect(edited(corner, { type: 'undo' }).selected).toEqual({ key });
  });
});

describe('deleting', () => {
  it('takes the corner that is selected, then the figure when there are only three', () => {
    const four = after(...drawn, { type: 'add-corner', key, side: 2, at: [0.2, 0.3] });
    const three = edited(four, { type: 'delete' });
    expect(drawingOf(three)[0]?.points).toEqual(corners);
    expect(three.selected).toEqual({ key, corner: 2 });
    const none = edited(three, { type: 'delete' });
    expect(drawingOf(none)).toEqual([]);
    expect(drawingOf(edited(none, { type: 'undo' }))[0]?.points).toEqual(corners);
  });
});

describe('a line', () => {
  it('is reversed, a zone is not', () => {
    const line = after({ type: 'add', kind: 'line', points: [[0, 0], [1, 0]] }, { type: 'reverse' }); // prettier-ignore
    expect(drawingOf(line)[0]?.points).toEqual([[1, 0], [0, 0]]); // prettier-ignore
    expect(drawingOf(after(...drawn, { type: 'reverse' }))[0]?.points).toEqual(corners);
  });
});

describe('a name', () => {
  it('is typed in one step', () => {
    const typed = after(
      ...drawn,
      ...['y', 'ya', 'yard'].map((name) => ({ type: 'rename', key, name }) as const),
    );
    expect(drawingOf(typed)[0]?.name).toBe('yard');
    expect(drawingOf(edited(typed, { type: 'undo' }))[0]?.name).toBe('zone-1');
  });
});
