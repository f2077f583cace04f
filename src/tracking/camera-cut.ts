const OBJECTS_MIN = 3;
const CONTINUED_MAX = 0.2;

/**
 * Whether the camera was turned or the film cut: several objects were in sight, several are, and hardly any is where one was.
 *
 * @param before confirmed objects seen in the picture before, `now` strong detections, and `matched` how many of all were found again
 */
export function isCameraCut(before: number, now: number, matched: number): boolean {
  const least = Math.min(before, now);
  return least >= OBJECTS_MIN && matched < CONTINUED_MAX * least;
}
