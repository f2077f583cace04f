/** What is kept of a camera. */
export interface RecordPlan {
  /** `events`: around events of rules; `tracks`: around every tracked object. */
  readonly mode: 'off' | 'continuous' | 'events' | 'tracks';
  /** Of the time before an event. */
  readonly preRollMs: number;
  /** Of the time after its end. */
  readonly postRollMs: number;
  /** A file is ended at the first keyframe after this. */
  readonly segmentMs: number;
}

/** How long recordings of a camera stay. */
export interface KeepPlan {
  readonly routineMs: number;
  /** Of segments that belong to events. */
  readonly eventMs: number;
  /** Of one camera; the oldest go first. Absent: as much as the disk holds. */
  readonly bytesMax?: number;
}
