export { type Journal } from './journal.js';
export {
  SEGMENT_MS_MAX,
  type Segment,
  type SegmentCause,
  type SegmentRow,
  type SegmentSeverity,
  type SegmentTotals,
} from './segment-table.js';
export * from './store.js';
export type { TableOf } from './tables.js';
