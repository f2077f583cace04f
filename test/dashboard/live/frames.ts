import type { FrameMessage, FrameObject } from '../../../src/server/protocol.js';

/** An object of an analysed frame; all but its track and place is beside the point. */
export function object(track: number, box: FrameObject['box'], label = 'person'): FrameObject {
  return { track, label, score: 0.8, box, state: 'tracked' };
}

/** An analysed frame. */
export function frame(ptsMs: number, objects: readonly FrameObject[] = [], epoch = 1): FrameMessage {
  return {
    v: 1,
    type: 'frame',
    camera: 'gate',
    time: '2026-05-04T09:30:12.480Z',
    epoch,
    ptsMs,
    frame: { width: 640, height: 360 },
    light: { regime: 'day', meanLuma: 0.5, normalised: false },
    timing: { decodeMs: 5, queueMs: 5, inferenceMs: 50 },
    objects,
  };
}
