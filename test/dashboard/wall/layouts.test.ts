import { describe, expect, it } from '@jest/globals';
import { joined, layoutsOf, withLayout } from '../../../dashboard/src/wall/layouts.js';

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

  it('of two places are joined, none twice, and none lost that has the name of another', () => {
    const other = { name: 'Yard', cameras: ['roof'] };
    const long = { name: 'a'.repeat(40), cameras: [] };
    expect(joined([yard, doors], [{ columns: 2, cameras: ['front'], name: 'Doors' }, yard])).toEqual([yard, doors]); // prettier-ignore
    expect(joined([yard], [doors, other, { ...other, cameras: [] }]).map(({ name }) => name)).toEqual(['Yard', 'Doors', 'Yard 2', 'Yard 3']); // prettier-ignore
    expect(joined([long], [{ ...long, cameras: ['gate'] }])[1]).toEqual({ name: `${'a'.repeat(38)} 2`, cameras: ['gate'] }); // prettier-ignore
    expect(joined([], [yard])).toEqual([yard]);
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
