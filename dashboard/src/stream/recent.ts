import type { NumberedMessage } from '../../../src/server/protocol.js';
import type { Gap } from './event-stream.js';

/** A line of the list of what happened last. */
export type RecentItem = NumberedMessage | Gap;

/** The list as it is read: what came while its reader was further down waits, so that nothing moves. */
export interface Recent {
  /** Newest first. */
  readonly shown: readonly RecentItem[];
  readonly waiting: readonly RecentItem[];
}

/** How many lines are kept. */
export const RECENT_MAX = 50;

/** The list before anything happened. */
export const nothingRecent: Recent = { shown: [], waiting: [] };

/** Adds a line: on top, or, while the list is being read further down, to those that wait. */
export function withItem({ shown, waiting }: Recent, item: RecentItem, isBeingRead: boolean): Recent {
  if (isBeingRead) return { shown, waiting: [item, ...waiting].slice(0, RECENT_MAX) };
  return { shown: [item, ...waiting, ...shown].slice(0, RECENT_MAX), waiting: [] };
}

/** Shows what waited. */
export function withAllShown({ shown, waiting }: Recent): Recent {
  return waiting.length === 0
    ? { shown, waiting }
    : { shown: [...waiting, ...shown].slice(0, RECENT_MAX), waiting: [] };
}

/** A name for a line that no other one has. */
export function keyOf(item: RecentItem): string {
  return item.type === 'gap' ? `gap-${item.from}` : String(item.seq);
}
