import { useEffect } from 'preact/hooks';
import { may } from '../access/may.js';
import { place } from '../place.js';
import { cameras } from '../state.js';
import {
  openAndSend,
  resumeSending,
  sending,
  sendingFault,
  stopSending,
  type WebcamCamera,
} from './sending.js';
import { webcamTexts as texts } from './webcam-texts.js';
import './webcam.css';

/** On every page: that this device's webcam is sent, or what became of it; and on the page of a camera that waits for one, the way to send it. */
export function WebcamLine() {
  const isKnown = cameras.value !== undefined;
  useEffect(() => {
    if (isKnown) void resumeSending();
  }, [isKnown]);
  const now = sending.value;
  const fault = sendingFault.value;
  const waiting = now === undefined ? waitingHere() : undefined;
  if (now === undefined && fault === undefined && waiting === undefined) return null;
  return (
    <aside class="webcam-line" aria-label={texts.line}>
      <p role="status">
        {now !== undefined
          ? (now.isSending ? texts.sent : texts.lost)(now.camera)
          : fault === undefined && waiting !== undefined && texts.waits(waiting.camera)}
      </p>
      {fault !== undefined && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      {now !== undefined && (
        <button type="button" class="secondary" onClick={stopSending}>
          {texts.stop}
        </button>
      )}
      {waiting !== undefined && (
        <button type="button" class="primary" onClick={() => void openAndSend(waiting)}>
          {texts.send(waiting.camera)}
        </button>
      )}
      {now === undefined && fault !== undefined && (
        <button type="button" class="secondary" onClick={() => (sendingFault.value = undefined)}>
          {texts.close}
        </button>
      )}
    </aside>
  );
}

/** The camera whose page this is, where it waits for a webcam and whoever looks may send one. */
function waitingHere(): WebcamCamera | undefined {
  const { page, id } = place.value;
  if ((page !== 'camera' && page !== 'start') || !may('control')) return undefined;
  const view = cameras.value?.find((camera) => camera.id === id);
  if (view?.state !== 'waiting') return undefined;
  return { camera: view.id, source: view.source };
}
