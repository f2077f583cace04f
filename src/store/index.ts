export type { AccessChange, AuditCheck, SessionRow, TokenRow, UserRow } from './access-table.js';
export type { AuditEntry, AuditRecord } from './audit-chain.js';
export { type Journal } from './journal.js';
export * from './store.js';
export type { TableOf } from './tables.js';
