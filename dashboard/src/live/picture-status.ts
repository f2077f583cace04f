/** What the player shows. Times are wall time, ms since 1970. */
export type PlayerStatus =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'playing' }
  | { readonly kind: 'stale'; readonly sinceMs: number }
  /** Pictures come and are shown, but so much later than they could. */
  | { readonly kind: 'late'; readonly sinceMs: number; readonly lateMs: number }
  | { readonly kind: 'unsupported'; readonly mime: string };

/** How still pictures are. Times are wall time, ms since 1970. */
export type StillStatus =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'shown' }
  /** No newer one since then. */
  | { readonly kind: 'stale'; readonly sinceMs: number; readonly reason: string };
