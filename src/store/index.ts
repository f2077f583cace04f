export type { TrackTextRow } from './text-table.js';
export type { AccessChange, SessionRow, TokenRow, UserRow } from './access-table.js';
export type { AuditAnchor, AuditCheck } from './audit-check.js';
export type { FailureRow } from './failure-rows.js';
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
export { Store, type StoreOptions, type TableClient } from './store.js';
export { backUpDatabase } from './back-up-database.js';
export { checkDatabase, type DatabaseCheck } from './check-database.js';
export { repairDatabase } from './repair-database.js';
export { examinePostgres, type DatabaseFacts } from './examine-postgres.js';
export type { EventQuery, EventReview, EventRow, EventVerdict } from './event-rows.js';
export type { Cursor, KeptSince, KeptSinceByCamera, Page } from './history-table.js';
export type { TrackQuery, TrackRow } from './track-rows.js';
export type { Picture, PictureFacts, PictureOwner } from './picture-table.js';
export type { Look, LookQuery, SimilarLook } from './similar-looks.js';
export type { ClassifierRow, ExampleRow, TrackClassRow, VersionRow } from './classifier-table.js';
export type { ReaderRow } from './reader-table.js';
export { readOn, type ReadableJournal } from './read-on.js';
export type { TableOf } from './tables.js';
