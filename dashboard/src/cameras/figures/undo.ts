/** A value with what it was before, and what it was before it was taken back. */
export interface Undoable<T> {
  readonly past: readonly T[];
  readonly now: T;
  readonly future: readonly T[];
  /** Of the last step: further ones with the same mark belong to it. */
  readonly mark?: string;
}

const STEPS_MAX = 200;

/** The beginning: nothing to take back. */
export function begun<T>(now: T): Undoable<T> {
  return { past: [], now, future: [] };
}

/** One step further. A drag, or typing a name, is one step: each of its changes has the same `mark`. */
export function stepped<T>(was: Undoable<T>, now: T, mark?: string): Undoable<T> {
  if (now === was.now) return was;
  const isSameStep = mark !== undefined && mark === was.mark;
  const past = isSameStep ? was.past : [...was.past, was.now].slice(-STEPS_MAX);
  return { past, now, future: [], ...(mark !== undefined && { mark }) };
}

/** One step back, if there is one. */
export function undone<T>({ past, now, future }: Undoable<T>): Undoable<T> {
  if (past.length === 0) return { past, now, future };
  return { past: past.slice(0, -1), now: past.at(-1)!, future: [now, ...future] };
}

/** Takes one step back again, if there is one. */
export function redone<T>({ past, now, future }: Undoable<T>): Undoable<T> {
  if (future.length === 0) return { past, now, future };
  return { past: [...past, now], now: future[0]!, future: future.slice(1) };
}
