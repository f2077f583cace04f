import type { Track } from './track.js';
import type { TrackerTuning } from './tuning.js';

/** Nothing that is tracked moves faster than this, heights per second. */
const SPEED_MAX = 3;
/** How much surer looks must be to unite two tracks than to match a detection: it takes a number away, and motion says little. */
const MARGIN = 0.2;

/**
 * Finds pairs of tracks that are one object: a younger one of whose looks something new is known, and an older one that was out of sight
 * before the younger appeared, could have got there, and looks the same, and more so than any other. What is known is news no more.
 */
export function sameObjects(
  tracks: readonly Track[],
  timeMs: number,
  tuning: TrackerTuning,
): { readonly older: Track; readonly younger: Track }[] {
  const news = tracks.filter(({ gallery }) => gallery.isNews);
  if (news.length === 0) return [];
  const away = tracks.filter(
    (track) => track.isConfirmed && track.shownMs < timeMs && track.gallery.size > 0,
  );
  const pairs: { older: Track; younger: Track; likeness: number }[] = [];
  for (const younger of news) {
    younger.gallery.isNews = false;
    for (const older of away) {
      if (older.label !== younger.label || older.shownMs >= younger.firstMs || !isReachable(older, younger))
        continue;
      const likeness = older.gallery.likenessTo(younger.gallery) ?? 0;
      if (likeness >= tuning.sameLooks + MARGIN) pairs.push({ older, younger, likeness });
    }
  }
  const used = new Set<Track>();
  return pairs
    .sort((a, b) => b.likeness - a.likeness)
    .filter(({ older, younger }) => {
      if (used.has(older) || used.has(younger)) return false;
      used.add(older).add(younger);
      return true;
    });
}

function isReachable(older: Track, younger: Track): boolean {
  const [ax1, ay1, ax2, ay2] = older.lastBox;
  const [bx1, by1, bx2, by2] = younger.lastBox;
  const distance = Math.hypot((ax1 + ax2 - bx1 - bx2) / 2, (ay1 + ay2 - by1 - by2) / 2);
  const seconds = (younger.seenMs - older.seenMs) / 1000;
  return distance <= Math.max(older.filter.unit, younger.filter.unit) * (1 + SPEED_MAX * seconds);
}
