import { bestType, wordsOfRefusal } from './webcam-support.js';
import { webcamTexts as texts } from './webcam-texts.js';

/** As what this browser records a webcam so that the server can read it; undefined: it cannot. */
export function recordingType(): string | undefined {
  if (typeof MediaRecorder === 'undefined') return undefined;
  return bestType((type) => MediaRecorder.isTypeSupported(type));
}

/** Asks for the webcam: pictures alone, no sound. Throws an error whose message is for people. */
export async function openWebcam(): Promise<MediaStream> {
  // Where the page is not trusted, browsers hide it altogether, whatever its type says.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) throw new Error(texts.insecure(location.origin));
  if (recordingType() === undefined) throw new Error(texts.cannotRecord);
  try {
    return await devices.getUserMedia({
      video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 25, max: 30 } },
    });
  } catch (error) {
    throw new Error(wordsOfRefusal(error), { cause: error });
  }
}

/** Gives the webcam back: its light goes out. */
export function closeWebcam(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
