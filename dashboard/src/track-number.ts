/** What people call a track by: `gate-mabc12-3` is the camera's track `3`; an id of another kind as it is. */
export function trackNumber(id: string): string {
  return /\d+$/.exec(id)?.[0] ?? id;
}
