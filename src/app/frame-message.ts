import type { Observation } from '../engine/index.js';
import { PROTOCOL_VERSION, type FrameMessage, type FrameObject } from '../events/index.js';

const tenths = (ms: number) => Math.round(ms * 10) / 10;

/** What everyone is told of one analysed frame. */
export function frameMessage(observation: Observation, objects: readonly FrameObject[]): FrameMessage {
  const { camera, epoch, ptsMs, capturedAtMs, widthPx, heightPx, light, timing } = observation;
  return {
    v: PROTOCOL_VERSION,
    type: 'frame',
    camera,
    time: new Date(capturedAtMs).toISOString(),
    epoch,
    ptsMs,
    frame: { width: widthPx, height: heightPx },
    light,
    objects,
    timing: {
      decodeMs: tenths(timing.decodeMs),
      queueMs: tenths(timing.queueMs),
      inferenceMs: tenths(timing.preprocessMs + timing.inferenceMs + timing.postprocessMs + timing.followMs),
    },
  };
}
