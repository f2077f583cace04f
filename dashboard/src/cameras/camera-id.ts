/** What a camera may be called (`CAMERA_ID` of the configuration). */
const CAMERA_ID = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** Whether a camera may be called so. */
export function isCameraId(id: string): boolean {
  return CAMERA_ID.test(id);
}

/** A name for the camera at an address that no other has: its host's first word where that is one, else `camera-1`, `camera-2`, … */
export function suggestedId(source: string, taken: Iterable<string>): string {
  const names = new Set(taken);
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#:]+)/i.exec(source.trim())?.[1] ?? '';
  const word = host.toLowerCase().split('.')[0] ?? '';
  // Numbers of an address name nothing.
  if (isCameraId(word) && /[a-z]/.test(word) && word !== 'localhost' && !names.has(word)) return word;
  let number = 1;
  while (names.has(`camera-${number}`)) number++;
  return `camera-${number}`;
}
