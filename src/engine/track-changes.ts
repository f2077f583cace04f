import type { TrackerStep } from '../tracking/index.js';
import type { TrackChange } from './messages.js';

/** What the tracker did in one frame, in an order in which it can be told: nothing is corrected before it has begun. */
export function trackChanges({ started, ended, corrected }: TrackerStep): TrackChange[] {
  return [
    ...ended.map((object) => ({ change: 'ended' as const, object })),
    ...corrected.map((correction) =>
      correction.kind === 'merged'
        ? { change: correction.kind, object: correction.object, into: correction.into }
        : { change: correction.kind, object: correction.object, was: correction.was },
    ),
    ...started.map((object) => ({ change: 'started' as const, object })),
  ];
}

/** Two steps in one picture, of its detections and of its searches, as one. */
export function oneStep(first: TrackerStep, second: TrackerStep): TrackerStep {
  return {
    objects: second.objects,
    started: [...first.started, ...second.started],
    ended: [...first.ended, ...second.ended],
    corrected: [...first.corrected, ...second.corrected],
  };
}
