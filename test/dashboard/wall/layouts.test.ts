import { describe, expect, it } from '@jest/globals';
import { layoutsOf, withLayout } from '../../../dashboard/src/wall/layouts.js';

const yard = { name: 'Yard', cameras: ['gate', 'fence'] };
const doors = { name: 'Doors', cameras: ['front'], columns: 2 };

describe('layouts', () => {
  it('are read back as they were kept', () => {
    expect(layoutsOf(JSON.parse(JSON.stringify([yard, doors])))).toEqual([yard, doors]);
  });

  it.each([
    ['nothing', undefined],
    ['something else', { yard }],
    ['a layout without a name', [{ cameras: [] }]],
    ['cameras that are no ids', [{ name: 'a', cameras: [1] }]],
    ['columns that cannot be', [{ ...yard, columns: 99 }]],
  ])('are none where the browser kept %s', (_, kept) => {
    expect(layoutsOf(kept)).toEqual([]);
  });

  it('keep their place when they are changed, and their name stays the only one', () => {
    const all = [yard, doors];
    expect(withLayout(all, { name: 'Back yard', cameras: ['gate'] }, 'Yard')).toEqual([
      { name: 'Back yard', cameras: ['gate'] },
      doors,
    ]);
    expect(withLayout(all, { name: 'Doors', cameras: [] }, 'Yard')).toEqual([{ name: 'Doors', cameras: [] }]);
    expect(withLayout(all, { name: 'Roof', cameras: [] })).toEqual([
      yard,
      doors,
      { name: 'Roof', cameras: [] },
    ]);
  });
});
