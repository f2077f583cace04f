import type { KeyPath } from './problem.js';

/** Keys with dots between them, of which `*` is any: `webhooks.*.url`. */
export type KeyPattern = string;

/** Whether pattern and path are the same as far as the shorter of them goes: one may lie within the other. */
export function agree(pattern: KeyPattern, path: KeyPath): boolean {
  return pattern.split('.').every((key, at) => at >= path.length || key === '*' || key === path[at]);
}

/** Whether `path` is what the pattern names, or lies within it. */
export function isWithin(pattern: KeyPattern, path: KeyPath): boolean {
  return path.length >= pattern.split('.').length && agree(pattern, path);
}
