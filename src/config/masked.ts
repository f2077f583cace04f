import { redact } from '../base/index.js';
import { isWithin } from './key-pattern.js';
import type { KeyPath } from './problem.js';
import { isSecretKey } from './secret-keys.js';

/** What stands in place of a secret. */
export const MASK = '***';

const IS_PLACEHOLDER = /^\$\{[A-Za-z_]\w*\}$/;
/** What follows `?` in an address often holds a token. */
const QUERY_VALUE = /([?&][^=&#]*=)[^&#]*/g;

/** A value as the file has it, without secrets: `${VARIABLE}` stays, since it names one and does not tell it. */
export function masked(value: unknown, path: KeyPath = []): unknown {
  if (typeof value === 'string') return maskedText(value, path);
  if (Array.isArray(value)) return value.map((item, at) => masked(item, [...path, at]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, masked(inner, [...path, key])]),
  );
}

function maskedText(text: string, path: KeyPath): string {
  if (IS_PLACEHOLDER.test(text)) return text;
  if (isSecretKey(path)) return MASK;
  const isSource = isWithin('cameras.*.source', path) && text.includes('://');
  return redact(isSource ? text.replace(QUERY_VALUE, `$1${MASK}`) : text);
}
