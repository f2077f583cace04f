import { describe, expect, it } from '@jest/globals';
import { claimOf, nameOf, roleOf } from '../../src/access/oidc/claims.js';

const roles = { admin: ['owners'], operator: ['guards', 'night'], viewer: ['staff'] };

describe('what an issuer says of somebody', () => {
  it.each([
    [['staff'], 'viewer'],
    [['staff', 'night', 'others'], 'operator'],
    [['guards', 'owners'], 'admin'],
    ['guards', 'operator'],
    [['Owners'], undefined],
    [[], undefined],
    [undefined, undefined],
    [null, undefined],
    [{ owners: true }, undefined],
    [[['owners']], undefined],
  ])('gives for the groups %j the role %s', (groups, role) => {
    expect(roleOf({ groups }, { rolesClaim: 'groups', roles })).toBe(role);
  });

  it('is found by name, also within others, and never in what JavaScript adds to objects', () => {
    const claims = { realm_access: { roles: ['night'] }, plain: 1 };
    expect(claimOf(claims, 'realm_access.roles')).toEqual(['night']);
    for (const name of [
      'constructor',
      '__proto__',
      'toString',
      'plain.toFixed',
      'realm_access.constructor.name',
      'none.at.all',
    ])
      expect([name, claimOf(claims, name)]).toEqual([name, undefined]);
    expect(
      roleOf(claims, { rolesClaim: 'constructor.name', roles: { ...roles, admin: ['Object'] } }),
    ).toBeUndefined();
  });

  it.each([
    ['ada', 'ada'],
    ['Ada@Company.example', 'ada@company.example'],
    ['Ádá Löve\u202elace', 'ada.love.lace'],
    ['../../etc', 'etc'],
    ['<img src=x>', 'img.src.x.'],
    ['a'.repeat(100), 'a'.repeat(63)],
    ['', 'user-'],
    ['😀', 'user-'],
    [7, 'user-'],
    [undefined, 'user-'],
  ])('names %j %s', (name, expected) => {
    const said = nameOf({ sub: 'ada-1', name }, { nameClaim: 'name' });
    if (expected.startsWith('user-')) expect(said).toMatch(/^user-[0-9a-f]{12}$/);
    else expect(said).toBe(expected);
    expect(nameOf({ sub: 'ada-2', name: '' }, { nameClaim: 'name' })).not.toBe(
      nameOf({ sub: 'ada-1', name: '' }, { nameClaim: 'name' }),
    );
  });
});
