import type { FrameMessage } from '../events/index.js';

/** How many objects of which label a camera sees, and in which zone. What is not there has none. */
export interface ObjectCounts {
  readonly total: number;
  readonly labels: Readonly<Record<string, number>>;
  readonly zones: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Counts the objects of a frame that are confirmed. */
export function countObjects({ objects }: Pick<FrameMessage, 'objects'>): ObjectCounts {
  const labels: Record<string, number> = {};
  const zones: Record<string, Record<string, number>> = {};
  let total = 0;
  for (const { label, state, zones: within = [] } of objects) {
    if (state === 'tentative') continue;
    total++;
    labels[label] = (labels[label] ?? 0) + 1;
    for (const zone of within) {
      const inZone = (zones[zone] ??= {});
      inZone[label] = (inZone[label] ?? 0) + 1;
    }
  }
  return { total, labels, zones };
}
