import { session } from './session.js';

/** What a visitor on the machine itself may do before there is any user (`VISITOR_PERMISSIONS` of the server, as far as pages ask). */
const VISITOR: ReadonlySet<string> = new Set(['cameras', 'live', 'stream', 'events', 'recordings', 'system']);

/**
 * Whether who looks at the page has a permission of the server's (`config`, `control`, …), or one of several. For what to show only: the server decides each
 * time. Reads a signal: a component that calls it follows.
 */
export function may(permission: string | readonly string[]): boolean {
  if (typeof permission !== 'string') return permission.some(may);
  const state = session.value;
  return (
    state?.me?.permissions.includes(permission) ?? (state?.isVisitor === true && VISITOR.has(permission))
  );
}
