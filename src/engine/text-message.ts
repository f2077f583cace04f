import { PROTOCOL_VERSION, type TextReadMessage } from '../events/index.js';
import type { CameraReading } from './messages.js';

/** What is told of a text. @param id of its track */
export function textMessage(reading: CameraReading, id: string): TextReadMessage {
  const { camera, epoch, ptsMs, capturedAtMs, widthPx, heightPx, label, score, box, model, text, was } =
    reading;
  return {
    v: PROTOCOL_VERSION,
    type: 'text.read',
    camera,
    time: new Date(capturedAtMs).toISOString(),
    epoch,
    ptsMs,
    frame: { width: widthPx, height: heightPx },
    track: { id, label, score, box },
    model,
    text,
    ...(was !== undefined && { was: { value: was } }),
  };
}
