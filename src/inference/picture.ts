import type * as ort from 'onnxruntime-node';
import { i420Bytes, placeI420 } from '../frames/index.js';
import type { Letterbox, Size } from '../geometry/index.js';
import type { DetectorInput } from '../models/index.js';
import { planeTensors } from './picture-planes.js';

/** A picture that was decoded to be looked at more than once. */
export interface Picture {
  /** Holds the picture alone: I420, BT.601 limited range, even width and height. */
  readonly memory: SharedArrayBuffer;
  readonly frame: Size;
  /** How it is set into the model's input. */
  readonly placed: Letterbox;
}

/** A picture as the inputs of a prepared model, made as detection makes them; the caller's. */
export function feedsOf(
  { memory, frame, placed }: Picture,
  { border }: DetectorInput,
): ort.InferenceSession.OnnxValueMapType {
  const planes = new Uint8Array(i420Bytes(placed.input));
  placeI420(new Uint8Array(memory), frame, placed, border, planes);
  return planeTensors(planes, placed.input);
}
