/** Pictures older than this are not shown as live. */
const STALE_AFTER_MS = 2000;

/** What is known of the pictures that came; times in ms on one clock. */
export interface Arrivals {
  readonly nowMs: number;
  readonly lastFragmentMs: number;
  /** When a picture last appeared on the screen; pictures do not appear while the page is hidden. */
  readonly lastShownMs: number;
  readonly isHidden: boolean;
}

/** Since when the picture on the screen is not live, ms; undefined while it is. */
export function staleSince({ nowMs, lastFragmentMs, lastShownMs, isHidden }: Arrivals): number | undefined {
  const oldest = isHidden ? lastFragmentMs : Math.min(lastFragmentMs, lastShownMs);
  return nowMs - oldest > STALE_AFTER_MS ? oldest : undefined;
}
