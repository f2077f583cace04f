export type { AccessChange, AuditCheck, SessionRow, TokenRow, UserRow } from './access-table.js';
export type { AuditEntry, AuditRecord } from './audit-chain.js';
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
export type { EventQuery, EventRow } from './event-rows.js';
export type { Cursor, Page } from './history-table.js';
export type { TrackQuery, TrackRow } from './track-rows.js';
export type { Picture, PictureFacts, PictureOwner } from './picture-table.js';
export { similarLooks, type Look, type LookQuery, type SimilarLook } from './similar-looks.js';
export type { ReaderRow } from './reader-table.js';
export { readOn, type ReadableJournal } from './read-on.js';
export type { TableOf } from './tables.js';
