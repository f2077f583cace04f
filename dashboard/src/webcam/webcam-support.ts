import { webcamTexts as texts } from './webcam-texts.js';

/** H.264 first: the server passes it on as it is, and encodes anything else anew. */
const TYPES = [
  'video/x-matroska;codecs=avc1',
  'video/webm;codecs=h264',
  'video/webm;codecs=vp8',
  'video/webm',
];

/** As what a webcam is recorded so that the server can read it, by what the browser can; undefined: as nothing. */
export function bestType(isSupported: (type: string) => boolean): string | undefined {
  return TYPES.find(isSupported);
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ['NotAllowedError', texts.refused],
  ['SecurityError', texts.refused],
  ['NotFoundError', texts.none],
  ['OverconstrainedError', texts.none],
  ['NotReadableError', texts.busy],
  ['AbortError', texts.busy],
]);

/** Why there is no webcam, by the name of what `getUserMedia` rejects with. */
export function wordsOfRefusal(error: unknown): string {
  const { name = '', message } = error as { readonly name?: string; readonly message?: string };
  return WORDS.get(name) ?? texts.failed(message ?? String(error));
}

/** A name for a webcam that no camera has: `webcam`, `webcam-2`, … */
export function freeName(taken: readonly string[]): string {
  let [name, number] = ['webcam', 1];
  while (taken.includes(name)) name = `webcam-${++number}`;
  return name;
}
