import type { SessionView, WallLayout } from '../access/index.js';
import type { AuditCheck, AuditRecord } from '../store/index.js';

export type { TokenView, UserView } from '../access/index.js';

/** Where one is signed in: `GET /api/v1/me/sessions`; `isCurrent`: it is the session that asks. */
export type OwnSessionView = SessionView & { readonly isCurrent: boolean };

/** The layouts of the wall that one has made: `GET /api/v1/me/layouts`. */
export interface WallLayoutList {
  readonly layouts: readonly WallLayout[];
}

/** An entry of `GET /api/v1/audit`. */
export type AuditRecordView = AuditRecord;

/** `GET /api/v1/audit/check`. */
export type AuditCheckView = AuditCheck;
