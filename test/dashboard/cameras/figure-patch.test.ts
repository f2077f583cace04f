import { describe, expect, it } from '@jest/globals';
import {
  drawingOf,
  namesTwice,
  onSaved,
  patchOf,
  rebased,
  type CameraFigures,
} from '../../../dashboard/src/cameras/figures/figure-patch.js';
import type { Drawing, Point } from '../../../dashboard/src/cameras/figures/figure.js';

const yard: readonly Point[] = [[0, 0], [1, 0], [1, 1]]; // prettier-ignore
const small: readonly Point[] = [[0, 0], [0.5, 0], [0.5, 0.5]]; // prettier-ignore
const saved: CameraFigures = {
  zones: { yard: { polygon: yard, by: 'box' }, drive: { polygon: small } },
  lines: { door: { points: [[0, 0.5], [1, 0.5]] } }, // prettier-ignore
  rules: [
    { name: 'a', type: 'enter', zone: 'yard' },
    { name: 'b', type: 'line', line: 'door' },
  ],
};
const drawing = drawingOf(saved);
const changed = (name: string, change: Partial<Drawing[number]>): Drawing =>
  drawing.map((figure) => (figure.name === name ? { ...figure, ...change } : figure));

describe('the patch of a drawing', () => {
  it('is none when nothing was drawn', () => {
    expect(patchOf(saved, drawing)).toBeUndefined();
  });

  it('names the corners of a changed zone alone: its other keys stay', () => {
    expect(patchOf(saved, changed('yard', { points: small }))).toEqual({
      zones: { yard: { polygon: small } },
    });
  });

  it('adds what is new and removes what is gone', () => {
    const next: Drawing = [
      ...drawing.filter(({ name }) => name !== 'drive'),
      { key: 'new-1', kind: 'line', name: 'gate', points: [[0, 0], [1, 1]] }, // prettier-ignore
    ];
    expect(patchOf(saved, next)).toEqual({
      zones: { drive: null },
      lines: { gate: { points: [[0, 0], [1, 1]] } }, // prettier-ignore
    });
  });

  it('takes a renamed zone with its keys, and its rules with it', () => {
    expect(patchOf(saved, changed('yard', { name: 'court' }))).toEqual({
      zones: { yard: null, court: { polygon: yard, by: 'box' } },
      rules: [{ name: 'a', type: 'enter', zone: 'court' }, saved.rules![1]],
    });
  });

  it('lets two zones change their names', () => {
    const swapped = drawing.map(
      (figure) =>
      figure.name === 'yard' ? { ...figure, name: 'drive' } : figure.name === 'drive' ? { ...figure, name: 'yard' } : figure, // prettier-ignore
    );
    expect(patchOf(saved, swapped)?.zones).toEqual({
      drive: { polygon: yard, by: 'box' },
      yard: { polygon: small, by: null },
    });
  });

  it('finds a name that stands twice', () => {
    expect([...namesTwice(changed('drive', { name: 'yard' }))]).toEqual(['zone drive']);
    expect(namesTwice(changed('drive', { name: 'door' })).size).toBe(0);
  });
});

describe('a drawing on a configuration that somebody else has changed', () => {
  const fresh: CameraFigures = {
    zones: { yard: { polygon: small }, lane: { polygon: yard } },
    lines: saved.lines!,
  };

  it('keeps what I drew, and has theirs everywhere else', () => {
    const mine: Drawing = [
      ...changed('door', { points: [[0, 0], [1, 1]] }), // prettier-ignore
      { key: 'new-1', kind: 'zone', name: 'zone-1', points: small },
    ];
    const { drawing: both, clashes } = rebased(saved, fresh, mine);
    expect(clashes).toEqual([]);
    expect(both.map(({ name, points }) => [name, points])).toEqual([
      ['yard', small],
      ['door', [[0, 0], [1, 1]]], // prettier-ignore
      ['zone-1', small],
      ['lane', yard],
    ]);
    expect(patchOf(fresh, both)).toEqual({
      zones: { 'zone-1': { polygon: small } },
      lines: { door: { points: [[0, 0], [1, 1]] } }, // prettier-ignore
    });
  });

  it('names what both changed, and has mine there', () => {
    const third: readonly Point[] = [[0, 0], [0.2, 0], [0.2, 0.2]]; // prettier-ignore
    const { drawing: both, clashes } = rebased(saved, fresh, changed('yard', { points: third }));
    expect(clashes).toEqual(['yard']);
    expect(patchOf(fresh, both)).toEqual({ zones: { yard: { polygon: third } } });
  });

  it('brings back what they removed and I changed', () => {
    const { drawing: both, clashes } = rebased(saved, fresh, changed('drive', { points: yard }));
    expect(clashes).toEqual(['drive']);
    expect(patchOf(fresh, both)).toEqual({ zones: { drive: { polygon: yard } } });
  });

  it('leaves away what I removed', () => {
    const { drawing: both } = rebased(saved, fresh, drawing.filter(({ name }) => name !== 'door')); // prettier-ignore
    expect(patchOf(fresh, both)).toEqual({ lines: { door: null } });
  });
});

describe('a drawing that went on while it was saved', () => {
  const [first, ...others] = drawing;
  const sent: Drawing = [
    { ...first!, name: 'court' },
    ...others.filter(({ name }) => name !== 'drive'),
    { key: 'new-1', kind: 'zone', name: 'zone-1', points: small },
  ];
  const written: CameraFigures = {
    zones: { court: { polygon: yard, by: 'box' }, 'zone-1': { polygon: small } },
    lines: saved.lines!,
  };

  it('has nothing to save when nothing was drawn since', () => {
    const after = onSaved(sent, written, sent);
    expect(patchOf(written, after)).toBeUndefined();
    expect(after.map(({ key }) => key)).toEqual(sent.map(({ key }) => key));
  });

  it('keeps what was drawn since, and that alone is not saved yet', () => {
    const since = sent.map((figure) => (figure.key === 'new-1' ? { ...figure, points: yard } : figure));
    expect(patchOf(written, onSaved(sent, written, since))).toEqual({
      zones: { 'zone-1': { polygon: yard } },
    });
  });

  it('takes back what is saved, at the step before', () => {
    expect(patchOf(written, onSaved(sent, written, drawing))?.zones).toEqual({
      court: null,
      yard: { polygon: yard, by: 'box' },
      drive: { polygon: small },
      'zone-1': null,
    });
  });

  it('gives another figure by the first name of one that was renamed a key of its own', () => {
    const after = onSaved(sent, written, sent);
    const fresh = { ...written, zones: { ...written.zones, yard: { polygon: small } } };
    const keys = rebased(written, fresh, after).drawing.map(({ key }) => key);
    expect(new Set(keys).size).toBe(4);
    expect(keys.length).toBe(4);
  });
});
