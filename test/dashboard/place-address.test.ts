import { describe, expect, it } from '@jest/globals';
import { hrefOf, placeOf } from '../../dashboard/src/place-address.js';

const read = (hash: string) => {
  const { page, id, filters } = placeOf(hash);
  return { page, id, filters: [...filters] };
};

describe('placeOf', () => {
  it.each([
    ['', 'live'],
    ['#', 'live'],
    ['#/', 'live'],
    ['#/events', 'events'],
    ['#main', 'live'],
    ['#/nowhere', 'live'],
    ['#/constructor', 'live'],
  ])('takes %j for the page %s', (hash, page) => {
    expect(read(hash)).toEqual({ page, id: undefined, filters: [] });
  });

  it('keeps an id that is no valid encoding as it stands', () => {
    expect(read('#/cameras/100%')).toEqual({ page: 'camera', id: '100%', filters: [] });
  });
});

describe('hrefOf', () => {
  it('is read back as what it was made of, whatever the id and filters hold', () => {
    const href = hrefOf('events', 'a/b?c#d é%', {
      camera: ['x & y', 'z=1'],
      label: 'person',
      zone: '',
      rule: undefined,
    });
    expect(read(href)).toEqual({
      page: 'events',
      id: 'a/b?c#d é%',
      filters: [
        ['camera', 'x & y'],
        ['camera', 'z=1'],
        ['label', 'person'],
      ],
    });
  });
});
