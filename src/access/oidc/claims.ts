import { createHash } from 'node:crypto';
import type { OidcConfig } from '../../config/index.js';
import { ROLES, type Role } from '../permissions.js';
import { USER_NAME } from '../users.js';

/** What an issuer says of somebody. */
export type Claims = Readonly<Record<string, unknown>>;

/** The value of a claim; dots lead into objects. Only what the claims themselves hold is found, never what JavaScript adds. */
export function claimOf(claims: Claims, name: string): unknown {
  return name.split('.').reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    return (value as Record<string, unknown>)[key];
  }, claims);
}

/** The highest role that the claims give; undefined: none. */
export function roleOf(
  claims: Claims,
  { rolesClaim, roles }: Pick<OidcConfig, 'rolesClaim' | 'roles'>,
): Role | undefined {
  const value = claimOf(claims, rolesClaim);
  const given = new Set<unknown>(Array.isArray(value) ? value : [value]);
  return [...ROLES].reverse().find((role) => roles[role].some((one) => given.has(one)));
}

/**
 * What a user is to be called here: the claim in small letters, with dots for what a name may not have; without such a claim, something made of
 * the subject, which two subjects do not share.
 */
export function nameOf(
  claims: Claims & { readonly sub: string },
  { nameClaim }: Pick<OidcConfig, 'nameClaim'>,
): string {
  const value = claimOf(claims, nameClaim);
  const name = (typeof value === 'string' ? value : '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9._@-]+/g, '.')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 63);
  if (USER_NAME.test(name)) return name;
  return `user-${createHash('sha256').update(claims.sub, 'utf8').digest('hex').slice(0, 12)}`;
}
