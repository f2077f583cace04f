export type { ClipFile, ClipRange } from './clip.js';
export type { CoverPicture } from './covered-clip.js';
export type { KeepPlan, RecordPlan } from './plan.js';
export type { Recorder, RecorderState } from './recorder.js';
export * from './recordings.js';
export { reserveBytesOf, segmentIndexOf } from './tier.js';
export type { Gap, GapReason } from './timeline.js';
