import { effect, signal } from '@preact/signals';
import { session } from '../access/session.js';
import { socketAddress } from '../server-link.js';
import { cameras, serverLink } from '../state.js';
import { closeWebcam, openWebcam, recordingType } from './webcam-stream.js';
import { WebcamSender } from './webcam-sender.js';
import { webcamTexts as texts } from './webcam-texts.js';

/** The camera that this device's webcam is sent to. */
export interface WebcamCamera {
  readonly camera: string;
  /** As the configuration has it: another camera of the same name is another one. */
  readonly source: string;
}

/** What is sent now, and whether the server takes it; undefined: nothing. */
export const sending = signal<(WebcamCamera & { readonly isSending: boolean }) | undefined>(undefined);

/** Why it is sent no more, or could not be, in words. */
export const sendingFault = signal<string | undefined>(undefined);

/** In this tab: who reloads it goes on sending. */
const KEPT = 'sightline.webcam';

// Where nobody is signed in (any more), nobody goes on.
effect(() => {
  if (session.value !== undefined && session.value.me === undefined) sessionStorage.removeItem(KEPT);
});

let stop: () => void = () => undefined;

/** Sends a webcam that is open, for as long as the tab is, or until it is stopped. The stream is this module's from now on. */
export function sendWebcam(to: WebcamCamera, stream: MediaStream): void {
  stopSending();
  sendingFault.value = undefined;
  const end = (words: string) => {
    stopSending();
    sendingFault.value = words;
  };
  const sender = new WebcamSender({
    address: socketAddress(`/api/v1/cameras/${to.camera}/push`),
    stream,
    type: recordingType() ?? '',
    isWanted: () => isThere(to),
    onSending: (isSending) => (sending.value = { ...to, isSending }),
    onEnded: (why) => end(why === 'taken' ? texts.taken : texts.cameraGone(to.camera)),
  });
  // The page hears of a dead network by its other connection: what is sent into it says nothing for long.
  const unwatch = serverLink.subscribe(({ kind }) => kind === 'lost' && sender.reconnect());
  stop = () => {
    unwatch();
    sender.stop();
    closeWebcam(stream);
  };
  for (const track of stream.getTracks()) track.addEventListener('ended', () => end(texts.unplugged));
  sending.value = { ...to, isSending: false };
  sessionStorage.setItem(KEPT, JSON.stringify({ ...to, user: session.value?.me?.name }));
}

/** Opens the webcam and sends it; what is wrong is told in `sendingFault`. */
export async function openAndSend(to: WebcamCamera): Promise<void> {
  sendingFault.value = undefined;
  try {
    sendWebcam(to, await openWebcam());
  } catch (error) {
    sendingFault.value = error instanceof Error ? error.message : String(error);
  }
}

/** Sends no more, and gives the webcam back. */
export function stopSending(): void {
  stop();
  stop = () => undefined;
  sending.value = undefined;
  sessionStorage.removeItem(KEPT);
}

/** Goes on with what this tab sent before it was loaded anew, if the same user looks at it and the camera is still there. */
export async function resumeSending(): Promise<void> {
  const kept = sessionStorage.getItem(KEPT);
  if (kept === null || sending.value !== undefined) return;
  const { camera, source, user } = JSON.parse(kept) as WebcamCamera & { readonly user?: string };
  const to = { camera, source };
  sessionStorage.removeItem(KEPT);
  if (user === session.value?.me?.name && isThere(to)) await openAndSend(to);
}

function isThere({ camera, source }: WebcamCamera): boolean {
  return cameras.value?.some((view) => view.id === camera && view.source === source) ?? true;
}
