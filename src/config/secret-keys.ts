import { agree, isWithin, type KeyPattern } from './key-pattern.js';
import type { KeyPath } from './problem.js';

/** Keys whose values are secrets by themselves. Addresses of receivers often hold a token. */
const SECRET: readonly KeyPattern[] = [
  'webhooks.*.secret',
  'webhooks.*.url',
  'mqtt.password',
  'data.postgres',
  'access.oidc.clientSecret',
];
/** Keys whose values hold a secret where they are not as they should be. */
const UNSAFE_IN_ERRORS: readonly KeyPattern[] = [...SECRET, 'mqtt.url'];

/** Whether what stands at `path` is never shown. */
export function isSecretKey(path: KeyPath): boolean {
  return SECRET.some((pattern) => isWithin(pattern, path));
}

/** Whether what stands at `path` may be, or hold, a secret, however wrong its form is: no error quotes it. */
export function mayHoldSecret(path: KeyPath): boolean {
  return path.length > 0 && UNSAFE_IN_ERRORS.some((pattern) => agree(pattern, path));
}
